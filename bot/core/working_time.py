"""When a person may be disturbed: working hours in their zone, less days off, holidays and leave.

Every `now` is an aware instant; `date` and `time` are what the person's own clock shows.

Rules for the odd cases, each with a test:
- A shift belongs to the date on which it starts, so 22:00-06:00 on a Friday runs into Saturday even
  where Saturday is a day off. It stops at midnight when a public holiday follows.
- `end` equal to `start` is a whole turn of the clock (00:00-00:00 is the full day); closed all
  week is `days=frozenset()`.
- A time the clock shows twice counts from the first showing; a time it skips is the instant
  at which it jumps (https://docs.python.org/3/library/zoneinfo.html, PEP 495).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from warnings import catch_warnings
from zoneinfo import ZoneInfo

from holidays import country_holidays

Interval = tuple[datetime, datetime]

HORIZON_DAYS = 400
SLOTS_A_WEEK = 7 * 48
_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY


@dataclass(frozen=True)
class WorkingTime:
    """One person's week. Build it with `working_time(...)`, which checks what it is given."""

    zone: str  # IANA name, "Europe/Amsterdam"
    days: frozenset[int]  # ISO weekdays, 1 is Monday
    start: time
    end: time
    country: str = ""  # ISO 3166-1 alpha-2; "" knows no public holidays
    away: tuple[Interval, ...] = ()  # pause, leave, snooze: UTC, the end not included


def working_time(
    zone: str,
    days: Iterable[int] = (1, 2, 3, 4, 5),
    start: time = time(9),
    end: time = time(17),
    country: str = "",
    away: Iterable[Interval] = (),
) -> WorkingTime:
    """A checked WorkingTime; ValueError says in plain words which part is wrong."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:  # what zoneinfo raises for no such name
        raise ValueError(f"unknown time zone: {zone!r} (an example: Europe/Amsterdam)") from error
    week = frozenset(days)
    if not week <= frozenset(range(1, 8)):
        raise ValueError(f"weekdays are 1 (Monday) to 7 (Sunday), not {sorted(week)}")
    if any(at.tzinfo or at.second or at.microsecond for at in (start, end)):
        raise ValueError(f"working hours are local and in whole minutes, not {start} to {end}")
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ValueError(f"a country is two letters (an example: NL), not {country!r}")
    return WorkingTime(zone, week, start, end, country.upper(), tuple(map(_checked, away)))


def is_open(w: WorkingTime, now: datetime) -> bool:
    """Whether the person is at work at this instant."""
    today = local_date(w, now)
    if any(begins <= now < ends for begins, ends in w.away):
        return False
    return any(begins <= now < ends for begins, ends in _openings(w, today - _DAY, 2))


def next_open(w: WorkingTime, now: datetime, *, not_before: time | None = None) -> datetime | None:
    """The first open instant at or after `now` (UTC), None when 400 days hold none.

    With `not_before`, the first one at which the person's clock shows that time or later: it
    stays None for somebody whose day ends before it.
    """
    for opening in _openings(w, local_date(w, now) - _DAY, HORIZON_DAYS + 1):
        found = _first_in(w, opening, now, not_before)
        if found:
            return found
    return None


def next_day_open(w: WorkingTime, now: datetime) -> datetime | None:
    """The first shift that starts on a later date of the person's calendar: "ask me tomorrow". For
    somebody who works at night that is not an hour later, when midnight has passed."""
    return next_open(w, at_local(w, local_date(w, now) + _DAY, w.start))


def local_date(w: WorkingTime, now: datetime) -> date:
    """The date on the person's calendar; ValueError for an instant without a zone."""
    if now.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {now}")
    return now.astimezone(ZoneInfo(w.zone)).date()


def at_local(w: WorkingTime, day: date, at: time) -> datetime:
    """The instant (UTC) at which the person's clock first shows or passes this date and time."""
    return _instant(w.zone, day, at)


