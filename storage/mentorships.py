"""Mentorships and their members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Date, bindparam, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.core.dates import months_before
from storage.looking import Waits, today
from storage.models import (
    Member,
    Mentorship,
    MentorshipState,
    Part,
    Participant,
    Person,
    Programme,
    ProgrammeState,
)

TOGETHER = "together:"  # what the key of a hello to a pair begins with; then its proposal
LEFT_BEHIND = "left-behind:"  # what the key of such a message to a coordinator begins with


@dataclass(frozen=True)
class Mine:
    """A running mentorship seen by one of its members."""

    mentorship: Mentorship
    member: Member
    programme: Programme
    others: tuple[tuple[Member, Person], ...]


def hold(session: Session, people: Collection[int]) -> None:
    """Whoever else asks the partners of these people waits: that both are silent is seen by one."""
    theirs = select(Member.mentorship_id).where(col(Member.person_id).in_(people))
    session.exec(
        select(Mentorship.id)
        .where(col(Mentorship.id).in_(theirs), Mentorship.state == MentorshipState.ACTIVE)
        .order_by(col(Mentorship.id))
        .with_for_update(key_share=True)
    ).all()


def running(session: Session, person: Person, *, held: bool = False) -> list[Mine]:
    """The mentorships somebody is in now, the oldest first; held, nobody else can end them."""
    query = _RUNNING_HELD if held else _RUNNING
    rows = session.exec(query, params={"person": person.id}).all()
    everyone = members(session, [mentorship.id for mentorship, _, _ in rows])
    return [
        Mine(
            mentorship,
            member,
            programme,
            tuple(pair for pair in everyone[mentorship.id] if pair[1].id != person.id),
        )
        for mentorship, member, programme in rows
    ]


# Made once: building a query takes longer than running it.
_RUNNING = (
    select(Mentorship, Member, Programme)
    .join(Member, col(Member.mentorship_id) == Mentorship.id)
    .join(Programme, col(Programme.id) == Mentorship.programme_id)
    .where(Member.person_id == bindparam("person"), Mentorship.state == MentorshipState.ACTIVE)
    .order_by(col(Mentorship.id))
)
_RUNNING_HELD = _RUNNING.with_for_update(of=Mentorship, key_share=True).execution_options(
    populate_existing=True
)


def members(
    session: Session, mentorship_ids: Sequence[int]
) -> dict[int, list[tuple[Member, Person]]]:
    """The members of each mentorship, mentors first."""
    found: dict[int, list[tuple[Member, Person]]] = {id_: [] for id_ in mentorship_ids}
    if found:
        for member, person in session.exec(_MEMBERS, params={"mentorships": list(found)}):
            found[member.mentorship_id].append((member, person))
    return found


_MEMBERS = (
    select(Member, Person)
    .join(Person, col(Person.id) == Member.person_id)
    .where(col(Member.mentorship_id).in_(bindparam("mentorships", expanding=True)))
    .order_by(col(Member.part).desc(), col(Member.id))
)


@dataclass(frozen=True)
class LeftBehind:
    """A running mentorship in which somebody's account was closed, and who is still there."""

    mentorship: Mentorship
    programme: Programme
    gone: tuple[Person, ...]
    left: tuple[Person, ...]


def left_behind(session: Session, now: datetime, limit: int) -> list[LeftBehind]:
    """The running mentorships of which somebody is gone and somebody is there, as far as no
    coordinator heard of it."""
    rows = session.exec(_LEFT_BEHIND, params={**today(now), "most": limit}).all()
    everyone = members(session, [mentorship.id for mentorship, _ in rows])
    return [
        LeftBehind(
            mentorship,
            programme,
            gone=tuple(p for _, p in everyone[mentorship.id] if not p.active),
            left=tuple(p for _, p in everyone[mentorship.id] if p.active),
        )
        for mentorship, programme in rows
    ]


