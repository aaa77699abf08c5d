"""The facts behind a digest: few queries, each for the whole programme at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.cards.digest import Told
from bot.cards.means import Survey
from bot.cards.surveys import Results
from bot.core import insights
from bot.core.insights import LEAST_K, CheckInFact, Figure, GoalFigure, Trend
from storage import attention, freezing, programmes
from storage.models import (
    CheckIn,
    CheckInAnswer,
    Member,
    Mentorship,
    MentorshipState,
    Participant,
    Person,
    Programme,
    Wave,
    WaveState,
)

FRIDAY, HOUR = 4, time(9)  # in the programme's time zone
MONTH = timedelta(weeks=insights.SPAN)
WINDOW = timedelta(weeks=2 * insights.SPAN)  # what trends and the picture look back on


def latest_digest(programme: Programme, now: datetime) -> datetime:
    """The last Friday morning up to now."""
    zone = ZoneInfo(programme.time_zone)
    today = day(programme, now)
    friday = today - timedelta(days=(today.weekday() - FRIDAY) % 7)
    if datetime.combine(friday, HOUR, zone) > now:
        friday -= timedelta(weeks=1)
    return datetime.combine(friday, HOUR, zone)


def day(programme: Programme, now: datetime) -> date:
    """The date where the programme is."""
    return now.astimezone(ZoneInfo(programme.time_zone)).date()


def language(programme: Programme) -> str:
    """What is spoken in the coordinators' channel."""
    return next(iter(programme.languages), "en")


def told(session: Session, programme: Programme, until: date) -> Told:
    """The digest of the week that `until` is in; surveys count when they have closed."""
    facts = _check_ins(session, programme, until)
    asked = len({fact.mentorship for fact in facts})
    few = 0 < asked < LEAST_K
    if few:  # a figure of one or two pairs is what they said, for whoever knows who they are
        facts = []
    surveys = _closed_surveys(session, programme)
    before, now = [None, None, *map(usefulness, surveys)][-2:]
    pairs, met = _pairs(session, programme)
    joined, matched = _people(session, programme)
    found = insights.digest(
        programme.name,
        until,
        joined=joined,
        matched=matched,
        facts=facts,
        satisfaction=_satisfaction(before, now),
        stuck=attention.count_stuck(session, programme),
        undelivered=attention.count_undelivered(session, programme),
    )
    found = replace(found, met=met)
    goals = tuple(
        _goal(goal.measure, goal.target, found, facts, surveys)
        for goal in programmes.goals(session, programme)
    )
    return Told(
        replace(found, goals=goals),
        pairs=pairs,
        survey=_shown(surveys, now),
        end=now.end if now else "",
        at_least=surveys[-1].at_least if surveys else programme.smallest_group,
        few_pairs=few,
    )


def _check_ins(session: Session, programme: Programme, until: date) -> list[CheckInFact]:
    rows = session.exec(
        select(CheckIn.mentorship_id, col(CheckIn.due_on), col(CheckIn.answer))
        .join(Mentorship, col(Mentorship.id) == CheckIn.mentorship_id)
        .where(
            Mentorship.programme_id == programme.id,
            CheckIn.due_on > until - WINDOW - timedelta(days=7),
            CheckIn.due_on <= until,
        )
    )
    return [CheckInFact(id_, on, _said(answer)) for id_, on, answer in rows]


def _said(answer: CheckInAnswer | None) -> insights.Answer | None:
    """Coordinators may know whether two people met; whether they planned it is their own."""
    if answer is None:
        return None
    return "met" if answer is CheckInAnswer.MET else "not_met"


def _people(session: Session, programme: Programme) -> tuple[int, int]:
    """How many take part, and how many of them have a running mentorship."""
    paired = (
        select(Member.person_id)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .where(Mentorship.programme_id == programme.id, Mentorship.state == MentorshipState.ACTIVE)
    )
    taking_part = (
        select(func.count(col(Participant.id)))
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*programmes.taking_part(programme))
    )
    joined = session.exec(taking_part).one()
    return joined, session.exec(taking_part.where(col(Person.id).in_(paired))).one()


def _pairs(session: Session, programme: Programme) -> tuple[int, int]:
    """How many mentorships there ever were, and how many of them met."""
    pairs = session.exec(
        select(func.count(col(Mentorship.id))).where(Mentorship.programme_id == programme.id)
    ).one()
    met = session.exec(
        select(func.count(col(CheckIn.mentorship_id).distinct()))
        .join(Mentorship, col(Mentorship.id) == CheckIn.mentorship_id)
        .where(Mentorship.programme_id == programme.id, CheckIn.answer == CheckInAnswer.MET)
    ).one()
    return pairs, met


# --- surveys and goals ---


def _closed_surveys(session: Session, programme: Programme) -> list[Results]:
    """What the surveys that were held have left, the oldest first."""
    held = session.exec(
        select(Wave)
        .where(Wave.programme_id == programme.id, Wave.state == WaveState.CLOSED)
        .order_by(col(Wave.closes_at))
    )
    found = (freezing.results(programme, wave) for wave in held)
    return [results for results in found if results and results.invited]


def _satisfaction(before: Figure | None, now: Figure | None) -> Trend:
    """No trend where one of the two only says beyond what it lies."""
    if before is None or now is None or before.end or now.end:
        return Trend(now.mean if now else None)
    return Trend(now.mean, before.mean)


def usefulness(results: Results) -> Figure | None:
    """How useful people found their talks, from 1 to 5; None where that may not be shown."""
    shown = next((one for one in results.figures if one.question == "useful"), None)
    return shown.total if shown else None


def _shown(surveys: Sequence[Results], now: Figure | None) -> Survey:
    if not surveys:
        return Survey.NONE_YET
    if now is not None:
        return Survey.SHOWN
    last = surveys[-1]
    return Survey.TOO_FEW if last.answered < last.at_least else Survey.HIDDEN


def _goal(
    measure: str,
    target: float,
    found: insights.Digest,
    facts: Sequence[CheckInFact],
    surveys: Sequence[Results],
) -> GoalFigure:
    match measure:
        case "joined":
            return GoalFigure(measure, found.joined, target)
        case "met_share":
            return GoalFigure(measure, _met_share(facts, found.ends), target, "%")
        case "satisfaction":
            return GoalFigure(measure, found.satisfaction.now, target)
        case "response_rate":
            return GoalFigure(measure, _response(surveys), target, "%")
        case _:
            return GoalFigure(measure, None, target)


def _met_share(facts: Sequence[CheckInFact], until: date) -> float | None:
    """Of the pairs asked in the last four weeks, how many met in them."""
    recent = [fact for fact in facts if until - MONTH < fact.week <= until]
    met = {fact.mentorship for fact in recent if fact.answer == "met"}
    return _percent(len(met), len({fact.mentorship for fact in recent}))


def _response(surveys: Sequence[Results]) -> float | None:
    return _percent(surveys[-1].answered, surveys[-1].invited) if surveys else None


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole) if whole else None
