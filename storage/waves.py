"""Survey waves as time moves them: opened, closed, and what is left of them then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from secrets import SystemRandom
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, delete, func, update
from sqlmodel import Session, col, select

from bot.cards.surveys import Results, Shown
from bot.core.insights import LEAST_K, Figure, disclose
from bot.core.messages import Kind
from bot.core.questions import Question
from bot.core.rhythm import ASKING_HOUR
from bot.core.working_time import next_open
from storage import people, surveys
from storage.looking import Waits
from storage.models import (
    Invite,
    InviteState,
    Member,
    Mentorship,
    MentorshipState,
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

_PARTS = (Part.MENTOR.value, Part.MENTEE.value)


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


# --- closing ---


def close(
    session: Session, wave: Wave, programme: Programme, questions: Sequence[Question]
) -> None:
    """Freeze the figures that may be shown; of an anonymous wave no single answer is kept."""
    at_least = max(LEAST_K, programme.smallest_group, wave.figures["at_least"])
    answers: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = session.exec(
        select(SurveyAnswer.question, SurveyAnswer.part, SurveyAnswer.value).where(
            SurveyAnswer.wave_id == wave.id
        )
    )
    for question, part, value in rows:
        answers[question].append((part, value))
    scales = [q for q in questions if all(c.value.isdecimal() for c in q.choices) and q.choices]
    written = [v for q in questions if q.kind is Kind.LONG_TEXT for _, v in answers[q.key]]
    invited, answered = _turnout(session, wave)
    wave.figures = {
        "at_least": at_least,
        "invited": invited,
        "answered": answered,
        "questions": {q.key: freeze(q, answers[q.key], at_least) for q in scales},
        "comments": _shuffled(written) if len(written) >= at_least else [],
    }
    wave.state = WaveState.CLOSED
    if wave.anonymous:
        session.execute(delete(SurveyAnswer).where(col(SurveyAnswer.wave_id) == wave.id))
    session.execute(  # nobody is asked any more
        update(Invite)
        .where(col(Invite.wave_id) == wave.id, col(Invite.ask_at).is_not(None))
        .values(ask_at=None)
    )
    session.flush()


def _turnout(session: Session, wave: Wave) -> tuple[int, int]:
    states = session.exec(
        select(Invite.state, func.count(col(Invite.id)))
        .where(Invite.wave_id == wave.id)
        .group_by(col(Invite.state))
    )
    counts = {state: count for state, count in states}
    return sum(counts.values()), counts.get(InviteState.ANSWERED, 0)


def _shuffled(words: Iterable[str]) -> list[str]:
    order = list(words)
    SystemRandom().shuffle(order)
    return order


def freeze(
    question: Question, answers: Sequence[tuple[str, str]], at_least: int
) -> dict[str, list[float] | None]:
    """Mean and number of (part, value) answers for everyone and each part, None where hidden.

    Where all in a shown group chose the lowest or all the highest answer, one of them counts as one
    step milder, in the total too: what is shown is always what it would be if somebody had been.
    """
    groups = {part: [float(v) for p, v in answers if p == part] for part in _PARTS}
    ends = [float(choice.value) for choice in (question.choices[0], question.choices[-1])]
    shown = [part for part, figure in disclose(groups, at_least).groups if figure]
    for part in shown:
        groups[part] = _milder(groups[part], ends)
    everybody = [answer for group in groups.values() for answer in group]
    if _milder(everybody, ends) != everybody:
        largest = max(groups, key=lambda part: len(groups[part]))
        groups[largest] = _milder(groups[largest], ends)
    found = disclose(groups, at_least)
    return {
        name: [figure.mean, figure.n] if figure else None
        for name, figure in (("all", found.total), *found.groups)
    }


def _milder(answers: list[float], ends: Sequence[float]) -> list[float]:
    """The answers, one of them a step nearer to the middle when all are at the same end."""
    if len(set(answers)) != 1 or answers[0] not in ends:
        return answers
    step = 1 if answers[0] == min(ends) else -1
    return [answers[0] + step, *answers[1:]]


def results(programme: Programme, wave: Wave) -> Results | None:
    """The frozen figures of a wave that was held and has closed."""
    frozen: dict[str, Any] = wave.figures
    if wave.state is not WaveState.CLOSED or "questions" not in frozen:
        return None
    return Results(
        programme=programme.name,
        anonymous=wave.anonymous,
        at_least=frozen["at_least"],
        invited=frozen["invited"],
        answered=frozen["answered"],
        figures=tuple(
            Shown(
                question=key,
                total=_figure(shown["all"]),
                groups=tuple((part, _figure(shown[part])) for part in _PARTS),
            )
            for key, shown in frozen["questions"].items()
        ),
        comments=tuple(frozen["comments"]),
    )


def _figure(frozen: list[Any] | None) -> Figure | None:
    return Figure(frozen[0], frozen[1]) if frozen else None
