"""The pairs a large round is solved on: the best few mentors of every mentee, and those who price in.

Nothing here keeps the whole matrix: it is looked at in areas of about AREA cells. `Field` is what
can be looked at; a score of CLOSED is a pair that may not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.matching.progress import Progress
from bot.matching.scores import GRAIN, Scores

Places = NDArray[np.intp]
Steps = NDArray[np.int64]  # scores in GRAINs
Cells = tuple[Places, Places, Steps]  # of some pairs the mentees, the mentors and the scores

CLOSED = -1.0
AREA, HEIGHT = 2**20, 128  # cells looked at together, and mentees at the least


class View(Protocol):
    """Everybody against some mentors, who stand ready in this order."""

    def at(self, rows: Places, first: int | None = None) -> Scores:
        """A fresh array of scores of some mentees, with the first few of the mentors or with all."""


class Field(Protocol):
    """Everybody against everybody, of which any part can be looked at."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors."""

    def at(self, rows: Places, columns: Places) -> Scores:
        """A fresh array of scores, 0 … 1 in GRAINs, CLOSED where a pair may not be."""

    def over(self, columns: Places) -> View:
        """The same for many rows, piece by piece."""


@dataclass(frozen=True)
class Seen:
    """A field small enough to be kept whole."""

    scores: Scores

    @property
    def shape(self) -> tuple[int, int]:
        return self.scores.shape[0], self.scores.shape[1]

    def at(self, rows: Places, columns: Places) -> Scores:
        return self.scores[np.ix_(rows, columns)]

    def over(self, columns: Places) -> View:
        return SeenView(self, columns)


@dataclass(frozen=True)
class SeenView:
    field: Seen
    columns: Places

    def at(self, rows: Places, first: int | None = None) -> Scores:
        return self.field.at(rows, self.columns[:first])


def all_of(field: Field) -> Scores:
    """Every score of a field, CLOSED where a pair may not be: 4 bytes a cell."""
    return field.at(*map(np.arange, field.shape))


@dataclass(frozen=True)
class Pinned:
    """A field in which some mentees have one mentor only, and some cells are closed."""

    field: Field
    only: Places  # per mentee the one mentor, or less than 0
    closed: tuple[tuple[int, int], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return self.field.shape

    def at(self, rows: Places, columns: Places) -> Scores:
        return self.over(columns).at(rows)

    def over(self, columns: Places) -> View:
        return PinnedView(self, columns, self.field.over(columns))


@dataclass(frozen=True)
class PinnedView:
    pins: Pinned
    columns: Places
    view: View

    def at(self, rows: Places, first: int | None = None) -> Scores:
        scores, only = self.view.at(rows, first), self.pins.only[rows]
        held, columns = np.flatnonzero(only >= 0), self.columns[:first]
        for row in held.tolist():
            scores[row, columns != only[row]] = CLOSED
        close(scores, rows, columns, self.pins.closed)
        return scores


def close(
    scores: Scores, rows: Places, columns: Places, cells: tuple[tuple[int, int], ...]
) -> None:
    """Close those of the cells (mentee, mentor) that are among these rows and columns."""
    if not cells:
        return
    across, down = np.array(cells, np.intp).T
    left = np.isin(across, rows) & np.isin(down, columns)
    row_at, column_at = np.argsort(rows), np.argsort(columns)
    row = row_at[np.searchsorted(rows, across[left], sorter=row_at)]
    column = column_at[np.searchsorted(columns, down[left], sorter=column_at)]
    scores[row, column] = CLOSED


@dataclass(frozen=True)
class Candidates:
    """Pairs that may be, ordered by mentee, then mentor; none twice."""

    shape: tuple[int, int]
    rows: Places
    columns: Places
    steps: Steps

    def with_more(self, rows: Places, columns: Places, steps: Steps) -> Candidates:
        """These and others, which may be among them already."""
        width = self.shape[1]
        known, asked = self.rows * width + self.columns, rows * width + columns
        asked, first = np.unique(asked, return_index=True)
        at = np.asarray(np.searchsorted(known, asked), np.intp)
        new = np.append(known, -1)[at] != asked
        at, first = at[new], first[new]
        return Candidates(
            self.shape,
            np.insert(self.rows, at, rows[first]),
            np.insert(self.columns, at, columns[first]),
            np.insert(self.steps, at, steps[first]),
        )

    def without(self, cells: tuple[tuple[int, int], ...]) -> Candidates:
        """These, but not the cells (mentee, mentor) named."""
        if not cells:
            return self
        barred = np.array([row * self.shape[1] + column for row, column in cells], np.int64)
        return self.only(~np.isin(self.rows * self.shape[1] + self.columns, barred))

    def among(self, others: Candidates) -> Candidates:
        """Those of these that are among the others too."""
        mine, theirs = (c.rows * self.shape[1] + c.columns for c in (self, others))
        return self.only(np.isin(mine, theirs))

    def only(self, kept: Places | NDArray[np.bool_]) -> Candidates:
        """Some of these, in their order."""
        return Candidates(self.shape, self.rows[kept], self.columns[kept], self.steps[kept])


def untold(part: float) -> None:
    """Nobody wants to know."""


def areas(
    view: View, rows: Places, first: Places, told: Progress
) -> Iterator[tuple[Places, Scores]]:
    """Some rows of a view, each with so many of its first columns, most first: rows and scores."""
    start = 0
    while start < len(rows) and first[start]:
        end = start + max(HEIGHT, AREA // int(first[start]))
        yield rows[start:end], view.at(rows[start:end], int(first[start]))
        start = end
        told(min(1.0, end / len(rows)))


def everywhere(field: Field, rows: Places, columns: Places) -> Iterator[tuple[Places, Scores]]:
    """Some rows with some columns of a field in areas: the rows, and their scores."""
    return areas(field.over(columns), rows, np.full(len(rows), len(columns), np.intp), untold)


def in_steps(scores: Scores | NDArray[np.float64]) -> Steps:
    """Scores in GRAINs, whole numbers."""
    return np.rint(np.asarray(scores, np.float64) / GRAIN).astype(np.int64)


def bands(places: Places, across: int) -> Iterator[Places]:
    height = max(HEIGHT, AREA // max(1, across))
    for start in range(0, len(places) if across else 0, height):
        yield places[start : start + height]
