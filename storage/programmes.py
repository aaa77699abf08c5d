"""Programmes and who takes part in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, bindparam, case, func
from sqlmodel import Session, col, select

from storage import roles
from storage.database import is_id
from storage.looking import Moments, Waits, rows
from storage.models import (
    Duty,
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeGoal,
    ProgrammeState,
    Role,
)
from storage.models.programmes import KEPT_MONTHS as KEPT_MONTHS

BETWEEN_ROUNDS = timedelta(weeks=4)
NAMES = "names"  # in a session: what programmes are called, of those that were read along


def find(session: Session, programme_id: int) -> Programme | None:
    return session.get(Programme, programme_id) if is_id(programme_id) else None


def name_of(session: Session, programme_id: int) -> str:
    """What a programme is called: asked with every question of a conversation."""
    names: dict[int, str] = session.info.get(NAMES, {})
    if programme_id in names:
        return names[programme_id]
    [[name]] = rows(session, _NAME, programme=programme_id)
    return str(name)


_NAME = select(Programme.name).where(Programme.id == bindparam("programme"))


def called(session: Session, organisation_id: int, word: str) -> Programme | None:
    """The programme of an organisation that goes by this short word."""
    own = select(Programme).where(Programme.organisation_id == organisation_id)
    return session.exec(own.where(Programme.slug == word)).first()


def open_to(session: Session, person: Person) -> list[Programme]:
    """The programmes that somebody may join or is in, the newest first."""
    return list(
        session.exec(
            select(Programme)
            .where(
                Programme.organisation_id == person.organisation_id,
                Programme.state != ProgrammeState.ARCHIVED,
            )
            .order_by(col(Programme.id).desc())
        )
    )


def coordinated_by(session: Session, person: Person) -> list[Programme]:
    """The programmes somebody may run, the newest first; an admin runs all."""
    query = select(Programme).where(
        Programme.organisation_id == person.organisation_id,
        Programme.state != ProgrammeState.ARCHIVED,
    )
    if not roles.is_admin(session, person):
        mine = select(Role.programme_id).where(
            Role.person_id == person.id, Role.duty == Duty.COORDINATOR
        )
        query = query.where(col(Programme.id).in_(mine))
    return list(session.exec(query.order_by(col(Programme.id).desc())))


def slug_for(session: Session, organisation_id: int, name: str) -> str:
    """A short word for a programme's name that nobody else in the organisation uses."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_name.casefold()).strip("-")[:40] or "programme"
    taken = set(
        session.exec(select(Programme.slug).where(Programme.organisation_id == organisation_id))
    )
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def goals(session: Session, programme: Programme) -> list[ProgrammeGoal]:
    return list(
        session.exec(
            select(ProgrammeGoal)
            .where(ProgrammeGoal.programme_id == programme.id)
            .order_by(col(ProgrammeGoal.id))
        )
    )


def aim_at(session: Session, programme: Programme, targets: Mapping[str, float]) -> None:
    """These are the figures that the programme wants to reach, and no others."""
    known = {goal.measure: goal for goal in goals(session, programme)}
    for measure, goal in known.items():
        if measure not in targets:
            session.delete(goal)
    for measure, target in targets.items():
        if measure in known:
            known[measure].target = target
        else:
            goal = ProgrammeGoal(programme_id=programme.id, measure=measure, target=target)
            session.add(goal)
    session.flush()


def channel(name: str) -> str:
    """A channel's address from its name, with or without its mark."""
    bare = name.strip().lstrip("#").strip()
    return f"#{bare}" if bare else ""


def participation(session: Session, person: Person, programme: Programme) -> Participant | None:
    """This person's place in this programme, also when they have left it."""
    return session.exec(
        select(Participant).where(
            Participant.programme_id == programme.id, Participant.person_id == person.id
        )
    ).first()


def participations(session: Session, person: Person) -> list[tuple[Participant, Programme]]:
    """Where somebody takes part now."""
    rows = session.exec(_PARTICIPATIONS, params={"person": person.id})
    return [(participant, programme) for participant, programme in rows]


# Made once: building a query takes longer than running it.
_PARTICIPATIONS = (
    select(Participant, Programme)
    .join(Programme, col(Programme.id) == Participant.programme_id)
    .where(
        Participant.person_id == bindparam("person"),
        Participant.state == ParticipantState.ACTIVE,
        Programme.state != ProgrammeState.ARCHIVED,
    )
    .order_by(col(Programme.id))
)


