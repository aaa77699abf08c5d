"""The best few mentors of everybody: the first look at all pairs, which finds the candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from bot.matching.candidates import (
    CLOSED,
    Candidates,
    Cells,
    Field,
    Places,
    Steps,
    bands,
    in_steps,
    untold,
)
from bot.matching.progress import Progress
from bot.matching.scores import Scores

BEST = 32  # mentors kept of every mentee
FEWEST = 8  # mentees kept of a mentor whom hardly anybody kept
SAMPLE, MANY = 8, 4  # one in so many is a sample; it misled where so many times the best are found
ALIKE = 2.0**-24  # tells equal scores apart, below one GRAIN


def first_look(
    field: Field, capacity: Steps, most: int = BEST, told: Progress = untold
) -> tuple[Candidates, Steps]:
    """The best `most` mentors of every mentee, and the score in GRAINs above which there is no other.

    A mentor whom fewer kept than could be needed gets the mentees who suit them best. The limit is
    -1 for a mentee of whom every possible mentor is a candidate. Equals are told apart by a pattern
    over the matrix, so that not everybody keeps the same few.
    """
    limits = np.full(field.shape[0], -1, np.int64)
    mentors = np.flatnonzero(capacity > 0)
    best = _together(_best_of_everyone(field, mentors, most, limits, told), most * len(limits))
    return _with_the_shy(field, Candidates(field.shape, *best), capacity), limits


def _best_of_everyone(
    field: Field, mentors: Places, most: int, limits: Steps, told: Progress
) -> Iterator[Cells]:
    """The best of every mentee, a band at a time, in order; fills in their limits."""
    view = field.over(mentors)
    for rows in bands(np.arange(field.shape[0]), len(mentors)):
        (row, column, steps), limits[rows] = best_of_each_row(view.at(rows), rows, mentors, most)
        order = np.lexsort((column, row))
        yield rows[row[order]], mentors[column[order]], steps[order]
        told((int(rows[-1]) + 1) / field.shape[0])


def _with_the_shy(field: Field, found: Candidates, capacity: Steps) -> Candidates:
    kept = np.bincount(found.columns, minlength=field.shape[1])
    wished = np.where(capacity > 0, np.minimum(FEWEST + capacity, field.shape[0]), 0)
    shy, most = np.flatnonzero(kept < wished), np.minimum(wished, 4 * BEST)
    room = len(shy) * int(most[shy].max(initial=0))
    return found.with_more(*_together(_best_of_the_shy(field, shy, most), room))


def _best_of_the_shy(field: Field, shy: Places, most: Steps) -> Iterator[Cells]:
    everyone = np.arange(field.shape[0])
    for columns in bands(shy, field.shape[0]):
        scores = np.ascontiguousarray(field.at(everyone, columns).T)
        best, _ = best_of_each_row(scores, columns, everyone, int(most[columns].max()))
        column, row, steps = best
        yield row, columns[column], steps


def _together(parts: Iterable[Cells], room: int) -> Cells:
    """All parts, no more cells than there is room for. Kept one by one, they would lie between what
    is made and thrown away meanwhile, and its memory could not be used for anything large again."""
    every, end = (np.empty(room, np.intp), np.empty(room, np.intp), np.empty(room, np.int64)), 0
    for part in parts:
        start, end = end, end + len(part[0])
        for whole, some in zip(every, part, strict=True):
            whole[start:end] = some
    rows, columns, steps = (whole[:end] for whole in every)
    return rows, columns, steps


def _told_apart(scores: Scores, rows: Places, columns: Places) -> Scores:
    """The scores, equals in another order for everybody, none changed by a GRAIN."""
    pattern = np.bitwise_xor.outer(_mixed(rows), _mixed(columns))
    return np.asarray(scores + pattern * np.float32(ALIKE), np.float32)


def _mixed(places: Places) -> NDArray[np.uint8]:
    return ((places.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(57)).astype(
        np.uint8
    )


def best_of_each_row(
    scores: Scores, rows: Places, columns: Places, most: int
) -> tuple[Cells, Steps]:
    """(row, column, GRAINs) of each row's best, by place, and per row the score that no other is above.

    A sample of each row tells about where its best begin, and what is above is put in order; where
    the sample misled, the row is looked at as a whole.
    """
    height, width = scores.shape
    least = _sampled(scores, most)
    row, column = np.divmod(np.flatnonzero(scores >= np.maximum(least, 0)[:, None]), max(1, width))
    found = np.bincount(row, minlength=height)
    misled = (found > MANY * most) | ((found < most) & (least >= 0))
    if misled.any():
        whole = np.flatnonzero(misled)
        apart = _told_apart(scores[whole], rows[whole], columns)
        exact = np.partition(apart, width - most, axis=1)[:, width - most]
        again = np.nonzero(apart >= np.maximum(exact, 0)[:, None])
        right = ~misled[row]
        row = np.concatenate([row[right], whole[again[0]]])
        column = np.concatenate([column[right], again[1]])
    return _trimmed(scores, rows, columns, row, column, most)


def _sampled(scores: Scores, most: int) -> Scores:
    """Per row a score that a few more than `most` reach, going by a sample; -1: all that may be."""
    height, width = scores.shape
    if width <= most:
        return np.full(height, CLOSED, np.float32)
    if width < SAMPLE * SAMPLE * 4:
        return np.asarray(np.partition(scores, width - most, axis=1)[:, width - most])
    sample = np.ascontiguousarray(scores[:, SAMPLE // 2 :: SAMPLE])
    place = sample.shape[1] - min(sample.shape[1], most // SAMPLE + 4)
    return np.asarray(np.partition(sample, place, axis=1)[:, place])


def _trimmed(
    scores: Scores, rows: Places, columns: Places, row: Places, column: Places, most: int
) -> tuple[Cells, Steps]:
    """The best `most` of each row of these cells, equals in another order for everybody."""
    score = scores[row, column].astype(np.float64)
    pattern = _mixed(rows[row]) ^ _mixed(columns[column])
    order = np.argsort(8.0 * row - score - pattern * ALIKE, kind="stable")
    row, column, score = row[order], column[order], score[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    kept = place < most
    steps = in_steps(score)
    limits = np.full(len(scores), -1, np.int64)
    last = place == most - 1
    if scores.shape[1] > most:
        limits[row[last]] = steps[last]
    return (row[kept], column[kept], steps[kept]), limits
