"""Fairness: the highest floor that costs nobody their mentor.

It is a floor of how well off people are: how well they fit, and what they wished. It can be as high
as all who would be matched without it can still be matched, and those who waited no less. Looked for
on the candidates from the top, then by halving, a largest flow each time (Dinic 1970, as SciPy has
it). Where a grain more does not work, the people who are then one mentor short show why (Hall 1935,
doi.org/10.1112/jlms/s1-10.37.26): between them they have too few mentors. Who else could help them
is looked for among all pairs, so the floor is the highest of the whole round, not only of the
candidates.

The floor that was reached looks at the avoid list, as every total of a round does; it is one number
of the whole round, and who is left over is told the same reasons as ever (see `rules`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from bot.matching.auction import each
from bot.matching.candidates import Candidates, Places, Steps, everywhere, in_steps
from bot.matching.masks import Mask, Whole
from bot.matching.scores import GRAIN
from bot.matching.solver import NOBODY, Chosen
from bot.matching.weighed import Weighed, lifted_steps

MORE = 16  # pairs that one mentee may add at a time
SURE = 2**30  # what a pair that is fixed counts for: no floor is above it


@dataclass(frozen=True)
class Stuck:
    """Mentees who have too few mentors between them, all of whom are full."""

    mentees: Places
    mentors: Mask  # per mentor, whether one of them


@dataclass(frozen=True)
class Edges:
    """Candidates with how well off each makes its mentee."""

    candidates: Candidates
    steps: Steps
    capacity: Whole

    def highest(self, matched: int) -> int:
        """No floor above this leaves so many mentees with a candidate."""
        best = np.zeros(self.candidates.shape[0], np.int64)
        np.maximum.at(best, self.candidates.rows, self.steps)
        return min(int(np.sort(best)[-matched]), SURE - 1)

    def above(self, floor: int, among: Mask) -> Candidates:
        """Those that are not below it, of some mentees."""
        some, c = (self.steps >= floor) & among[self.candidates.rows], self.candidates
        return Candidates(c.shape, c.rows[some], c.columns[some], c.steps[some])


@dataclass
class Raising:
    """A floor being raised, and the pairs that are known of."""

    field: Weighed  # without fairness
    candidates: Candidates
    capacity: Whole
    waited: Whole  # per mentee
    matched: Mask  # per mentee, in the best arrangement without fairness

    def highest(self, floor: int) -> int:
        """The highest floor in GRAINs by which nobody loses their place; `floor` is one of those."""
        while True:
            edges = self._edges()
            floor, stuck = self._halved(edges, floor)
            if stuck is None or not self._others_let_in(stuck, floor + 1):
                return floor

    def _halved(self, edges: Edges, floor: int) -> tuple[int, Stuck | None]:
        """The highest floor on these candidates, and who is stuck at a grain more."""
        highest = edges.highest(int(self.matched.sum()))
        values = np.unique(edges.steps[(edges.steps > floor) & (edges.steps <= highest)]).tolist()
        tried = [floor, *values, (values or [floor])[-1] + 1]
        works, fails = 0, len(tried) - 1
        stuck, at = self._stuck(edges, tried[fails]), fails - 1  # mostly one mentee holds it down
        while fails - works > 1:
            found = self._stuck(edges, tried[at])
            works, fails = (at, fails) if found is None else (works, at)
            stuck, at = found or stuck, (works + fails) // 2
        return tried[works], stuck

    def _stuck(self, edges: Edges, floor: int) -> Stuck | None:
        """Who has too few mentors at this floor; None when as many can be matched as before."""
        for level in np.unique(self.waited[self.matched]).tolist():
            among = self.waited >= level
            within = edges.above(floor, among)
            placed = placed_by(within, self.capacity)
            if (placed != NOBODY).sum() < (self.matched & among).sum():
                return who_is_stuck(within, placed, among)
        return None

    def _others_let_in(self, stuck: Stuck, floor: int) -> bool:
        """Whether somebody among all pairs helps those who are stuck; they join the candidates."""
        columns = np.flatnonzero((self.capacity > 0) & ~stuck.mentors)
        found = list(self._helping(stuck.mentees, columns, floor))
        if not sum(len(rows) for rows, *_ in found):
            return False
        more = map(np.concatenate, zip(*found, strict=True))
        self.candidates = self.candidates.with_more(*more)
        return True

    def _helping(
        self, rows: Places, columns: Places, floor: int
    ) -> Iterator[tuple[Places, Places, Steps]]:
        """The best few for each of these mentees that are not below the floor."""
        for band, scores in everywhere(self.field, rows, columns):
            near = np.flatnonzero(scores >= floor * GRAIN)
            row, column = np.divmod(near, max(1, len(columns)))
            order = np.lexsort((-scores.reshape(-1)[near], row))
            row, column = row[order], column[order]
            few = np.arange(len(row)) - np.searchsorted(row, row) < MORE
            row, column = row[few], column[few]
            yield band[row], columns[column], in_steps(scores[row, column])

    def _edges(self) -> Edges:
        c = self.candidates
        return Edges(c, np.where(self.field.held[c.rows], SURE, c.steps), self.capacity)

    def lifted(self, floor: int) -> Candidates:
        """What was learnt of the pairs, as they count with fairness."""
        c, edges = self.candidates, self._edges()
        some = edges.steps >= floor
        return Candidates(c.shape, c.rows[some], c.columns[some], lifted_steps(c.steps[some]))


def placed_by(within: Candidates, capacity: Whole) -> Chosen:
    """As many mentees with a mentor as there can be: per mentee the mentor, or NOBODY."""
    mentees, mentors = within.shape
    chosen = np.full(mentees, NOBODY, np.intp)
    if not len(within.rows):
        return chosen
    wished = np.bincount(within.columns, minlength=mentors)
    start, end = 0, mentees + mentors + 1
    people, guides = 1 + np.arange(mentees), np.full(mentors, end)
    to = np.concatenate([people, 1 + mentees + within.columns, guides]).astype(np.int32)
    room = np.ones(len(to), np.int32)
    room[mentees + len(within.rows) :] = np.clip(capacity, 0, wished)
    wishes = mentees + np.searchsorted(within.rows, np.arange(mentees + 1))
    starts = np.concatenate([[0], wishes, wishes[-1] + 1 + np.arange(mentors), [len(to)]])
    graph = sparse.csr_array((room, to, starts.astype(np.int32)), shape=(end + 1, end + 1))
    used = maximum_flow(graph, start, end).flow.tocoo()
    taken = (used.data > 0) & (used.row > start) & (used.row <= mentees)
    chosen[used.row[taken] - 1] = used.col[taken] - 1 - mentees
    return chosen


def who_is_stuck(within: Candidates, placed: Chosen, among: Mask) -> Stuck:
    """Whoever could give their place to somebody without one, and all mentors they could have."""
    mentees, mentors = within.shape
    starts = np.searchsorted(within.rows, np.arange(mentees + 1))
    reached = among & (placed == NOBODY)
    full = np.zeros(mentors, bool)
    front = np.flatnonzero(reached)
    while len(front):
        full[within.columns[each(starts, front)[0]]] = True
        givers = ~reached & (placed != NOBODY) & full[placed]
        front = np.flatnonzero(givers)
        reached |= givers
    return Stuck(np.flatnonzero(reached), full)


def as_good(now: Chosen, before: Chosen, waited: Whole) -> bool:
    """Whether as many are matched as before, who waited as long."""
    left, right = (np.sort(waited[chosen != NOBODY])[::-1] for chosen in (now, before))
    return len(left) >= len(right) and tuple(left) >= tuple(right)
