"""The one best assignment: most people matched, then the longest waiting, then the best total.

Exact, not a heuristic: SciPy's `linear_sum_assignment` (a shortest augmenting path method, Crouse
2016, doi.org/10.1109/TAES.2016.140952) on whole numbers, which float64 adds without rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.masks import Mask, Whole
from bot.matching.scores import GRAIN, Scores

Chosen = NDArray[np.intp]  # per mentee the place of the mentor, NOBODY when left over
Worth = NDArray[np.float64]  # 0: not allowed; the whole part is the coordinators', the rest chance

Cell = tuple[int, int]  # (mentee, mentor), by place

NOBODY = -1
WHOLE = "whole"  # the engine of this file: every pair, by SciPy's dense solver
EXACT = 2**50  # steps; the solver adds up a few worths, and float64 tells 2**53 steps apart
TIMES_PEOPLE = 2**61  # what OR-tools counts with: costs times people
FINEST = 1024  # different values of chance, where there is room for so many


@dataclass(frozen=True)
class Measure:
    """What counts in a round, in GRAINs: first having a mentor, then the score, then chance."""

    home: Whole  # per mentee, what having any mentor is worth
    unit: int  # units of chance in a GRAIN, more than all chance together
    finest: int  # different values of chance; 1 where there is no room for more
    seed: int

    def chance(self, rows: Whole, columns: Whole) -> Whole:
        """Units of chance, 0 … finest-1, of each pair: the same wherever the pair is looked at.

        Source: SplitMix64 (Steele, Lea & Flood 2014, doi.org/10.1145/2660193.2660195).
        """
        if self.finest == 1:
            return np.zeros(np.broadcast_shapes(rows.shape, columns.shape), np.int64)
        start = np.uint64(self.seed % 2**64)
        row, column = rows.astype(np.uint64), columns.astype(np.uint64)
        mixed = _mixed(_mixed(_mixed(np.atleast_1d(start)) + row) ^ column)
        return np.asarray(mixed % np.uint64(self.finest), np.int64)


@dataclass(frozen=True)
class Solved:
    """An arrangement and what is known of it."""

    chosen: Chosen
    worth: Whole  # per mentee, in GRAINs, without chance; 0 for who is left over
    proven: bool = True  # no arrangement is worth more
    gap: float = 0.0  # by what share of it the total score could be higher at the most
    rounds: int = 1  # solutions that were needed
    engine: str = WHOLE  # what solved it

    @property
    def total(self) -> int:
        """The summed worth, exact."""
        return sum(self.worth.tolist())


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = numbers + np.uint64(0x9E3779B97F4A7C15)
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z


def assign(
    scores: Scores | NDArray[np.float64],
    feasible: Mask,
    capacity: Whole,
    priority: Whole | None = None,
    seed: int = 0,
) -> Chosen:
    """The best arrangement: for each mentee the column of the mentor, or NOBODY.

    scores: 0 … 1, shape (mentees, mentors), taken to the nearest GRAIN; feasible: True where a pair
    may be; capacity: mentees a mentor can take; priority: rounds waited, per mentee. First the
    greatest number matched, then the longest waiting among them, then the greatest total score;
    what is equal then, the seed decides. The same input gives the same answer. Raises ValueError
    for scores outside 0 … 1 or shapes that do not fit.
    """
    return best(worth(scores, feasible, capacity, priority, seed), capacity)


def worth(
    scores: Scores | NDArray[np.float64],
    feasible: Mask,
    capacity: Whole,
    priority: Whole | None = None,
    seed: int = 0,
    top: float = 1.0,
) -> Worth:
    """One number a pair, whose greatest sum is the best arrangement; arguments as for `assign`.

    Scores may go up to `top`. The whole part is what having a mentor is worth, as `measure` says,
    plus the score in GRAINs; the fraction is chance, below 1 in all.
    """
    _check(scores, feasible, capacity, top)
    waited = np.zeros(len(scores), np.int64) if priority is None else priority
    by = measure(capacity, waited, seed, top)
    whole = np.rint(np.asarray(scores, np.float64) / GRAIN) + by.home[:, None]
    rows, columns = np.ogrid[: whole.shape[0], : whole.shape[1]]
    return np.where(feasible, whole + by.chance(rows, columns) / by.unit, 0.0)


def measure(capacity: Whole, priority: Whole, seed: int, top: float = 1.0) -> Measure:
    """What a round is measured by: capacity per mentor, rounds waited per mentee.

    No pair is worth more than `top`, having a mentor left out.

    Having a mentor is worth a place in the round plus the rank of the wait, each more than all that
    is below it together. Ranks instead of rounds waited change nothing: the sets of mentees that
    can be matched form a matroid (Edmonds & Fulkerson 1965), whose heaviest set depends on the
    order of the weights only, and are all as large as the largest. So where a place cannot count
    for more than all waits together in whole numbers that are exact, it need not (only the rule
    against loops, which is no matroid, gains by it).
    """
    most = max(1, min(len(priority), int(np.clip(capacity, 0, len(priority)).sum())))
    rank = np.unique(priority, return_inverse=True)[1].reshape(-1)
    wait = round(most * top / GRAIN) + 1  # outweighs every score together
    place = most * int(rank.max(initial=0)) + 1  # outweighs every wait together
    exact = min(EXACT, TIMES_PEOPLE // (len(capacity) + len(priority) + 2))
    if wait * (place + int(rank.max(initial=0)) + 1) > exact:
        place = 1
    home = wait * (place + rank)
    room = exact // (int(home.max(initial=1)) + round(top / GRAIN))
    finest = int(np.clip(room // most, 1, FINEST))
    return Measure(
        home, 2 ** math.ceil(math.log2(most * finest)) if finest > 1 else 1, finest, seed
    )


def best(value: Worth, capacity: Whole) -> Chosen:
    """The arrangement of the greatest worth: for each mentee the column of the mentor, or NOBODY.

    A mentor is as many columns as there are places, opened as they are needed: where the optimum
    leaves a mentor an open place, more places would not change it (complementary slackness), so a
    capacity of a thousand costs nothing.
    """
    from scipy.optimize import linear_sum_assignment  # 17 MiB, which a large round goes without

    mentees, mentors = value.shape
    chosen = np.full(mentees, NOBODY, np.intp)
    limit = np.clip(capacity, 0, (value > 0).sum(axis=0))
    places = np.minimum(limit, 2 + 2 * mentees // max(1, mentors))
    while places.sum() > 0:
        seats = np.repeat(np.arange(mentors), places)
        rows, columns = linear_sum_assignment(value[:, seats], maximize=True)
        chosen[:] = NOBODY
        chosen[rows] = seats[columns]
        chosen[rows[value[rows, seats[columns]] == 0]] = NOBODY
        load = np.bincount(chosen[chosen != NOBODY], minlength=mentors)
        short = (load >= places) & (places < limit)
        if not short.any():
            break
        places = np.where(short, np.minimum(limit, 2 * places), places)
    return chosen


def solved(value: Worth, capacity: Whole, without: tuple[Cell, ...] = ()) -> Solved:
    """The best arrangement without the cells named; arguments as for `best`."""
    less = value.copy() if without else value
    for cell in without:
        less[cell] = 0
    chosen = best(less, capacity)
    worth = np.zeros(len(chosen), np.int64)
    rows = np.flatnonzero(chosen != NOBODY)
    worth[rows] = less[rows, chosen[rows]]
    return Solved(chosen, worth)


def _check(scores: NDArray[np.floating], feasible: Mask, capacity: Whole, top: float) -> None:
    if scores.ndim != 2 or scores.shape != feasible.shape or capacity.shape != scores.shape[1:]:
        raise ValueError("scores, feasible and capacity do not belong together")
    if not ((scores >= 0) & (scores <= top)).all():
        raise ValueError(f"a score is not between 0 and {top:g}")
