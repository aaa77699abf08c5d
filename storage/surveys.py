"""Pulse surveys as people meet them: planned, asked, answered. `storage.waves` opens and closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, update
from sqlmodel import Session, col, select

from bot.cards import surveys as cards
from bot.content import Content
from bot.core.answers import Problem
from bot.core.messages import Message
from bot.core.questions import Values
from bot.texts import translator
from storage import people, roles
from storage.looking import Waits
from storage.models import (
    Invite,
    InviteState,
    Member,
    Mentorship,
    Moment,
    Part,
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeState,
    SurveyAnswer,
    Wave,
    WaveState,
)
from storage.models.base import Utc

SETTLING = timedelta(weeks=2)  # before a pair can say how it goes
APART = timedelta(weeks=2)  # the least between the openings of two waves
OPEN_FOR = timedelta(days=10)
OPENS, CLOSES = time(8), time(18)  # in the programme's time zone
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Invited:
    """Somebody's invitation, and what it is for."""

    invite: Invite
    wave: Wave
    programme: Programme


def moments(starts_on: date, ends_on: date) -> dict[Moment, date]:
    """The days on which waves open: three, or fewer where a short programme has no room."""
    last = max(starts_on, ends_on - SETTLING)
    half_way = starts_on + (ends_on - starts_on) / 2
    found: dict[Moment, date] = {}
    for moment, day in ((Moment.START, starts_on + SETTLING), (Moment.MIDDLE, half_way)):
        if last - day >= APART and all(day - other >= APART for other in found.values()):
            found[moment] = day
    return {**found, Moment.END: last}


def plan_waves(session: Session, programme: Programme) -> None:
    """Give a programme its waves; once, however often this is called."""
    if session.exec(select(Wave.id).where(Wave.programme_id == programme.id)).first():
        return
    for moment, day in moments(programme.starts_on, programme.ends_on).items():
        opens_at, closes_at = hours(programme, day)
        session.add(
            Wave(programme_id=programme.id, moment=moment, opens_at=opens_at, closes_at=closes_at)
        )
    session.flush()


def replan_waves(session: Session, programme: Programme, now: datetime) -> None:
    """The programme has other dates: what is not due yet moves along, what was held stays."""
    today = now.astimezone(ZoneInfo(programme.time_zone)).date()
    days = moments(programme.starts_on, programme.ends_on)
    days[Moment.END] = max(days[Moment.END], today + timedelta(days=1))
    for wave in session.exec(select(Wave).where(Wave.programme_id == programme.id)):
        day = days.pop(wave.moment, None)
        if wave.state is not WaveState.PLANNED or wave.opens_at <= now:
            continue
        if day is None:
            session.delete(wave)
        elif day > today:  # else it waits for a first pair
            wave.opens_at, wave.closes_at = hours(programme, day)
    for moment, day in days.items():
        if day > today:
            opens_at, closes_at = hours(programme, day)
            fresh = Wave(
                programme_id=programme.id, moment=moment, opens_at=opens_at, closes_at=closes_at
            )
            session.add(fresh)
    session.flush()


def is_one_open(session: Session, programme: Programme) -> bool:
    """Whether people are being asked now, and were told how many answers a figure needs."""
    being_asked = select(Wave.id).where(
        Wave.programme_id == programme.id, Wave.state == WaveState.OPEN
    )
    return session.exec(being_asked).first() is not None


def hours(programme: Programme, day: date) -> tuple[datetime, datetime]:
    """When a wave of this day opens and closes."""
    zone = ZoneInfo(programme.time_zone)
    return datetime.combine(day, OPENS, zone), datetime.combine(day + OPEN_FOR, CLOSES, zone)


# --- asking ---


def people_due(session: Session, now: datetime, limit: int) -> list[int]:
    """Whom to ask now, those who wait longest first. Whoever is paused is left out until back."""
    return list(session.exec(_PEOPLE_DUE, params={"now": now, "most": limit}))


def due(session: Session, person: Person, now: datetime) -> list[Invited]:
    """This person's invitations that are due, kept from other processes."""
    rows = session.exec(_DUE, params={"now": now, "person": person.id})
    return [Invited(*row) for row in rows]


