"""Scores of a large round, any part of them: what mentees want × how each mentor answers it.

A criterion that many mentees answer alike is a table: a row of points for each different answer,
ready for every mentor. Any other is a sparse product: the mentees' tags × the mentors', counted in
blocks that fit in the processor's cache. To the bit the same as `score_matrix` and `explain`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.matching.candidates import CLOSED, Places
from bot.matching.criteria import EVERY, Criterion, Strand
from bot.matching.measures import Values
from bot.matching.overlap import DENSE_UP_TO, Counts, Tags, marks, sizes
from bot.matching.people import Profile, Rules
from bot.matching.rules import blocked
from bot.matching.scores import Scores, points, weights_in

BLOCK = (256, 4096)  # mentees × mentors whose scores are added up together
TABLE = 2**23  # cells that a table may have
ALIKE = 4  # mentees to a row of it, at the least

Sides = tuple[list[Tags], list[Tags]]


class Column(Protocol):
    """One criterion, ready to be looked at."""

    def points(self, rows: Places, columns: Places) -> Values:
        """The points of some mentees with some mentors: float32, shape (rows, columns)."""


@dataclass(frozen=True)
class Table:
    """Points for every different answer of a mentee."""

    answer: Places  # per mentee
    table: Values  # shape (answers, mentors)

    def points(self, rows: Places, columns: Places) -> Values:
        return np.asarray(self.table[:, _run(columns)][self.answer[rows]], np.float32)


@dataclass(frozen=True)
class Counted:
    """One question whose shared tags are counted for every pair."""

    strand: Strand
    wanted: sparse.csr_array  # mentees × tags
    offered: Counts | sparse.csc_array  # tags × mentors
    wishes: Counts  # per mentee, how many
    offers: Counts  # per mentor

    def values(self, rows: Places, columns: Places) -> Values:
        """The value of some mentees with some mentors: float32, shape (rows, columns)."""
        theirs = _run(columns)
        if isinstance(self.offered, np.ndarray):
            counts = self.wanted[rows] @ self.offered[:, theirs]
        else:
            counts = (self.wanted[rows] @ self.offered[:, theirs]).toarray()  # type: ignore[index] # SciPy's stubs know no array there
        return self.strand.valued(counts, self.wishes[rows][:, None], self.offers[columns][None, :])


@dataclass(frozen=True)
class Product:
    """A criterion whose questions are counted."""

    weight: float
    strands: tuple[Counted, ...]

    def points(self, rows: Places, columns: Places) -> Values:
        total = np.zeros((len(rows), len(columns)), np.float32)
        for strand in self.strands:
            total += strand.values(rows, columns)
        return points(total / np.float32(len(self.strands)), self.weight)


@dataclass(frozen=True)
class Sheet:
    """A round of which any part can be looked at: a `Field`."""

    mentees: Sequence[Profile]
    mentors: Sequence[Profile]
    rules: Rules
    columns: tuple[Column, ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentees), len(self.mentors)

    def at(self, rows: Places, columns: Places) -> Scores:
        """Scores, 0 … 1 in GRAINs, CLOSED where a hard rule or the floor keeps a pair apart."""
        scores = np.empty((len(rows), len(columns)), np.float32)
        for top in range(0, len(rows), BLOCK[0]):
            for left in range(0, len(columns), BLOCK[1]):
                part = np.s_[top : top + BLOCK[0], left : left + BLOCK[1]]
                self._add_up(scores[part], rows[part[0]], columns[part[1]])
        mentees, mentors = [self.mentees[k] for k in rows], [self.mentors[k] for k in columns]
        scores[blocked(mentees, mentors, self.rules) | (scores < self.rules.floor)] = CLOSED
        return scores

    def _add_up(self, total: Scores, rows: Places, columns: Places) -> None:
        total[:] = 0
        for column in self.columns:
            total += column.points(rows, columns)


def sheet(mentees: Sequence[Profile], mentors: Sequence[Profile], rules: Rules) -> Sheet:
    """A round ready to be looked at; raises ValueError for weights that `weights_used` refuses."""
    weights: Mapping[str, float] = weights_in(rules)
    columns = (
        _column(criterion, mentees, mentors, weights[criterion.key])
        for criterion in EVERY
        if criterion.key in weights
    )
    return Sheet(mentees, mentors, rules, tuple(columns))


def _column(
    criterion: Criterion, mentees: Sequence[Profile], mentors: Sequence[Profile], weight: float
) -> Column:
    sides = [strand.sides(mentees, mentors) for strand in criterion.strands]
    answer, ours = _numbered([wanted for wanted, _ in sides])
    if len(ours) * ALIKE > len(mentees) or len(ours) * len(mentors) > TABLE:
        return _product(criterion.strands, sides, weight)
    offer, theirs = _numbered([offered for _, offered in sides])
    few = [([wanted[k] for k in ours], [offered[k] for k in theirs]) for wanted, offered in sides]
    table = _product(criterion.strands, few, weight).points(
        np.arange(len(ours)), np.arange(len(theirs))
    )
    return Table(answer, np.ascontiguousarray(table[:, offer]))


def _product(strands: Sequence[Strand], sides: Sequence[Sides], weight: float) -> Product:
    return Product(weight, tuple(_counted(*both) for both in zip(strands, sides, strict=True)))


def _counted(strand: Strand, sides: Sides) -> Counted:
    wanted, offered = sides
    known = frozenset[str | int]().union(*wanted) & frozenset[str | int]().union(*offered)
    column = {tag: k for k, tag in enumerate(sorted(known, key=str))}
    theirs = marks(offered, column).T
    return Counted(
        strand,
        marks(wanted, column),
        np.ascontiguousarray(theirs.toarray())
        if len(column) <= DENSE_UP_TO
        else sparse.csc_array(theirs),
        sizes(wanted),
        sizes(offered),
    )


def _numbered(answers: list[list[Tags]]) -> tuple[Places, list[int]]:
    """Per person the number of their answers taken together, and who gave each first."""
    seen: dict[Hashable, int] = {}
    first: list[int] = []
    number = np.empty(len(answers[0]), np.intp)
    for place, given in enumerate(zip(*answers, strict=True)):
        if given not in seen:
            seen[given] = len(first)
            first.append(place)
        number[place] = seen[given]
    return number, first


def _run(places: Places) -> slice | NDArray[np.intp]:
    """Places that follow each other as a slice, which costs no copy."""
    if len(places) and places[-1] - places[0] + 1 == len(places):
        return slice(int(places[0]), int(places[-1]) + 1)
    return places
