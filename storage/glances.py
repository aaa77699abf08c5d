"""How programmes stand, for the page of who runs them: one query each for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from bot.cards.home import Glance
from bot.core.insights import Figure
from storage import attention, freezing
from storage.figures import MONTH, usefulness
from storage.models import (
    CheckIn,
    CheckInAnswer,
    Member,
    Mentorship,
    MentorshipState,
    Participant,
    ParticipantState,
    Person,
    Programme,
    Wave,
    WaveState,
)


def glances(session: Session, programmes: Sequence[Programme], today: date) -> list[Glance]:
    """The same figures as the digest has, however many programmes there are."""
    ids = [programme.id for programme in programmes]
    people, pairs = _people(session, ids), _pairs(session, ids)
    missed = _unreached(session, ids)
    met, surveys = _met(session, ids, today), _surveys(session, programmes)
    found = []
    for programme in programmes:
        joined, mentors, mentees, waiting = people.get(programme.id, (0,) * 4)
        running, stuck = pairs.get(programme.id, (0, 0))
        asked, meeting = met.get(programme.id, (0, 0))
        found.append(
            Glance(
                programme=programme.name,
                slug=programme.slug,
                joined=joined,
                mentors=mentors,
                mentees=mentees,
                pairs=running,
                waiting=waiting,
                met=meeting / asked if asked else None,
                surveyed=programme.id in surveys,
                useful=surveys.get(programme.id),
                stuck=stuck,
                unreached=missed.get(programme.id, 0),
            )
        )
    return found


def _people(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Who takes part, as mentor, as mentee, and without a pair."""
    paired = (
        select(Member.participant_id)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(
            col(Mentorship.programme_id).in_(ids),
            Mentorship.state == MentorshipState.ACTIVE,
            col(Member.participant_id).is_not(None),
        )
    )
    rows: Any = session.execute(
        select(  # type: ignore[call-overload]
            Participant.programme_id,
            func.count(),
            _how_many(col(Participant.mentor)),
            _how_many(col(Participant.mentee)),
            _how_many(col(Participant.id).not_in(paired)),
        )
        .join(Person, col(Person.id) == Participant.person_id)
        .where(
            col(Participant.programme_id).in_(ids),
            Participant.state == ParticipantState.ACTIVE,
            col(Person.active).is_(True),
        )
        .group_by(Participant.programme_id)
    )
    return {id_: tuple(counts) for id_, *counts in rows}


def _unreached(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many people nothing reaches, those who are gone and left a partner among them."""
    rows: Any = session.execute(
        select(col(Participant.programme_id), func.count())
        .join(Person, col(Person.id) == Participant.person_id)
        .where(col(Participant.programme_id).in_(ids), attention.needs_somebody())
        .group_by(col(Participant.programme_id))
    )
    return {id_: count for id_, count in rows}


def _how_many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _pairs(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many pairs there are, and how many of them are stuck."""
    rows: Any = session.execute(
        select(
            col(Mentorship.programme_id),
            func.count(),
            _how_many(col(Mentorship.stuck_since).is_not(None)),
        )
        .where(col(Mentorship.programme_id).in_(ids), Mentorship.state == MentorshipState.ACTIVE)
        .group_by(col(Mentorship.programme_id))
    )
    return {id_: (pairs, stuck) for id_, pairs, stuck in rows}


def _met(session: Session, ids: Sequence[int], today: date) -> dict[int, tuple[int, int]]:
    """How many pairs were asked in the past four weeks, and how many of them met."""
    meeting = case((col(CheckIn.answer) == CheckInAnswer.MET, col(CheckIn.mentorship_id)))
    rows: Any = session.execute(
        select(
            col(Mentorship.programme_id),
            func.count(col(CheckIn.mentorship_id).distinct()),
            func.count(meeting.distinct()),
        )
        .join(Mentorship, col(Mentorship.id) == CheckIn.mentorship_id)
        .where(
            col(Mentorship.programme_id).in_(ids),
            CheckIn.due_on > today - MONTH,
            CheckIn.due_on <= today,
        )
        .group_by(col(Mentorship.programme_id))
    )
    return {id_: (asked, met) for id_, asked, met in rows}


def _surveys(session: Session, programmes: Sequence[Programme]) -> dict[int, Figure | None]:
    """What the last survey of each programme said; None where that may not be shown."""
    by_id = {programme.id: programme for programme in programmes}
    held = session.exec(
        select(Wave)
        .where(col(Wave.programme_id).in_(list(by_id)), Wave.state == WaveState.CLOSED)
        .order_by(col(Wave.closes_at))
    )
    found: dict[int, Figure | None] = {}
    for wave in held:
        results = freezing.results(by_id[wave.programme_id], wave)
        if results and results.invited:
            found[wave.programme_id] = usefulness(results)
    return found
