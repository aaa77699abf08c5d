"""Criteria whose shared tags are counted for every pair, and looked up for what they are worth.

The value of a pair depends on three small numbers only: how many tags one wants, the other offers,
and they share. So it is worked out once for each three that may occur, and then looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.matching.candidates import Places
from bot.matching.criteria import Strand
from bot.matching.measures import Values
from bot.matching.overlap import DENSE_UP_TO, Counts, Tags, marks, sizes
from bot.matching.scores import points

LOOKED_UP = 2**20  # values that a table may have; beyond, each pair's is worked out

Sides = tuple[list[Tags], list[Tags]]
Finish = Callable[[Values], Values]  # from values to what the table shall hold


@dataclass(frozen=True)
class Counted:
    """One question whose shared tags are counted for every pair."""

    strand: Strand
    wanted: sparse.csr_array  # mentees × tags
    offered: Counts | sparse.csc_array  # tags × mentors
    wish: Counts  # per mentee where in the table their size begins; without a table, their size
    offer: Counts  # per mentor, besides
    table: Values | None

    def of(self, rows: Places) -> Counted:
        return replace(self, wanted=self.wanted[rows], wish=self.wish[rows])

    def over(self, columns: Places) -> Counted:
        offered = self.offered[:, columns]
        if isinstance(offered, np.ndarray):
            offered = np.ascontiguousarray(offered)
        return replace(self, offered=offered, offer=self.offer[columns])

    def values(self, theirs: Counted) -> Values:
        """What the table holds for these mentees with those mentors: shape (mentees, mentors)."""
        counts = self.wanted @ theirs.offered
        if not isinstance(counts, np.ndarray):
            counts = counts.toarray()
        if self.table is None:
            return self.strand.valued(counts, self.wish[:, None], theirs.offer[None, :])
        counts += self.wish[:, None]
        counts += theirs.offer[None, :]
        return np.take(self.table, counts.astype(np.intp), mode="clip")


@dataclass(frozen=True)
class Product:
    """A criterion whose questions are counted."""

    weight: float
    strands: tuple[Counted, ...]
    finished: bool  # the one table holds points already

    def of(self, rows: Places) -> Product:
        """For some mentees only."""
        return replace(self, strands=tuple(strand.of(rows) for strand in self.strands))

    def over(self, columns: Places) -> Product:
        """For some mentors only."""
        return replace(self, strands=tuple(strand.over(columns) for strand in self.strands))

    def points(self, theirs: Product) -> Values:
        """The points of these mentees with those mentors: float32, shape (mentees, mentors)."""
        first, *others = (
            mine.values(other) for mine, other in zip(self.strands, theirs.strands, strict=True)
        )
        if self.finished:
            return first
        for values in others:
            first += values
        return points(first / np.float32(len(self.strands)), self.weight)


def product(strands: Sequence[Strand], sides: Sequence[Sides], weight: float) -> Product:
    """A criterion ready for counting; `sides` as `Strand.sides` gives them, one for each strand."""

    def finish(values: Values) -> Values:
        return points(values / np.float32(1), weight) if len(strands) == 1 else values

    counted = tuple(_counted(*both, finish) for both in zip(strands, sides, strict=True))
    return Product(weight, counted, len(counted) == 1 and counted[0].table is not None)


def _counted(strand: Strand, sides: Sides, finish: Finish) -> Counted:
    wanted, offered = sides
    known = frozenset[str | int]().union(*wanted) & frozenset[str | int]().union(*offered)
    column = {tag: k for k, tag in enumerate(sorted(known, key=str))}
    ours, theirs = marks(wanted, column), sparse.csc_array(marks(offered, column).T)
    wishes, wish = np.unique(sizes(wanted), return_inverse=True)
    offers, offer = np.unique(sizes(offered), return_inverse=True)
    shared = 1 + min(_most(ours.indptr), _most(theirs.indptr))
    dense = np.ascontiguousarray(theirs.toarray()) if len(column) <= DENSE_UP_TO else theirs
    if len(wishes) * len(offers) * shared > LOOKED_UP:
        return Counted(strand, ours, dense, sizes(wanted), sizes(offered), None)
    counts = np.arange(shared, dtype=np.float32)
    table = strand.valued(counts, wishes[:, None, None], offers[None, :, None])
    return Counted(
        strand,
        ours,
        dense,
        np.asarray(wish * (len(offers) * shared), np.float32),
        np.asarray(offer * shared, np.float32),
        np.ascontiguousarray(
            finish(np.broadcast_to(table, (len(wishes), len(offers), shared)))
        ).reshape(-1),
    )


def _most(starts: NDArray[np.integer]) -> int:
    return int(np.diff(starts).max(initial=0))
