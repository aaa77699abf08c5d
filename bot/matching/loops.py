"""Nobody mentors their own mentor: the best arrangement without two people in both roles.

Only people who are mentor and mentee at once can close such a loop. With it the problem has no fast
exact method in general (cycle covers without 2-cycles are NP-hard), so: solve without the rule;
where nobody mentors each other, that is the optimum. Else forbid one direction of a loop, then the
other, always going on from the most promising (branch and bound); the first arrangement without a
loop is the optimum. After a set number of tries the lower-valued direction of every loop is
forbidden until none is left, and the result does not claim to be proven.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count

import numpy as np

from bot.matching.masks import Whole
from bot.matching.solver import NOBODY, Cell, Chosen, Solved

Loop = tuple[Cell, Cell]
Solve = Callable[[tuple[Cell, ...]], Solved]
End = tuple[int, int, tuple[Cell, ...], Solved]  # (-promise, number, forbidden, arrangement)

CELLS_TO_TRY = 10_000_000  # matrix cells that may be solved in looking for the optimum: seconds
FEWEST_TRIES = 8
MOST_TRIES = 400


@dataclass(frozen=True)
class Persons:
    """The person id behind each row and each column."""

    mentees: Whole
    mentors: Whole


@dataclass(frozen=True)
class Arranged:
    """An arrangement without loops and what is known of it."""

    solved: Solved
    proven: bool  # no other arrangement is better
    without: tuple[Cell, ...] = ()  # it is the best without these, forbidden on the way

    @property
    def chosen(self) -> Chosen:
        return self.solved.chosen


def arrange(solve: Solve, cells: int, persons: Persons) -> Arranged:
    """The best arrangement in which nobody mentors their own mentor.

    `solve` gives the best one without the cells named; `cells` is what it has to choose from.
    """
    first = solve(())
    if not loops(first.chosen, persons):
        return Arranged(first, first.proven)
    return _search(solve, cells, persons, first)


def loops(chosen: Chosen, persons: Persons) -> list[Loop]:
    """Every two cells of an arrangement in which two people mentor each other."""
    rows = np.flatnonzero(chosen != NOBODY).tolist()
    cell = {
        (int(persons.mentees[row]), int(persons.mentors[chosen[row]])): (row, int(chosen[row]))
        for row in rows
    }
    return [
        (cell[mentee, mentor], cell[mentor, mentee])
        for mentee, mentor in cell
        if mentee < mentor and (mentor, mentee) in cell
    ]


def _search(solve: Solve, cells: int, persons: Persons, first: Solved) -> Arranged:
    """Branch and bound from `first`, the best arrangement with its loops."""
    fallback = _repaired(solve, persons, first)
    known = fallback.solved.total
    tries = int(np.clip(CELLS_TO_TRY // cells, FEWEST_TRIES, MOST_TRIES))
    number = count()  # so that equal promises are taken in turn
    ends: list[End] = [(-first.total, next(number), (), first)]
    proven = first.proven
    for _ in range(tries):
        bound, _, without, likely = heappop(ends)
        if -bound <= known:
            return replace(fallback, proven=proven)
        found = loops(likely.chosen, persons)
        if not found:
            return Arranged(likely, proven, without)
        for cell in found[0]:
            less = solve((*without, cell))
            proven &= less.proven
            heappush(ends, (-less.total, next(number), (*without, cell), less))
    return fallback


def _repaired(solve: Solve, persons: Persons, first: Solved) -> Arranged:
    without: tuple[Cell, ...] = ()
    less = first
    while found := loops(less.chosen, persons):
        worse = (min(loop, key=lambda cell: less.worth[cell[0]]) for loop in found)
        without = (*without, *worse)
        less = solve(without)
    return Arranged(less, False, without)
