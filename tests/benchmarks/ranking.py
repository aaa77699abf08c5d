"""Where the mentor whom people chose stands among all mentors of a cohort, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.cohorts import Cohort, Project

Marks = NDArray[np.float64]  # shape (projects, mentors); the higher, the better they fit
Way = Callable[[Cohort], Marks]

RESAMPLES = 2000


@dataclass(frozen=True)
class Placed:
    """One match that people made, as a way of scoring sees it."""

    cohort: str
    project: int  # place in the cohort
    described: bool  # the project has keywords
    rank: float  # 1 is the first; the mean place among equals
    among: int  # mentors, this one included

    @property
    def auc(self) -> float:
        """The share of the other mentors who come after, equals for half: 0.5 is chance."""
        return (self.among - self.rank) / (self.among - 1)


@dataclass(frozen=True)
class Mean:
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} – {self.high:.3f})"


def placed(cohort: Cohort, way: Way) -> list[Placed]:
    """Every match of a cohort; other mentors of the same project are no rivals."""
    marks = way(cohort)
    found = []
    for number, (project, row) in enumerate(zip(cohort.projects, marks, strict=True)):
        chosen = np.array([mentor in project.mentors for mentor in cohort.mentors], bool)
        rivals = row[~chosen]
        for mark in row[chosen] if len(rivals) else ():
            rank = 1 + (rivals > mark).sum() + (rivals == mark).sum() / 2
            found.append(
                Placed(cohort.name, number, bool(project.keywords), float(rank), len(rivals) + 1)
            )
    return found


def mean_auc(found: Sequence[Placed], seed: int = 0) -> Mean:
    """The mean over matches; 95 % of resampled cohorts and, within these, projects lie between."""
    return _resampled(found, [one.auc for one in found], seed)


def mean_gain(found: Sequence[Placed], other: Sequence[Placed], seed: int = 0) -> Mean:
    """How much higher the AUC is than in another way, of the same matches."""
    return _resampled(found, [a.auc - b.auc for a, b in zip(found, other, strict=True)], seed)


def _resampled(found: Sequence[Placed], values: Sequence[float], seed: int) -> Mean:
    """Cohorts are drawn with replacement, then projects of each: matches of one are not apart."""
    if not found:
        return Mean(float("nan"), float("nan"), float("nan"))
    sums = _by_project(found, values)
    random = np.random.default_rng(seed)
    means = np.empty(RESAMPLES)
    for turn in range(RESAMPLES):
        drawn = np.zeros(2)
        for at in random.integers(len(sums), size=len(sums)):
            drawn += sums[at][random.integers(len(sums[at]), size=len(sums[at]))].sum(axis=0)
        means[turn] = drawn[0] / drawn[1]
    low, high = np.quantile(means, [0.025, 0.975])
    return Mean(float(np.mean(values)), float(low), float(high))


def _by_project(found: Sequence[Placed], values: Sequence[float]) -> list[Marks]:
    """Per cohort a row for each project: the sum of its values, and how many."""
    sums: dict[str, dict[int, Marks]] = {}
    for one, value in zip(found, values, strict=True):
        rows = sums.setdefault(one.cohort, {})
        rows[one.project] = np.add(rows.get(one.project, 0.0), (value, 1.0))
    return [np.array(list(rows.values())) for rows in sums.values()]


def table(cohort: Cohort, mark: Callable[[Project, str], float]) -> Marks:
    """A mark for every project with every mentor."""
    rows = [[mark(project, mentor) for mentor in cohort.mentors] for project in cohort.projects]
    return np.array(rows, float).reshape(len(cohort.projects), len(cohort.mentors))
