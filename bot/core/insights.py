"""Figures for a digest, and which of them may be shown. Rows in, figures out; nobody is named.

A share is 0 to 1 in hundredths, a mean has one decimal: two figures that look the same on
the card are the same here, so a trend never contradicts what is printed beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Literal

Answer = Literal["met", "not_met"]
End = Literal["", "low", "high"]
Direction = Literal["up", "down", "same", "unknown"]

DEFAULT_K = 5
LEAST_K = 3
WEEKS_SHOWN = 8
SPAN = 4  # weeks: a month, so that every rhythm is asked at least about once in it


@dataclass(frozen=True)
class Figure:
    """A mean (one decimal) and how many answers it comes from; where nearly all chose an end of
    the scale, the mean is not told: it lies at `mean` or beyond, on the side of that end."""

    mean: float
    n: int
    end: End = ""


@dataclass(frozen=True)
class Disclosed:
    """What may be shown: None stands for hidden, and does not tell why."""

    groups: tuple[tuple[str, Figure | None], ...]
    total: Figure | None


@dataclass(frozen=True)
class Trend:
    """A figure now and one period before; None is unknown or hidden."""

    now: float | None
    before: float | None = None

    @property
    def direction(self) -> Direction:
        if self.now is None or self.before is None:
            return "unknown"
        if self.now == self.before:
            return "same"
        return "up" if self.now > self.before else "down"


@dataclass(frozen=True)
class CheckInFact:
    """One member of a mentorship was asked in a week; `answer` None is silence so far."""

    mentorship: int
    week: date  # any day of that week
    answer: Answer | None


@dataclass(frozen=True)
class Week:
    """How many mentorships answered what in the week that starts on `start`, a Monday."""

    start: date
    met: int = 0
    not_met: int = 0
    silent: int = 0
    disagreements: int = (
        0  # one said they met, another that they did not; counted under met as well
    )

    @property
    def answered(self) -> int:
        return self.met + self.not_met


@dataclass(frozen=True)
class GoalFigure:
    """One measurable goal; `figure` None while there is nothing to show."""

    wording: str
    figure: float | None
    target: float
    unit: str = ""


@dataclass(frozen=True)
class Digest:
    """What a coordinator's digest says, for the week from `starts` up to and including `ends`."""

    programme: str
    starts: date
    ends: date
    joined: int
    matched: int
    met: int  # mentorships that met at least once, ever
    meeting_rate: Trend  # see `meeting_rate`, the last four weeks beside the four before
    satisfaction: Trend  # mean of "useful?", the last closed wave beside the one before
    response_rate: float | None  # answers given for each question asked, the last four weeks
    goals: tuple[GoalFigure, ...]
    stuck: int
    undelivered: int
    disagreements: int  # in the last four weeks
    weeks: tuple[Week, ...]  # oldest first, for the picture


def digest(
    programme: str,
    until: date,
    *,
    joined: int,
    matched: int,
    facts: Sequence[CheckInFact],
    satisfaction: Trend | None = None,
    goals: Iterable[GoalFigure] = (),
    stuck: int = 0,
    undelivered: int = 0,
    weeks: int = WEEKS_SHOWN,
) -> Digest:
    """The digest of the week that `until` is in, that day being the last counted.

    `facts` are all check-ins of the programme; those later than `until` are left out.
    """
    past = [fact for fact in facts if fact.week <= until]
    series = weekly_series(past, until, max(weeks, 2 * SPAN))
    recent, earlier = series[-SPAN:], series[-2 * SPAN : -SPAN]
    return Digest(
        programme=programme,
        starts=_monday(until),
        ends=until,
        joined=joined,
        matched=matched,
        met=len({fact.mentorship for fact in past if fact.answer == "met"}),
        meeting_rate=Trend(meeting_rate(recent), meeting_rate(earlier)),
        satisfaction=satisfaction or Trend(None),
        response_rate=response_rate(fact for fact in past if fact.week >= recent[0].start),
        goals=tuple(goals),
        stuck=stuck,
        undelivered=undelivered,
        disagreements=sum(week.disagreements for week in recent),
        weeks=series[-weeks:],
    )


def weekly_series(
    facts: Iterable[CheckInFact], until: date, weeks: int = WEEKS_SHOWN
) -> tuple[Week, ...]:
    """The last `weeks` weeks up to the one `until` is in, oldest first, empty weeks included.

    A mentorship counts once in a week in which a member was asked: met when anybody says so, else
    not met, else silent.
    """
    said: defaultdict[tuple[date, int], set[Answer | None]] = defaultdict(set)
    for fact in facts:
        said[_monday(fact.week), fact.mentorship].add(fact.answer)
    answers_of: defaultdict[date, list[set[Answer | None]]] = defaultdict(list)
    for (monday, _), answers in said.items():
        answers_of[monday].append(answers)
    last = _monday(until)
    starts = [last - timedelta(weeks=ago) for ago in range(weeks - 1, -1, -1)]
    return tuple(_week(start, answers_of[start]) for start in starts)


def meeting_rate(weeks: Iterable[Week]) -> float | None:
    """Of the mentorships that answered, week by week, the share that met; None without answers."""
    counted = list(weeks)
    return _share(sum(week.met for week in counted), sum(week.answered for week in counted))


def response_rate(facts: Iterable[CheckInFact]) -> float | None:
    """Of the people asked, time by time, the share that answered; None when nobody was asked."""
    asked = list(facts)
    return _share(sum(fact.answer is not None for fact in asked), len(asked))


def disclose(groups: Mapping[str, Sequence[float]], k: int = DEFAULT_K) -> Disclosed:
    """Mean and number of answers for each group and in total, hiding what could identify people.

    Hidden is every group of fewer than `k` answers (`k` below 3 counts as 3). What is hidden is
    together the total less what is shown, so the smallest group still shown is hidden as well
    until the hidden answers are at least `k` (and thereby come from two groups or more). Where no
    group is left to hide, there are fewer than `k` answers in all and the total is hidden too.
    This holds against readers who know how many there are in each group. An empty group is
    hidden and protects nobody.

    Complementary suppression, as in Tivian's help pages (support.tivian.com/article/49086).
    """
    k = max(k, LEAST_K)
    by_size = sorted(groups, key=lambda name: len(groups[name]))
    shown = [name for name in by_size if len(groups[name]) >= k]
    hidden = [name for name in by_size if 0 < len(groups[name]) < k]
    while shown and 0 < sum(len(groups[name]) for name in hidden) < k:
        hidden.append(shown.pop(0))
    return Disclosed(
        groups=tuple((name, _total(groups[name], k) if name in shown else None) for name in groups),
        total=_total([answer for answers in groups.values() for answer in answers], k),
    )


def _total(answers: Sequence[float], k: int) -> Figure | None:
    if len(answers) < max(k, LEAST_K):
        return None
    return Figure(round(fmean(answers), 1), len(answers))


def _week(start: date, mentorships: Iterable[set[Answer | None]]) -> Week:
    counts = dict.fromkeys(("met", "not_met", None), 0)
    disagreements = 0
    for answers in mentorships:
        counts[next(answer for answer in counts if answer in answers)] += 1
        disagreements += {"met", "not_met"} <= answers
    met, not_met, silent = counts.values()
    return Week(start, met, not_met, silent, disagreements)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 2) if whole else None
