"""Pictures as data: what is drawn travels in a message as JSON, how is `bot.pictures`' business.

Every string is plain text (no mark-up) in the reader's language, figures included ("4,2",
"62%"): nothing here knows a language. Alternative text stands beside the chart, in the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class StackedWeeks:
    """How many of each kind, week by week, on top of each other.

    `values` has one row for each series (the first at the bottom, at most four) and in it one whole
    number for each week, oldest first. ValueError when the shapes do not fit.
    """

    title: str
    series: tuple[str, ...]
    weeks: tuple[str, ...]  # "2 Nov"; of more than 12 the last 12 are drawn
    values: tuple[tuple[int, ...], ...]
    tops: tuple[str, ...] = ()  # written above each bar, "62%"; none, or one for each week
    caption: str = ""  # what the tops are
    empty: str = ""  # said instead of bars where there is nothing to count
    type: Literal["stacked_weeks"] = "stacked_weeks"

    def __post_init__(self) -> None:
        rows = [*self.values, self.tops] if self.tops else self.values
        if len(self.values) != len(self.series) or len(self.series) > 4:
            raise ValueError(f"{len(self.series)} series (at most 4), {len(self.values)} rows")
        if any(len(row) != len(self.weeks) for row in rows):
            raise ValueError(f"each row needs {len(self.weeks)} values, one for each week")
        if any(value < 0 for row in self.values for value in row):
            raise ValueError("a number of mentorships is not negative")


@dataclass(frozen=True)
class GoalBar:
    """One goal beside its target, both in the goal's own unit; `figure` None: not known yet."""

    label: str
    figure: float | None
    target: float
    figure_text: str  # "62%", or what to say while it is not known
    target_text: str  # "target 80%"


@dataclass(frozen=True)
class GoalBars:
    """Each goal as a bar with a mark at its target; of more than six the first six are drawn."""

    title: str
    bars: tuple[GoalBar, ...]
    type: Literal["goal_bars"] = "goal_bars"


@dataclass(frozen=True)
class KeyFigure:
    """One large number: what it is, and how it stood before."""

    label: str
    value: str
    note: str = ""  # "was 54%"
    direction: Literal["up", "down", "same", "unknown"] = "unknown"  # the arrow before the note


@dataclass(frozen=True)
class Overview:
    """A digest in one picture: the key figures (at most six), the weeks, the goals."""

    title: str
    subtitle: str
    figures: tuple[KeyFigure, ...]
    weeks: StackedWeeks | None = None
    goals: GoalBars | None = None
    type: Literal["overview"] = "overview"


@dataclass(frozen=True)
class Spread:
    """How many fall into each range, beside how many did before.

    `values` has one row for each series (this one first, at most two) and in it one whole number for
    each range, lowest first. ValueError when the shapes do not fit.
    """

    title: str
    ranges: tuple[str, ...]  # "30–40", at most ten
    series: tuple[str, ...]  # "Round 3", "Round 2"
    values: tuple[tuple[int, ...], ...]
    caption: str = ""  # what is counted, and what the ranges are
    type: Literal["spread"] = "spread"

    def __post_init__(self) -> None:
        if len(self.values) != len(self.series) or not 1 <= len(self.series) <= 2:
            raise ValueError(f"{len(self.series)} series (1 or 2), {len(self.values)} rows")
        if len(self.ranges) > 10 or any(len(row) != len(self.ranges) for row in self.values):
            raise ValueError(
                f"each row needs a value for each range, of {len(self.ranges)} (to 10)"
            )
        if any(value < 0 for row in self.values for value in row):
            raise ValueError("a number of pairs is not negative")


@dataclass(frozen=True)
class Bar:
    """A part of a whole; ValueError for one outside 0 … 1."""

    label: str
    part: float
    text: str  # "26%"

    def __post_init__(self) -> None:
        if not 0 <= self.part <= 1:
            raise ValueError(f"{self.part} is no part of a whole")


@dataclass(frozen=True)
class Bars:
    """Parts of a whole below each other: a bar as long as there is room would be all of it."""

    title: str
    bars: tuple[Bar, ...]
    type: Literal["bars"] = "bars"


@dataclass(frozen=True)
class Interval:
    """A figure from -1 to 1 and how sure it is; ValueError when it is not within its own ends."""

    label: str
    low: float
    figure: float
    high: float
    text: str  # "+0,31"

    def __post_init__(self) -> None:
        if not -1 <= self.low <= self.high <= 1:
            raise ValueError(f"{self.low} … {self.high} is no interval between -1 and 1")


@dataclass(frozen=True)
class Intervals:
    """Figures with their intervals below each other, around a line at 0."""

    title: str
    rows: tuple[Interval, ...]
    type: Literal["intervals"] = "intervals"


Chart = StackedWeeks | GoalBars | Overview | Bars | Intervals | Spread
