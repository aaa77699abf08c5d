"""The waiting list: who looks for a mentor, since when, and who goes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Date, bindparam
from sqlmodel import Session, col, func, select

from storage import mentorships, people, programmes
from storage.looking import Waits, today
from storage.models import (
    Delivery,
    Member,
    Mentorship,
    MentorshipState,
    Part,
    Participant,
    Person,
    Programme,
    ProgrammeState,
    Round,
    RoundState,
)

LATECOMERS = "latecomers:"  # what the key of such a message begins with; then programme and newest


@dataclass(frozen=True)
class Waiter:
    """Somebody who looks for a mentor."""

    participant: Participant
    person: Person

    @property
    def since(self) -> datetime:
        return self.participant.waiting_since or self.participant.consented_at


def _seeks(programme: Programme, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Holds for a Participant and their Person: an active mentee without a mentor."""
    mentored = (
        select(Member.id)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(
            Member.participant_id == Participant.id,
            Member.part == Part.MENTEE,
            Mentorship.state == MentorshipState.ACTIVE,
        )
        .correlate(Participant)
        .exists()
    )
    return (
        *programmes.taking_part(programme),
        col(Participant.mentee).is_(True),
        people.eligible(),
        people.not_paused(now),
        ~mentored,
    )


_ORDER = (
    col(Participant.priority).desc(),
    func.coalesce(Participant.waiting_since, Participant.consented_at),
    col(Participant.id),
)


def first(session: Session, programme: Programme, now: datetime, most: int) -> list[Waiter]:
    """Who goes first, so many of them: who waited most rounds, then since the longest."""
    rows = session.exec(
        select(Participant, Person)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*_seeks(programme, now))
        .order_by(*_ORDER)
        .limit(most)
    )
    return [Waiter(participant, person) for participant, person in rows]


def count(session: Session, programme: Programme, now: datetime) -> int:
    return session.exec(
        select(func.count(col(Participant.id)))
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*_seeks(programme, now))
    ).one()


def place_of(
    session: Session, programme: Programme, participant_id: int, now: datetime
) -> int | None:
    """The place on the list, 1 is first; None for who is not on it."""
    ids = session.exec(
        select(Participant.id)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*_seeks(programme, now))
        .order_by(*_ORDER)
    ).all()
    return ids.index(participant_id) + 1 if participant_id in ids else None


def free_places(session: Session, programme: Programme) -> int:
    """How many mentees the mentors of a programme could still take."""
    places = session.exec(
        select(Participant.id, Participant.capacity)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*programmes.taking_part(programme), col(Participant.mentor).is_(True))
    )
    load = mentorships.load(session, programme)
    return sum(max(0, capacity - load.get(id_, 0)) for id_, capacity in places)


def newcomers(session: Session, programme: Programme, now: datetime) -> list[Waiter]:
    """Who looks for a mentor and joined since the last round was worked out."""
    last = session.exec(
        select(func.max(Round.computed_at)).where(
            Round.programme_id == programme.id, Round.state == RoundState.ANNOUNCED
        )
    ).one()
    if last is None:
        return []
    rows = session.exec(
        select(Participant, Person)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*_seeks(programme, now), col(Participant.consented_at) > last)
        .order_by(col(Participant.id))
    )
    return [Waiter(participant, person) for participant, person in rows]


# Made once: it runs at every tick of the clock, mostly to find nothing.
_WORKED_OUT = (
    select(func.max(Round.computed_at))
    .where(Round.programme_id == Programme.id, Round.state == RoundState.ANNOUNCED)
    .correlate(Programme)
    .scalar_subquery()
)
_JOINED_SINCE = select(Programme).where(
    Programme.state == ProgrammeState.RUNNING,
    col(Programme.ends_on) >= bindparam("today", type_=Date),
    select(Participant.id)
    .where(
        Participant.programme_id == Programme.id,
        col(Participant.mentee).is_(True),
        col(Participant.consented_at) > _WORKED_OUT,
    )
    .correlate(Programme)
    .exists(),
)
WAITS = Waits(_JOINED_SINCE, at=today)
_KEPT = _JOINED_SINCE.order_by(col(Programme.id)).with_for_update(skip_locked=True, key_share=True)


def joined_since(session: Session, now: datetime) -> list[Programme]:
    """The programmes under way that somebody joined as a mentee since their last round, kept from
    other processes until this transaction ends."""
    return list(session.exec(_KEPT, params=today(now)))


def last_told(session: Session, programme: Programme) -> datetime | None:
    """When the coordinators were last told of newcomers."""
    return session.exec(
        select(func.max(Delivery.due_at)).where(
            col(Delivery.key).startswith(f"{LATECOMERS}{programme.id}:", autoescape=True)
        )
    ).one()