# Made once: it runs at every tick of the clock, mostly to find nothing.
# From the few whose account was closed to their pairs: the others are not looked at.
_OF_CLOSED = (
    select(Member.mentorship_id)
    .join(Person, col(Person.id) == Member.person_id)
    .where(col(Person.active).is_(False))
)
_SOMEBODY_IS_THERE = (
    select(Member.id)
    .join(Person, col(Person.id) == Member.person_id)
    .where(Member.mentorship_id == Mentorship.id, col(Person.active).is_(True))
    .correlate(Mentorship)
    .exists()
)
_LEFT_BEHIND = (
    select(Mentorship, Programme)
    .join(Programme, col(Programme.id) == Mentorship.programme_id)
    .where(
        Mentorship.state == MentorshipState.ACTIVE,
        Programme.state != ProgrammeState.ARCHIVED,
        col(Programme.ends_on) >= bindparam("today", type_=Date),
        col(Mentorship.parting_told_at).is_(None),
        col(Mentorship.id).in_(_OF_CLOSED),
        _SOMEBODY_IS_THERE,
    )
    .order_by(col(Mentorship.id))
    .limit(bindparam("most"))
)
WAITS = Waits(_LEFT_BEHIND, at=today)


def load(session: Session, programme: Programme) -> dict[int, int]:
    """How many running mentorships each mentor has, by participant id."""
    rows = session.exec(
        select(Member.participant_id, func.count(col(Member.id)))
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(
            Mentorship.programme_id == programme.id,
            Mentorship.state == MentorshipState.ACTIVE,
            Member.part == Part.MENTOR,
        )
        .group_by(col(Member.participant_id))
    )
    return {participant: count for participant, count in rows if participant is not None}


def with_mentor(session: Session, programme: Programme) -> set[int]:
    """The participants who have a mentor now."""
    rows = session.exec(
        select(Member.participant_id)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(
            Mentorship.programme_id == programme.id,
            Mentorship.state == MentorshipState.ACTIVE,
            Member.part == Part.MENTEE,
        )
    )
    return {participant for participant in rows if participant is not None}


def mentees_of(session: Session, organisation_id: int) -> dict[int, int]:
    """How many mentees everybody has now in all programmes together, by person id."""
    rows = session.exec(
        select(Member.person_id, func.count(col(Member.id)))
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .join(Programme, col(Programme.id) == Mentorship.programme_id)
        .where(
            Programme.organisation_id == organisation_id, Member.part == Part.MENTOR, _is_running()
        )
        .group_by(col(Member.person_id))
    )
    return {person: count for person, count in rows}


def _is_running() -> ColumnElement[bool]:
    """Holds for a Mentorship that nobody ended, in a Programme that is not over."""
    return (col(Mentorship.state) == MentorshipState.ACTIVE) & (
        col(Programme.state) != ProgrammeState.ARCHIVED
    )


# Made once: a fresh alias works out each of its columns anew.
_mentor, _mentee = aliased(Member), aliased(Member)


def past_pairs(session: Session, programme: Programme, now: datetime) -> frozenset[tuple[int, int]]:
    """(mentor, mentee) person ids of the pairs of this organisation, in any programme, that may not
    be a pair again: those that run, and those that ended too short ago."""
    query = (
        select(_mentor.person_id, _mentee.person_id)
        .join(_mentee, col(_mentee.mentorship_id) == _mentor.mentorship_id)
        .join(Mentorship, col(Mentorship.id) == _mentor.mentorship_id)
        .join(Programme, col(Programme.id) == Mentorship.programme_id)
        .where(
            Programme.organisation_id == programme.organisation_id,
            _mentor.part == Part.MENTOR,
            _mentee.part == Part.MENTEE,
        )
    )
    if programme.repeat_after_months:
        query = query.where(_is_running() | _ended_after(now, programme.repeat_after_months))
    return frozenset((one, other) for one, other in session.exec(query))


def _ended_after(now: datetime, months: int) -> ColumnElement[bool]:
    """Holds for a Mentorship that ended, or whose Programme did, less than so long ago."""
    day = months_before(now.date(), months)
    ended = col(Mentorship.ended_at)
    return (ended > datetime.combine(day, now.timetz())) | (
        ended.is_(None) & (col(Programme.ends_on) > day)
    )


def end(session: Session, mine: Mine, now: datetime) -> None:
    """Stop a mentorship: no more check-ins; who loses a mentor goes first in the next round."""
    mine.mentorship.state, mine.mentorship.ended_at = MentorshipState.ENDED, now
    for member, _ in ((mine.member, None), *mine.others):
        member.ask_at = member.due_on = member.fit_at = None
        if member.part is Part.MENTEE and member.participant_id:
            participant = session.get_one(Participant, member.participant_id)
            participant.priority += 1
            participant.waiting_since = participant.waiting_since or now
    session.flush()
