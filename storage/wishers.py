"""Who is asked whom they wish: with whom to choose from, once, in their own hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from bot.cards.wishings import Count
from bot.core.rhythm import ASKING_HOUR
from bot.core.working_time import next_open
from bot.matching import Contribution, Pair, Profile, reasons
from storage import contributions, mentorships, people, trials, wishings
from storage.looking import Seldom
from storage.models import (
    Part,
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeState,
    Suggestion,
    Wisher,
    Wishing,
    WishingState,
)

MOST_SHOWN = 5


class Candidate(NamedTuple):
    """Somebody whom a participant is shown, and why."""

    other: int  # participant id
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class Asked:
    """Somebody's place in the wishing of a programme."""

    wisher: Wisher
    wishing: Wishing
    programme: Programme
    participant: Participant


def who_wish(profiles: Sequence[Profile]) -> tuple[set[int], set[int]]:
    """Who looks for a mentor, and who offers to be one and has a place left: participant ids."""
    here = [p for p in profiles if not (p.paused or p.guest or p.bot)]
    seeking = {p.id for p in here if p.mentee}
    return seeking, {p.id for p in here if p.mentor and p.capacity > 0}


def shown(
    profiles: Sequence[Profile], pairs: Mapping[int, Sequence[Pair]], *, mentors_too: bool
) -> dict[int, tuple[Part, tuple[Candidate, ...]]]:
    """Who is asked, as what, and whom they are shown: every mentee who looks for a mentor, and where
    mentors are asked too, those with a mentee to be shown, who look for no mentor themselves."""
    seeking, offering = who_wish(profiles)
    asked = {
        id_: (
            Part.MENTEE,
            tuple(Candidate(p.mentor, p.score, p.contributions) for p in pairs.get(id_, ())),
        )
        for id_ in sorted(seeking)
    }
    if not mentors_too:
        return asked
    of_mentor: dict[int, list[Candidate]] = {}
    for mine in pairs.values():
        for pair in mine:
            of_mentor.setdefault(pair.mentor, []).append(
                Candidate(pair.mentee, pair.score, pair.contributions)
            )
    for id_ in sorted((of_mentor.keys() & offering) - seeking):
        best = sorted(of_mentor[id_], key=lambda c: (-c.score, c.other))
        asked[id_] = (Part.MENTOR, tuple(best[:MOST_SHOWN]))
    return asked


def ask(
    session: Session,
    wishing_id: int,
    asked: Mapping[int, tuple[Part, Sequence[Candidate]]],
    now: datetime,
) -> None:
    """Some people will be asked, each once: who was before, or left meanwhile, is passed over."""
    wishing = wishings.held(session, wishing_id)
    if wishing is None or wishing.state is not WishingState.OPENING:
        return
    everyone = {*asked, *(c.other for _, found in asked.values() for c in found)}
    there = _there(session, everyone)
    known = set(
        session.exec(
            select(Wisher.participant_id).where(
                Wisher.wishing_id == wishing_id, col(Wisher.participant_id).in_(set(asked))
            )
        )
    )
    for id_, (part, candidates) in asked.items():
        if id_ in there and id_ not in known:
            ask_at = _asking_time(there[id_], now)
            session.add(Wisher(wishing_id=wishing_id, participant_id=id_, part=part, ask_at=ask_at))
            _suggest(session, wishing_id, id_, [c for c in candidates if c.other in there])
    session.flush()


def _suggest(
    session: Session, wishing_id: int, participant_id: int, candidates: Sequence[Candidate]
) -> None:
    for place, one in enumerate(candidates):
        session.add(
            Suggestion(
                wishing_id=wishing_id,
                participant_id=participant_id,
                other_id=one.other,
                place=place,
                # What is shown of it; everything would be a hundred megabytes for ten thousand.
                contributions=contributions.written(reasons(one.contributions)),
            )
        )


def _there(session: Session, ids: set[int]) -> dict[int, Person]:
    rows = session.exec(
        select(Participant.id, Person)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(
            col(Participant.id).in_(ids),
            Participant.state == ParticipantState.ACTIVE,
            Person.active,
        )
    )
    return {id_: person for id_, person in rows}


