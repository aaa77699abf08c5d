"""Where somebody takes part and with whom, in the few words that everybody who looks is told: read as
rows, since making objects of them takes most of the time."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.looking import rows
from storage.models import (
    Member,
    Mentorship,
    MentorshipState,
    Part,
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeState,
)


class Seat(NamedTuple):
    """What somebody takes part in now."""

    participant: int
    programme: int
    name: str  # of the programme
    slug: str
    next_round_on: date | None
    mentor: bool
    mentee: bool
    priority: int
    waiting_since: datetime | None


class Beside(NamedTuple):
    """A partner in a running mentorship, and when its owner is next asked how it goes."""

    programme: int
    name: str
    part: Part
    ask_at: datetime | None


def of(session: Session, person: Person) -> list[Seat]:
    """Where somebody takes part now."""
    return [Seat._make(row) for row in rows(session, _SEATS, me=person.id)]


def beside(session: Session, person: Person) -> list[Beside]:
    """The partners that somebody has now, from the oldest mentorship on, mentors first."""
    return [Beside._make(row) for row in rows(session, _BESIDE, me=person.id)]


_SEATS = (
    select(
        col(Participant.id),
        col(Programme.id),
        col(Programme.name),
        col(Programme.slug),
        col(Programme.next_round_on),
        col(Participant.mentor),
        col(Participant.mentee),
        col(Participant.priority),
        col(Participant.waiting_since),
    )
    .join(Programme, col(Programme.id) == Participant.programme_id)
    .where(
        col(Participant.person_id) == bindparam("me"),
        col(Participant.state) == ParticipantState.ACTIVE,
        col(Programme.state) != ProgrammeState.ARCHIVED,
    )
    .order_by(col(Programme.id))
)
_Mine = aliased(Member)
_BESIDE = (
    select(col(Mentorship.programme_id), col(Person.name), col(Member.part), col(_Mine.ask_at))
    .join(_Mine, col(_Mine.mentorship_id) == Mentorship.id)
    .join(Member, col(Member.mentorship_id) == Mentorship.id)
    .join(Person, col(Person.id) == Member.person_id)
    .where(
        col(_Mine.person_id) == bindparam("me"),
        col(Member.person_id) != bindparam("me"),
        col(Mentorship.state) == MentorshipState.ACTIVE,
    )
    .order_by(col(Mentorship.id), col(Member.part).desc(), col(Member.id))
)
