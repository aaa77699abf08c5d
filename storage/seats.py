"""Where somebody takes part and with whom, in the few words that everybody who looks is told: read as
rows, since making objects of them takes most of the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, select
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
    Wisher,
)


class Beside(NamedTuple):
    """A partner in a running mentorship, and when whoever looks is next asked how it goes."""

    name: str
    part: Part
    ask_at: datetime | None


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
    wished: bool  # was asked for wishes once: it is worth looking whether they may still say
    beside: Sequence[Beside] = ()


def of(session: Session, person: Person) -> list[Seat]:
    """Where somebody takes part now, with the partners they have there: from the oldest mentorship
    on, mentors first."""
    found = dict[Seat, list[Beside]]()
    for row in rows(session, _SEATS, me=person.id):
        name, part, ask_at, *about = tuple(row)
        partners = found.setdefault(Seat(*about), [])
        if name is not None:
            partners.append(Beside(name, part, ask_at))
    return [seat._replace(beside=partners) for seat, partners in found.items()]


_Mine = aliased(Member)
_SEATS = (
    select(
        col(Person.name),
        col(Member.part),
        col(_Mine.ask_at),
        col(Participant.id),
        col(Programme.id),
        col(Programme.name),
        col(Programme.slug),
        col(Programme.next_round_on),
        col(Participant.mentor),
        col(Participant.mentee),
        col(Participant.priority),
        col(Participant.waiting_since),
        exists().where(col(Wisher.participant_id) == Participant.id),
    )
    .join(Programme, col(Programme.id) == Participant.programme_id)
    .outerjoin(_Mine, col(_Mine.person_id) == Participant.person_id)
    .outerjoin(
        Mentorship,
        (col(Mentorship.id) == _Mine.mentorship_id)
        & (col(Mentorship.programme_id) == Programme.id)
        & (col(Mentorship.state) == MentorshipState.ACTIVE),
    )
    .outerjoin(
        Member,
        (col(Member.mentorship_id) == Mentorship.id)
        & (col(Member.person_id) != Participant.person_id),
    )
    .outerjoin(Person, col(Person.id) == Member.person_id)
    .where(
        col(Participant.person_id) == bindparam("me"),
        col(Participant.state) == ParticipantState.ACTIVE,
        col(Programme.state) != ProgrammeState.ARCHIVED,
    )
    .order_by(col(Programme.id), col(Mentorship.id), col(Member.part).desc(), col(Member.id))
)
