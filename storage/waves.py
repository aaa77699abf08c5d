"""Survey waves as time moves them: which are due, and opening them. `storage.freezing` closes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func
from sqlmodel import Session, col, select

from bot.core.insights import LEAST_K
from bot.core.rhythm import ASKING_HOUR
from bot.core.working_time import next_open
from storage import people, surveys
from storage.looking import Waits
from storage.models import (
    Invite,
    Member,
    Mentorship,
    MentorshipState,
    Moment,
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeState,
    Wave,
    WaveState,
)
from storage.models.base import Utc


def due_to_open(session: Session, now: datetime, limit: int) -> list[tuple[Wave, Programme]]:
    """Waves whose day has come, kept from other processes until this transaction ends."""
    rows = session.exec(_TO_OPEN, params={"now": now, "most": limit})
    return [(wave, programme) for wave, programme in rows]


def due_to_close(session: Session, now: datetime, limit: int) -> list[tuple[Wave, Programme]]:
    """Open waves whose time is over, kept from other processes until this transaction ends."""
    rows = session.exec(_TO_CLOSE, params={"now": now, "most": limit})
    return [(wave, programme) for wave, programme in rows]


# Made once: they run at every tick of the clock, mostly to find nothing.
_NOW = bindparam("now", type_=Utc)
_PLANNED = and_(col(Wave.state) == WaveState.PLANNED, col(Wave.opens_at) <= _NOW)
_OVER = and_(col(Wave.state) == WaveState.OPEN, col(Wave.closes_at) <= _NOW)
WAITS = Waits(select(Wave).where(_PLANNED | _OVER))
_CLAIMED = (
    select(Wave, Programme)
    .join(Programme, col(Programme.id) == Wave.programme_id)
    .order_by(col(Wave.opens_at), col(Wave.id))
    .limit(bindparam("most"))
    .with_for_update(of=Wave, skip_locked=True)
    .execution_options(populate_existing=True)
)
_TO_OPEN, _TO_CLOSE = _CLAIMED.where(_PLANNED), _CLAIMED.where(_OVER)


# --- opening ---


def bring_open(
    session: Session, wave: Wave, programme: Programme, now: datetime, batch: int
) -> int:
    """One step with a wave that is due: skip it, wait for pairs to settle, or invite some people;
    with the last of them invited it is open. How many were invited, at least 1 for any step."""
    today = now.astimezone(ZoneInfo(programme.time_zone)).date()
    ready = _ready_on(session, wave, programme)
    if _overtaken(session, wave, programme, now) or (not ready and today > programme.ends_on):
        wave.state = WaveState.CLOSED
        return 1
    if not ready or today < ready:
        wave.opens_at, wave.closes_at = surveys.hours(programme, ready or today + timedelta(days=1))
        return 1
    invited = _invite(session, wave, programme, now, batch)
    if invited < batch:
        wave.state = WaveState.OPEN
        wave.closes_at = surveys.hours(programme, today)[1]
        # Told on every card, so a later change of the programme cannot lower it.
        wave.figures = {"at_least": max(LEAST_K, programme.smallest_group)}
    session.flush()
    return max(1, invited)


def _overtaken(session: Session, wave: Wave, programme: Programme, now: datetime) -> bool:
    """Archived, or after a long silence: the next wave is near and would ask the same twice."""
    following = select(Wave.id).where(
        Wave.programme_id == programme.id,
        Wave.opens_at > wave.opens_at,
        Wave.opens_at <= now + surveys.OPEN_FOR,
    )
    archived = programme.state is ProgrammeState.ARCHIVED
    return archived or session.exec(following).first() is not None


def _ready_on(session: Session, wave: Wave, programme: Programme) -> date | None:
    """The first day on which somebody has something to tell; None while nobody is in a pair."""
    started: date | None = session.exec(
        select(func.min(Mentorship.started_on)).where(
            Mentorship.programme_id == programme.id, Mentorship.state == MentorshipState.ACTIVE
        )
    ).one()
    if started is None:
        return None
    return started + surveys.SETTLING if wave.moment is Moment.START else started


def _invite(session: Session, wave: Wave, programme: Programme, now: datetime, batch: int) -> int:
    """Invite the next people who take part and are in a running pair; how many."""
    paired = (
        select(Member.person_id)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(Mentorship.programme_id == programme.id, Mentorship.state == MentorshipState.ACTIVE)
    )
    invited = select(Invite.person_id).where(Invite.wave_id == wave.id)
    found = session.exec(
        select(Person)
        .join(Participant, col(Participant.person_id) == Person.id)
        .where(
            Participant.programme_id == programme.id,
            Participant.state == ParticipantState.ACTIVE,
            Person.active,
            col(Person.id).in_(paired),
            col(Person.id).not_in(invited),
        )
        .order_by(col(Person.id))
        .limit(batch)
    ).all()
    for person in found:
        ask_at = _asking_time(person, now)
        session.add(Invite(wave_id=wave.id, person_id=person.id, ask_at=ask_at))
    return len(found)


def _asking_time(person: Person, now: datetime) -> datetime | None:
    """In working hours. A pause is left out: it may end early, and `people_due` looks at it."""
    hours = replace(people.working_time(person), away=())
    return next_open(hours, now, not_before=ASKING_HOUR) or next_open(hours, now)