def works_on(w: WorkingTime, day: date) -> bool:
    """Whether a shift starts on this date: a working day and no public holiday (leave aside)."""
    return day.isoweekday() in w.days and day not in _public_holidays(w.country, day.year)


def open_slots(w: WorkingTime, on: date) -> frozenset[int]:
    """The half-hours of a normal week that are open throughout: 0 to 335 from Monday 00:00 UTC.

    A normal week has no holidays, no leave and one offset from UTC: the one in force at noon of
    `on`. (Not the zone's "standard" offset: for Dublin that is its summer time, so Dublin and
    London would differ by an hour all year.)
    """
    noon = datetime.combine(on, time(12), ZoneInfo(w.zone))
    offset = round((noon.utcoffset() or timedelta()) / timedelta(minutes=1))
    begins = w.start.hour * 60 + w.start.minute
    length = (w.end.hour * 60 + w.end.minute - begins) % _MINUTES_A_DAY or _MINUTES_A_DAY
    return _slots(w.days, begins - offset, length)


@lru_cache(maxsize=1024)  # a whole company keeps a handful of weeks
def _slots(days: frozenset[int], begins: int, length: int) -> frozenset[int]:
    """The half-hours of the week that are open on these days for so many minutes from `begins`."""
    minutes = {
        ((day - 1) * _MINUTES_A_DAY + begins + minute) % _MINUTES_A_WEEK
        for day in days
        for minute in range(length)
    }
    return frozenset(
        slot for slot in range(SLOTS_A_WEEK) if minutes.issuperset(range(slot * 30, slot * 30 + 30))
    )


def _checked(interval: Interval) -> Interval:
    begins, ends = interval
    if begins.tzinfo is None or ends.tzinfo is None:
        raise ValueError(f"time away needs a zone: {begins} to {ends}")
    if ends <= begins:
        raise ValueError(f"time away ends before it begins: {begins} to {ends}")
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _openings(w: WorkingTime, first: date, count: int) -> Iterator[Interval]:
    """The shifts that start on these dates, as UTC intervals."""
    if not w.days:
        return
    for ahead in range(count):
        day = first + ahead * _DAY
        if works_on(w, day):
            begins, ends, midnight = _shift(w.zone, w.start, w.end, day)
            into_holiday = day + _DAY in _public_holidays(w.country, (day + _DAY).year)
            yield begins, min(ends, midnight) if into_holiday else ends


def _first_in(
    w: WorkingTime, opening: Interval, now: datetime, not_before: time | None
) -> datetime | None:
    """The first instant of one opening that is neither away nor too early in the day."""
    begins, ends = opening
    at = max(now, begins).astimezone(UTC)
    while at < ends:
        later = max((back for gone, back in w.away if gone <= at < back), default=at)
        if not_before is not None:
            later = max(later, _instant(w.zone, local_date(w, later), not_before))
        if later == at:
            return at
        at = later
    return None


@lru_cache(maxsize=8192)
def _shift(zone: str, start: time, end: time, day: date) -> tuple[datetime, datetime, datetime]:
    """Start, end and the midnight after the start of the shift that starts on this date."""
    closing = day if end > start else day + _DAY
    return _instant(zone, day, start), _instant(zone, closing, end), _instant(zone, day + _DAY)


def _instant(zone: str, day: date, at: time = time()) -> datetime:
    tz = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=tz).astimezone(UTC)
    if found.astimezone(tz).replace(tzinfo=None) == wall:
        return found
    return _jump(tz, wall.replace(tzinfo=tz, fold=1).astimezone(UTC), found)


def _jump(tz: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second between two instants at which the clock leaps over a gap."""
    offset = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(tz).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


@lru_cache(maxsize=1024)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    """Nationwide ones only: a country says nothing of a person's province, and a regional holiday
    counted for everyone would silence the bot on days when most people work."""
    if not country:
        return frozenset()
    with catch_warnings(action="ignore", category=UserWarning):  # India's are partial after 2035
        try:
            return frozenset(country_holidays(country, years=year))
        except NotImplementedError:  # a country the package does not know
            return frozenset()
