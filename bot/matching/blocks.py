"""Scores of a large round, any part of them: what mentees want × how each mentor answers it.

Whatever few mentees answer differently is a row of points, ready for every mentor: all such criteria
together, and the hard rules among them, are one sparse product, counted in blocks that fit in the
processor's cache. What many answer differently is counted by tags, and a table knows what each count
is worth. To the bit the same as `score_matrix` and `explain`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bot.core.cores import anywhere
from bot.matching.bars import Bars, bars, numbered
from bot.matching.candidates import CLOSED, Places
from bot.matching.counting import Counting, Product, looked_up, product
from bot.matching.criteria import EVERY, Criterion
from bot.matching.people import Profile, Rules
from bot.matching.scores import Scores, weights_in

BLOCK = (128, 1024)  # mentees × mentors whose scores are added up together
TABLE = 2**25  # cells that a table may have
ALIKE = 16  # mentees to a row of it, at the least
OUT = -4.0  # points for breaking a rule: more than all that can be won
THREADS = min(4, os.cpu_count() or 1)  # NumPy and SciPy count without holding the others up


@dataclass(frozen=True)
class Lot:
    """Points for each two different answers."""

    answer: Places  # per mentee
    offer: Places  # per mentor
    points: Scores  # answers × offers


@dataclass(frozen=True)
class Sheet:
    """A round of which any part can be looked at: a `Field`."""

    mentees: Sequence[Profile]
    mentors: Sequence[Profile]
    rules: Rules
    lots: tuple[Lot, ...]  # one under the other
    wanted: sparse.csr_array  # mentees × all answers of all lots, a 1 for each that was given
    products: tuple[Counting, ...]
    bars: Bars

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentees), len(self.mentors)

    def at(self, rows: Places, columns: Places) -> Scores:
        """Scores, 0 … 1 in GRAINs, CLOSED where a hard rule or the floor keeps a pair apart."""
        return self.over(columns).at(rows)

    def over(self, columns: Places) -> View:
        """Everybody against these mentors, laid out for looking at it piece by piece."""
        place = np.full(len(self.mentors), -1)
        place[columns] = np.arange(len(columns))
        parts = [
            Part(_points(self.lots, some), tuple(p.over(some) for p in self.products))
            for some in _parts(columns, BLOCK[1])
        ]
        return View(self, columns, place, tuple(parts))


@dataclass(frozen=True)
class Part:
    """Some mentors who are looked at together."""

    points: Scores  # answers × these mentors
    products: tuple[Counting, ...]


@dataclass(frozen=True)
class View:
    """Everybody against some mentors."""

    sheet: Sheet
    columns: Places
    place: Places  # per mentor the column here, or less than 0
    parts: tuple[Part, ...]

    def at(self, rows: Places, first: int | None = None) -> Scores:
        """The scores of these mentees with the first few mentors or all, as `Sheet.at` gives them."""
        width = len(self.columns) if first is None else first
        scores = np.empty((len(rows), width), np.float32)
        parts = range(-(-width // BLOCK[1]))
        across = max(1, len(parts) // THREADS)
        bands = [
            (slice(top, top + BLOCK[0]), parts[first : first + across])
            for top in range(0, len(rows), BLOCK[0])
            for first in range(0, len(parts), across)
        ]

        def fill(band: slice, parts: range) -> None:
            self._fill(scores[band], rows[band], parts)

        if len(bands) > 1:
            with ThreadPoolExecutor(THREADS, initializer=anywhere) as pool:
                list(pool.map(fill, *zip(*bands, strict=True)))
        else:
            for band in bands:
                fill(*band)
        self._bar(scores, rows)
        return scores

    def _fill(self, scores: Scores, rows: Places, parts: range) -> None:
        """Add up some parts of a band, and close what the tables of rules and the floor keep apart."""
        given, left = self.sheet.wanted[rows], parts.start * BLOCK[1]
        counted = [product.of(rows) for product in self.sheet.products]
        for part in self.parts[parts.start : parts.stop]:
            total = given @ part.points
            for these, theirs in zip(counted, part.products, strict=True):
                total += these.points(theirs)
            total += np.float32(OUT) * (total < np.float32(self.sheet.rules.floor))
            ours = scores[:, left : left + BLOCK[1]]
            np.maximum(total[:, : ours.shape[1]], np.float32(CLOSED), out=ours)
            left += BLOCK[1]

    def _bar(self, scores: Scores, rows: Places) -> None:
        sheet, width = self.sheet, scores.shape[1]
        for some in sheet.bars.apart:
            some.close(scores, rows, np.where(self.place < width, self.place, -1))
        for rule in sheet.bars.plain:
            mentees = [sheet.mentees[k] for k in rows]
            mentors = [sheet.mentors[k] for k in self.columns[:width]]
            scores[np.broadcast_to(rule(mentees, mentors, sheet.rules), scores.shape)] = CLOSED


def sheet(mentees: Sequence[Profile], mentors: Sequence[Profile], rules: Rules) -> Sheet:
    """A round ready to be looked at; raises ValueError for weights that `weights_used` refuses."""
    weights: Mapping[str, float] = weights_in(rules)
    products, lots = list[Product](), list[Lot]()
    for criterion in EVERY:
        if criterion.key in weights:
            found = _column(criterion, mentees, mentors, weights[criterion.key])
            if isinstance(found, Product):
                products.append(found)
            else:
                lots.append(found)
    keep_apart = bars(mentees, mentors, rules, TABLE)
    lots += [Lot(bar.answer, bar.offer, np.float32(OUT) * bar.apart) for bar in keep_apart.tables]
    wanted = _wanted(lots, len(mentees))
    return Sheet(
        mentees, mentors, rules, tuple(lots), wanted, tuple(looked_up(products)), keep_apart
    )


def _column(
    criterion: Criterion, mentees: Sequence[Profile], mentors: Sequence[Profile], weight: float
) -> Product | Lot:
    sides = [strand.sides(mentees, mentors) for strand in criterion.strands]
    answer, ours = numbered(zip(*(wanted for wanted, _ in sides), strict=True))
    if len(ours) * ALIKE > len(mentees) or len(ours) * len(mentors) > TABLE:
        return product(criterion.strands, sides, weight)
    offer, theirs = numbered(zip(*(offered for _, offered in sides), strict=True))
    few = [([wanted[k] for k in ours], [offered[k] for k in theirs]) for wanted, offered in sides]
    both = product(criterion.strands, few, weight)
    return Lot(answer, offer, both.points(both))


def _wanted(lots: Sequence[Lot], mentees: int) -> sparse.csr_array:
    """Each mentee's answers among those of all lots."""
    tops = np.cumsum([0, *(len(lot.points) for lot in lots)])
    given = np.empty((mentees, len(lots)), np.int64)
    for place, (lot, top) in enumerate(zip(lots, tops, strict=False)):
        given[:, place] = lot.answer + top
    ones, starts = np.ones(given.size, np.float32), np.arange(mentees + 1) * len(lots)
    return sparse.csr_array((ones, given.reshape(-1), starts), shape=(mentees, int(tops[-1])))


def _points(lots: Sequence[Lot], columns: Places) -> Scores:
    """The points of every answer of every lot with some mentors: shape (answers, columns)."""
    points = [np.take(lot.points, lot.offer[columns], axis=1) for lot in lots]
    return np.concatenate(points) if points else np.zeros((0, len(columns)), np.float32)


def _parts(places: Places, size: int) -> Iterator[Places]:
    return (places[start : start + size] for start in range(0, len(places), size))