def _asking_time(person: Person, now: datetime) -> datetime | None:
    """In working hours. A pause is left out: it may end early, and the nudges look at it."""
    hours = replace(people.working_time(person), away=())
    return next_open(hours, now, not_before=ASKING_HOUR) or next_open(hours, now)


def count(session: Session, wishing: Wishing, programme: Programme, now: datetime) -> Count:
    """How a wishing is going, in figures that name nobody."""
    asked, answered = _counts(session, wishing)
    talks, words = trials.counts(session, programme) if wishing.trial_talks else (0, 0)
    return Count(
        wishing=wishing.id,
        programme_id=programme.id,
        programme=programme.name,
        slug=programme.slug,
        open=wishings.is_open(wishing, now),
        closes_at=wishing.closes_at,
        zone=programme.time_zone,
        asked=asked,
        answered=answered,
        talks=talks,
        words=words,
    )


def _counts(session: Session, wishing: Wishing) -> tuple[int, int]:
    """How many people are asked, and how many of them have answered."""
    asked, answered = session.exec(
        select(func.count(col(Wisher.id)), func.count(col(Wisher.answered_at)))
        .join(Participant, col(Participant.id) == Wisher.participant_id)
        .where(Wisher.wishing_id == wishing.id, Participant.state == ParticipantState.ACTIVE)
    ).one()
    return asked, answered


def due(session: Session, person: Person, now: datetime) -> list[Asked]:
    """What this person is to be asked now; what is over is asked no more."""
    found = []
    for one in _of_person(session, person):
        if one.wisher.ask_at and one.wisher.ask_at <= now:
            one.wisher.ask_at = None
            active = one.participant.state is ParticipantState.ACTIVE
            if active and wishings.is_open(one.wishing, now):
                one.wisher.asked_at = now
                found.append(one)
    return found


def still_open(session: Session, person: Person, now: datetime) -> list[Asked]:
    """What somebody was asked and has not answered."""
    return [
        one
        for one in _of_person(session, person)
        if one.wisher.asked_at
        and not one.wisher.answered_at
        and one.participant.state is ParticipantState.ACTIVE
        and wishings.is_open(one.wishing, now)
    ]


def open_to(session: Session, person: Person, now: datetime) -> dict[int, datetime]:
    """Until when somebody may say whom they wish, by programme: answered before or not."""
    return {
        one.programme.id: one.wishing.closes_at
        for one in _of_person(session, person)
        if wishings.is_open(one.wishing, now)
    }


def _of_person(session: Session, person: Person) -> list[Asked]:
    return [Asked(*row) for row in _OF_PERSON.found(session, person=person.id)]


_OF_PERSON = Seldom(
    select(Wisher, Wishing, Programme, Participant)
    .join(Wishing, col(Wishing.id) == Wisher.wishing_id)
    .join(Programme, col(Programme.id) == Wishing.programme_id)
    .join(Participant, col(Participant.id) == Wisher.participant_id)
    .where(
        Participant.person_id == bindparam("person"),
        Wishing.state != WishingState.CLOSED,
        Programme.state != ProgrammeState.ARCHIVED,
    )
    .order_by(col(Wisher.id))
)


def wisher(session: Session, wishing: Wishing, participant: Participant) -> Wisher | None:
    return session.exec(
        select(Wisher).where(
            Wisher.wishing_id == wishing.id, Wisher.participant_id == participant.id
        )
    ).first()


def meet(session: Session, wishing: Wishing, participant: Participant, now: datetime) -> None:
    """Somebody who joined or came back after the others were asked may wish as well."""
    if wishing.state is not WishingState.OPEN or wisher(session, wishing, participant):
        return
    programme = session.get_one(Programme, wishing.programme_id)
    seeks = participant.mentee and participant.id not in mentorships.with_mentor(session, programme)
    if seeks or (participant.mentor and wishing.mentors_too):
        part = Part.MENTEE if seeks else Part.MENTOR
        session.add(
            Wisher(wishing_id=wishing.id, participant_id=participant.id, part=part, asked_at=now)
        )
        session.flush()
