"""Criteria whose shared tags are counted for every pair, and looked up for what they are worth.

The value of a pair depends on three small numbers only: how many tags one wants, the other offers,
and they share. So the points are worked out once for each three that may occur, and then looked up:
for several criteria at a time, as long as the table stays in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
from scipy import sparse

from bot.matching.candidates import Places
from bot.matching.criteria import Strand
from bot.matching.measures import Values
from bot.matching.overlap import DENSE_UP_TO, Counts, Tags, marks, sizes
from bot.matching.scores import points

LOOKED_UP = 2**18  # points that a table may have; beyond, each pair's are worked out

Sides = tuple[list[Tags], list[Tags]]


class Counting(Protocol):
    """Points of many pairs."""

    def of(self, rows: Places) -> Self:
        """For some mentees only."""

    def over(self, columns: Places) -> Self:
        """For some mentors only."""

    def points(self, theirs: Self) -> Values:
        """Those of these mentees with those mentors: float32, shape (mentees, mentors)."""


@dataclass(frozen=True)
class Counted:
    """One question whose shared tags are counted for every pair."""

    strand: Strand
    wanted: sparse.csr_array  # mentees × tags
    offered: Counts | sparse.csc_array  # tags × mentors
    wishes: Counts  # per mentee how many they want
    offers: Counts  # per mentor how many they offer

    def of(self, rows: Places) -> Counted:
        return replace(self, wanted=self.wanted[rows], wishes=self.wishes[rows])

    def over(self, columns: Places) -> Counted:
        return replace(self, offered=self.offered[:, columns], offers=self.offers[columns])

    def values(self, theirs: Counted) -> Values:
        """What these mentees' wishes are worth with those mentors: shape (mentees, mentors)."""
        counts = _dense(self.wanted @ theirs.offered)
        return self.strand.valued(counts, self.wishes[:, None], theirs.offers[None, :])


@dataclass(frozen=True)
class Product:
    """A criterion whose questions are counted."""

    weight: float
    strands: tuple[Counted, ...]

    def of(self, rows: Places) -> Product:
        """For some mentees only."""
        return replace(self, strands=tuple(strand.of(rows) for strand in self.strands))

    def over(self, columns: Places) -> Product:
        """For some mentors only."""
        return replace(self, strands=tuple(strand.over(columns) for strand in self.strands))

    def points(self, theirs: Product) -> Values:
        """The points of these mentees with those mentors: float32, shape (mentees, mentors)."""
        both = zip(self.strands, theirs.strands, strict=True)
        first, *others = (mine.values(other) for mine, other in both)
        for values in others:
            first += values
        return self.weighed(first)

    def weighed(self, values: Values) -> Values:
        """The points for the values of its questions, added up."""
        return points(values / np.float32(len(self.strands)), self.weight)


@dataclass(frozen=True)
class Lookup:
    """Questions of which one table holds what all of them give together."""

    wanted: sparse.csr_array  # mentees × tags
    offered: Counts | sparse.csc_array  # tags × mentors
    wish: Counts  # per mentee where in the table the likes of them begin
    offer: Counts  # per mentor, besides
    table: Values

    def of(self, rows: Places) -> Lookup:
        """For some mentees only."""
        return replace(self, wanted=self.wanted[rows], wish=self.wish[rows])

    def over(self, columns: Places) -> Lookup:
        """For some mentors only."""
        offered = self.offered[:, columns]
        if isinstance(offered, np.ndarray):
            offered = np.ascontiguousarray(offered)
        return replace(self, offered=offered, offer=self.offer[columns])

    def points(self, theirs: Lookup) -> Values:
        """What the table holds for these mentees with those mentors: shape (mentees, mentors)."""
        place = _dense(self.wanted @ theirs.offered)
        place += self.wish[:, None]
        place += theirs.offer[None, :]
        return np.take(self.table, place.astype(np.intp), mode="clip")

    def beside(self, other: Lookup) -> Lookup:
        """The two in one: what they give is added up."""
        size = np.float32(len(self.table))
        return Lookup(
            sparse.hstack([self.wanted, other.wanted * size], "csr"),
            np.concatenate([_dense(self.offered), _dense(other.offered)]),
            self.wish + other.wish * size,
            self.offer + other.offer * size,
            (other.table[:, None] + self.table).reshape(-1),
        )


def product(strands: Sequence[Strand], sides: Sequence[Sides], weight: float) -> Product:
    """A criterion ready for counting; `sides` as `Strand.sides` gives them, one for each strand."""
    both = zip(strands, sides, strict=True)
    return Product(weight, tuple(_counted(strand, *side) for strand, side in both))


def looked_up(products: Iterable[Product]) -> Iterator[Counting]:
    """The same criteria in as few tables as will do; what is too large for one stays as it is."""
    tables = list[Lookup]()
    for one in products:
        if (found := _table(one)) is None:
            yield one
        elif isinstance(found.offered, np.ndarray):
            tables.append(found)
        else:
            yield found
    tables.sort(key=lambda lookup: len(lookup.table))
    while tables:
        joined = tables.pop()  # the largest with the smallest, so that there are few
        while tables and len(joined.table) * len(tables[0].table) <= LOOKED_UP:
            joined = joined.beside(tables.pop(0))
        yield joined


def _counted(strand: Strand, wanted: Sequence[Tags], offered: Sequence[Tags]) -> Counted:
    known = frozenset[str | int]().union(*wanted) & frozenset[str | int]().union(*offered)
    column = {tag: k for k, tag in enumerate(sorted(known, key=str))}
    theirs = sparse.csc_array(marks(offered, column).T)
    dense = np.ascontiguousarray(theirs.toarray()) if len(column) <= DENSE_UP_TO else theirs
    return Counted(strand, marks(wanted, column), dense, sizes(wanted), sizes(offered))


def _table(criterion: Product) -> Lookup | None:
    """The points of a criterion; None where there are too many different ones."""
    first, *others = map(_values, criterion.strands)
    for other in others:
        if first is None or other is None or len(first.table) * len(other.table) > LOOKED_UP:
            return None
        first = first.beside(other)
    return first and replace(first, table=criterion.weighed(first.table))


def _values(question: Counted) -> Lookup | None:
    """The values of one question; None where there are too many different ones."""
    wishes, wish = np.unique(question.wishes, return_inverse=True)
    offers, offer = np.unique(question.offers, return_inverse=True)
    most = int(
        min(question.wanted.sum(axis=1).max(initial=0), question.offered.sum(axis=0).max(initial=0))
    )
    if len(wishes) * len(offers) * (1 + most) > LOOKED_UP:
        return None
    shared = np.arange(1 + most, dtype=np.float32)
    table = question.strand.valued(shared, wishes[:, None, None], offers[:, None])
    table, wish = _few(np.broadcast_to(table, (len(wishes), len(offers), 1 + most)), wish, 0)
    table, offer = _few(table, offer, 1)
    return Lookup(
        question.wanted,
        question.offered,
        np.asarray(wish * table[0].size, np.float32),
        np.asarray(offer * (1 + most), np.float32),
        np.ascontiguousarray(table).reshape(-1),
    )


def _few(table: Values, kinds: Places, axis: int) -> tuple[Values, Places]:
    """A table without the slices that say the same, and which is whose."""
    found, alike = np.unique(table, return_inverse=True, axis=axis)
    return found, alike.reshape(-1)[kinds]


def _dense(counts: Any) -> Counts:
    return np.asarray(counts if isinstance(counts, np.ndarray) else counts.toarray())