def people_of(
    session: Session, programme: Programme, only: Collection[int] | None = None
) -> list[int]:
    """The person ids of everyone who takes part now, or of those with these participant ids."""
    people = (
        select(Person.id)
        .join(Participant, col(Person.id) == Participant.person_id)
        .where(*taking_part(programme, only))
    )
    return list(session.exec(people))


def taking_part(
    programme: Programme, only: Collection[int] | None = None
) -> tuple[ColumnElement[bool], ...]:
    """Holds for a Participant (one of these) and their Person who take part now."""
    these = () if only is None else (col(Participant.id).in_(only),)
    return (
        *these,
        col(Participant.programme_id) == programme.id,
        col(Participant.state) == ParticipantState.ACTIVE,
        col(Person.active).is_(True),
    )


def count(session: Session, programme: Programme) -> int:
    return session.exec(
        select(func.count(col(Participant.id))).where(
            Participant.programme_id == programme.id,
            Participant.state == ParticipantState.ACTIVE,
        )
    ).one()


def sides(session: Session, programme: Programme) -> tuple[int, int]:
    """How many take part as mentees and how many as mentors."""
    mentees, mentors = (
        func.count(case((col(role).is_(True), 1)))
        for role in (Participant.mentee, Participant.mentor)
    )
    row = session.execute(
        select(mentees, mentors).where(
            Participant.programme_id == programme.id,
            Participant.state == ParticipantState.ACTIVE,
        )
    ).one()
    return row[0], row[1]


def enrol(
    session: Session,
    person: Person,
    programme: Programme,
    *,
    mentor: bool,
    mentee: bool,
    capacity: int,
    rhythm: str,
    now: datetime,
) -> Participant:
    """Take somebody in, or bring what we know of a participant up to date."""
    participant = participation(session, person, programme)
    if participant is None:
        participant = Participant(programme_id=programme.id, person_id=person.id, consented_at=now)
        session.add(participant)
    elif participant.state is ParticipantState.LEFT:
        participant.state = ParticipantState.ACTIVE
        participant.left_at = None
        participant.consented_at = now
    participant.mentor, participant.mentee = mentor, mentee
    participant.capacity, participant.rhythm = capacity, rhythm
    session.flush()
    return participant


def coming_round(planned: date | None, today: date) -> date | None:
    """The planned day of the next round, while it is still to come."""
    return planned if planned and planned > today else None


def plan_round(programme: Programme, today: date) -> date | None:
    """The day of the next round, planned when there was none to come; None near the end."""
    if coming_round(programme.next_round_on, today) is None:
        day = today + BETWEEN_ROUNDS
        programme.next_round_on = day if day + BETWEEN_ROUNDS <= programme.ends_on else None
    return programme.next_round_on


def rounds_due(session: Session, now: datetime) -> list[Programme]:
    """Programmes in which the morning of the announced day of a round has come, kept from other
    processes until this transaction ends."""
    near = session.exec(_ROUNDS_KEPT, params=_tomorrow(now))
    return [p for p in near if p.next_round_on and morning(p.time_zone, p.next_round_on) <= now]


def _tomorrow(now: datetime) -> Moments:
    """The last day that may have begun somewhere."""
    return {"tomorrow": (now + timedelta(days=1)).date()}


# Made once: it runs at every tick of the clock, mostly to find nothing.
_ROUNDS_NEAR = select(Programme).where(
    Programme.state != ProgrammeState.ARCHIVED,
    col(Programme.next_round_on) <= bindparam("tomorrow", type_=Date),
)
_ROUNDS_KEPT = _ROUNDS_NEAR.order_by(col(Programme.id)).with_for_update(
    skip_locked=True, key_share=True
)
ROUND_WAITS = Waits(_ROUNDS_NEAR, at=_tomorrow)


def morning(time_zone: str, day: date) -> datetime:
    """Nine o'clock of a day in a place, as an instant."""
    return at_hour(time_zone, day, time(9))


def at_hour(time_zone: str, day: date, hour: time) -> datetime:
    """An hour of a day in a place, as an instant."""
    return datetime.combine(day, hour, ZoneInfo(time_zone)).astimezone(UTC)


def next_friday(time_zone: str, after: date) -> datetime:
    """The first Friday later than a date, nine o'clock there."""
    return morning(time_zone, after + timedelta(days=(4 - after.weekday() - 1) % 7 + 1))
