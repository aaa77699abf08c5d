"""When things are due. Dates in, dates out; nobody looks at the clock here."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, takewhile

from bot.core.working_time import WorkingTime, at_local, is_open, local_date, next_open, works_on

ASKING_HOUR = time(10)


class Rhythm(StrEnum):
    """How often a pair wishes to meet; the value is what the database and the forms hold."""

    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every_two_weeks"
    EVERY_THREE_WEEKS = "every_three_weeks"
    MONTHLY = "monthly"

    @property
    def days(self) -> int:
        """Days between two due dates; 30 for a month, whose due dates go by the calendar."""
        return _DAYS[self]

    @staticmethod
    def nearest(days: int) -> Rhythm:
        """The rhythm closest to so many days (no whole number is as close to two)."""
        return min(Rhythm, key=lambda rhythm: abs(rhythm.days - days))


_DAYS = {
    Rhythm.WEEKLY: 7,
    Rhythm.EVERY_TWO_WEEKS: 14,
    Rhythm.EVERY_THREE_WEEKS: 21,
    Rhythm.MONTHLY: 30,
}


def slower(a: Rhythm, b: Rhythm) -> Rhythm:
    """The one that asks less of people."""
    return max(a, b, key=lambda rhythm: rhythm.days)


def next_due(started: date, after: date, rhythm: Rhythm) -> date:
    """The first due date later than `after`; the start itself is not one."""
    return _due(started, _periods(started, after, rhythm) + 1, rhythm)


def latest_due(started: date, today: date, rhythm: Rhythm) -> date | None:
    """The last due date up to and including `today`, None before the first."""
    periods = _periods(started, today, rhythm)
    return _due(started, periods, rhythm) if periods else None


def due_dates(started: date, until: date, rhythm: Rhythm) -> tuple[date, ...]:
    """Every due date from the start up to and including `until`."""
    every: Iterator[date] = (_due(started, periods, rhythm) for periods in count(1))
    return tuple(takewhile(lambda due: due <= until, every))


def moment(due: date, w: WorkingTime, at: time = ASKING_HOUR) -> datetime | None:
    """When to ask a person what falls due: at `at` on their clock, or when they next work.

    None when they do not work for 400 days from then.
    """
    return next_open(w, at_local(w, due, at))


def may_nudge(last_nudged_on: date | None, w: WorkingTime, now: datetime) -> bool:
    """Whether to disturb a person now: at work, and no nudge yet on this date of their calendar."""
    fresh = last_nudged_on is None or last_nudged_on < local_date(w, now)
    return fresh and is_open(w, now)


def _periods(started: date, day: date, rhythm: Rhythm) -> int:
    """How many due dates have come, this day included."""
    if rhythm is not Rhythm.MONTHLY:
        return max(0, (day - started).days // rhythm.days)
    months = (day.year - started.year) * 12 + day.month - started.month
    return max(0, months if _in_months(started, months) <= day else months - 1)


def _due(started: date, periods: int, rhythm: Rhythm) -> date:
    if rhythm is Rhythm.MONTHLY:
        return _in_months(started, periods)
    return started + timedelta(days=periods * rhythm.days)


def _in_months(started: date, months: int) -> date:
    """Counted from the start each time, so that 31 January, 28 February, 31 March."""
    year, month = divmod(started.year * 12 + started.month - 1 + months, 12)
    return date(year, month + 1, min(started.day, monthrange(year, month + 1)[1]))


def after_working_days(hours: WorkingTime, now: datetime, days: int) -> datetime | None:
    """When somebody has been at work for so many more days, at a good hour."""
    day, left, horizon = local_date(hours, now), days, 400
    while left and horizon:
        day, horizon = day + timedelta(days=1), horizon - 1
        left -= works_on(hours, day)
    at = now + (day - local_date(hours, now))
    return next_open(hours, at, not_before=ASKING_HOUR) or next_open(hours, at)