# Made once: the clock asks at every tick, mostly to find nothing. `_TO_BE_ASKED` holds for an
# invitation, and for all it hangs on, when somebody is to be asked now.
_NOW = bindparam("now", type_=Utc)
_TO_BE_ASKED = (
    col(Invite.state) == InviteState.WAITING,
    col(Invite.ask_at) <= _NOW,
    col(Wave.state) == WaveState.OPEN,
    col(Wave.closes_at) > _NOW,
    col(Programme.state) != ProgrammeState.ARCHIVED,
    col(Participant.programme_id) == col(Programme.id),
    col(Participant.state) == ParticipantState.ACTIVE,
    col(Person.active).is_(True),
    people.not_paused(_NOW),
)
_WAITING = (
    select(Invite.person_id)
    .join(Wave, col(Wave.id) == Invite.wave_id)
    .join(Programme, col(Programme.id) == Wave.programme_id)
    .join(Person, col(Person.id) == Invite.person_id)
    .join(Participant, col(Participant.person_id) == Person.id)
    .where(*_TO_BE_ASKED)
)
WAITS = Waits(_WAITING)
_PEOPLE_DUE = (
    _WAITING.group_by(col(Invite.person_id))
    .order_by(func.min(Invite.ask_at), col(Invite.person_id))
    .limit(bindparam("most"))
)
_DUE = (
    select(Invite, Wave, Programme)
    .join(Wave, col(Wave.id) == Invite.wave_id)
    .join(Programme, col(Programme.id) == Wave.programme_id)
    .join(Person, col(Person.id) == Invite.person_id)
    .join(Participant, col(Participant.person_id) == Person.id)
    .where(Invite.person_id == bindparam("person"), *_TO_BE_ASKED)
    .order_by(col(Invite.id))
    .with_for_update(of=Invite, skip_locked=True)
)


def postpone(session: Session, person_id: int, until: datetime | None) -> None:
    """Not before `until` (None: not at all) for whatever this person still has to be asked."""
    query = update(Invite).where(
        col(Invite.person_id) == person_id, col(Invite.state) == InviteState.WAITING
    )
    if until is not None:
        query = query.where(col(Invite.ask_at) < until)
    session.execute(query.values(ask_at=until))


# --- answering ---


def mine(session: Session, person: Person, invite_id: int) -> Invited | None:
    """This person's invitation by its id; its wave cannot close before this transaction ends."""
    if not 0 < invite_id <= _LARGEST_ID:
        return None
    row = session.exec(
        select(Invite, Wave, Programme)
        .join(Wave, col(Wave.id) == Invite.wave_id)
        .join(Programme, col(Programme.id) == Wave.programme_id)
        .where(Invite.id == invite_id, Invite.person_id == person.id)
        .with_for_update(of=Wave, read=True)
        .execution_options(populate_existing=True)
    ).first()
    return Invited(*row) if row else None


def is_open(wave: Wave, now: datetime) -> bool:
    return wave.state is WaveState.OPEN and now < wave.closes_at


def answer(session: Session, invited: Invited, answers: Mapping[str, Values]) -> None:
    """Store the answers, and apart from them that somebody answered."""
    invite, wave = invited.invite, invited.wave
    part = _part(session, invite.person_id, wave.programme_id)
    invite.state, invite.ask_at = InviteState.ANSWERED, None
    for question, values in answers.items():
        session.add(
            SurveyAnswer(
                wave_id=wave.id,
                question=question,
                part=part,
                value="\n".join(values),
                person_id=None if wave.anonymous else invite.person_id,
            )
        )
    session.flush()


def _part(session: Session, person_id: int, programme_id: int) -> Part:
    """Who is both counts as a mentee."""
    parts = session.exec(
        select(Member.part)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(Member.person_id == person_id, Mentorship.programme_id == programme_id)
    ).all()
    return Part.MENTEE if Part.MENTEE in parts else Part.MENTOR


# --- cards ---


def open_cards(
    session: Session,
    person: Person,
    now: datetime,
    content: Content,
    fields: Mapping[str, Values] | None = None,
    problems: Mapping[str, Problem] | None = None,
) -> list[Message]:
    """What this person was asked and can still answer, filled in as far as they got."""
    rows = session.exec(
        select(Invite, Wave, Programme)
        .join(Wave, col(Wave.id) == Invite.wave_id)
        .join(Programme, col(Programme.id) == Wave.programme_id)
        .where(
            Invite.person_id == person.id,
            Invite.state == InviteState.ASKED,
            Wave.state == WaveState.OPEN,
            Wave.closes_at > now,
        )
        .order_by(col(Invite.id))
    )
    return [card(session, person, Invited(*row), content, fields, problems) for row in rows]


def card(
    session: Session,
    person: Person,
    invited: Invited,
    content: Content,
    fields: Mapping[str, Values] | None = None,
    problems: Mapping[str, Problem] | None = None,
) -> Message:
    """One survey in this person's language."""
    wave, programme = invited.wave, invited.programme
    readers: Sequence[Person] = () if wave.anonymous else roles.coordinators(session, programme)
    pulse = cards.Pulse(
        invite=invited.invite.id,
        wave=wave.id,
        programme=programme.name,
        anonymous=wave.anonymous,
        at_least=wave.figures["at_least"],
        seen_by=tuple(reader.name for reader in readers),
        closes_at=wave.closes_at,
        zone=person.time_zone,
    )
    return cards.form(translator(person.locale), pulse, content.pulse, fields, problems)
