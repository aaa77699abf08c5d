"""The best arrangement of a board: without fairness first, then, where it is asked for, with it.

What fairness costs can only be told beside what there would be without it. That takes a large round
little: it is solved without fairness until no more than ROUGH of the total can be missing, and what
was learnt on the way is where the fair search begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bot.matching.best import first_look
from bot.matching.board import Board
from bot.matching.candidates import Places, Steps, all_of
from bot.matching.fairness import Raising, as_good
from bot.matching.flow import is_here
from bot.matching.large import EVERY, NEAR, Large
from bot.matching.loops import Arranged, Solve, arrange
from bot.matching.progress import Way
from bot.matching.scores import GRAIN
from bot.matching.solver import NOBODY, WHOLE, Measure, measure, solved, worth
from bot.matching.weighed import Weighed, lifted_steps

ROUGH = 1e-4  # of the total: so near that nobody more can be matched, and nobody who waited longer


@dataclass(frozen=True)
class By:
    """What a large round is solved by, and whom to tell how far it is."""

    engine: str
    way: Way


@dataclass
class Search:
    """One way of counting what pairs are worth, and how to find the best arrangement by it."""

    board: Board
    field: Weighed
    measure: Measure
    by: By | None  # None: by the whole matrix
    large: Large | None

    def arranged(self) -> Arranged:
        """The best arrangement without loops."""
        solve = self.large.solve if self.large else self._by_the_whole()
        return arrange(solve, self.board.cells, self.board.persons)

    def steps(self, arranged: Arranged) -> Steps:
        """What each mentee's pair is worth, in GRAINs; 0 for who is left over."""
        alone = arranged.chosen == NOBODY
        return np.where(alone, 0, arranged.solved.worth - self.measure.home)

    def _by_the_whole(self) -> Solve:
        board, scores = self.board, all_of(self.field)
        seed, top, value = self.measure.seed, self.field.most, np.maximum(scores, 0)
        value = worth(value, scores >= 0, board.capacity, board.priority, seed, top)
        return partial(solved, value, board.capacity)


@dataclass(frozen=True)
class Settled:
    """An arrangement, by what search it was found, and what there would be without fairness."""

    arranged: Arranged
    search: Search
    total_without: float  # of fit and wishes
    worst_without: float  # of fit alone

    @property
    def price(self) -> float:
        """By what share the total of fit and wishes would be higher without fairness."""
        steps = self.search.steps(self.arranged)
        total = int(self.search.field.well_off(steps).sum()) * GRAIN
        return max(0.0, 1 - total / self.total_without) if self.total_without else 0.0


def settled(board: Board, seed: int, engine: str = "", way: Way | None = None) -> Settled:
    """The best arrangement, fair where the board is; with the engine of that name or, for "", by the
    whole matrix where the board is small and else by whichever suits. ValueError for one not here."""
    if engine and not is_here(engine):
        raise ValueError(f"this round asks for {engine}, which is not installed here")
    whole = engine == WHOLE or (not engine and board.small)
    by = None if whole else By(engine, way or Way())
    plain = _search(board, board.weighed(), seed, by)
    if plain.large and board.fair:
        plain.large.enough = max(plain.large.enough, ROUGH)
    first = plain.arranged()
    rows = np.flatnonzero(first.chosen != NOBODY)
    steps = plain.steps(first)[rows]
    fit = plain.field.fit(rows, first.chosen[rows], steps)
    total, worst = int(steps.sum()) * GRAIN, int(fit.min()) * GRAIN if len(rows) else 0.0
    before = Settled(first, plain, total, worst)
    return _fairly(before, rows, steps) if board.fair and len(rows) else before


def again(board: Board, before: Search) -> Arranged:
    """The best arrangement of the same round with other pins, at the floor that it had reached."""
    field = replace(before.field, field=board.field, held=board.weighed().held)
    return _search(board, field, before.measure.seed, before.by).arranged()


def _fairly(before: Settled, rows: Places, steps: Steps) -> Settled:
    """The best arrangement with fairness that leaves nobody alone who was matched without it.

    The rule against loops can undo what a floor promises; then the floor is the worst score there
    would be anyway, and where the search is cut short even then, all stays as it was.
    """
    plain, chosen = before.search, before.arranged.chosen
    free = steps[~plain.field.held[rows]]
    if not len(free):
        return before
    raising = _raising(plain, rows, chosen[rows], steps)
    for floor in dict.fromkeys((raising.highest(int(free.min())), int(free.min()))):
        search = _with_fairness(plain, raising, floor)
        after = search.arranged()
        if as_good(after.chosen, chosen, plain.board.priority):
            return replace(before, arranged=after, search=search)
    return before


def _raising(plain: Search, rows: Places, columns: Places, steps: Steps) -> Raising:
    """The floor to be raised, from the pairs that are known, of which there is room for one list."""
    board, known = plain.board, plain.large.candidates if plain.large else None
    if known is None:
        known, _ = first_look(plain.field, board.capacity)
    known = known.with_more(rows, columns, steps)
    if plain.large:
        plain.large.candidates = known
    matched = np.zeros(len(board.mentees), bool)
    matched[rows] = True
    return Raising(plain.field, known, board.capacity, board.priority, matched)


def _search(board: Board, field: Weighed, seed: int, by: By | None) -> Search:
    counted = measure(board.capacity, board.priority, seed, field.most)
    large = None if by is None else _large(board, field, counted, by)
    return Search(board, field, counted, by, large)


def _with_fairness(plain: Search, raising: Raising, floor: int) -> Search:
    """The fair search, which begins with what the plain one and the raising learnt."""
    field = replace(plain.field, fair=True, floor=floor * GRAIN)
    search = _search(plain.board, field, plain.measure.seed, plain.by)
    if search.large and plain.large and plain.large.limits is not None:
        limits, active = plain.large.limits, plain.large.active
        search.large.candidates = lifted = raising.lifted(floor)
        search.large.active = active and lifted.among(active)
        search.large.limits = np.where(limits < 0, limits, lifted_steps(limits))
    return search


def _large(board: Board, field: Weighed, counted: Measure, by: By) -> Large:
    enough = NEAR if board.cells > EVERY else 0.0
    return Large(field, board.capacity, counted, by.engine, enough, by.way)
