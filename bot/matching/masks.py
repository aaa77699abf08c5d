"""Pairs that may not be, as masks: a number for everybody first, then all pairs compared at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]  # True: this pair is out; shape (mentees, mentors) or broadcast to it
Whole = NDArray[np.int64]
K = TypeVar("K", bound=Hashable)

NOWHERE = -1  # the number of nothing, which is like nothing else


def nobody() -> Mask:
    """A rule that keeps no pair apart."""
    return np.zeros((1, 1), bool)


def whole(numbers: Iterable[int]) -> Whole:
    return np.array(list(numbers), np.int64)


def either(left: Sequence[bool], right: Sequence[bool]) -> Mask:
    """True where one of the two has the flag."""
    return np.asarray(np.array(left, bool)[:, None] | np.array(right, bool)[None, :])


def alike(left: Sequence[Hashable], right: Sequence[Hashable]) -> Mask:
    """True where both have the same; what is empty or None is like nothing."""
    numbers = {each: number for number, each in enumerate(dict.fromkeys((*left, *right)))}
    ours = whole(numbers[each] if each else NOWHERE for each in left)
    theirs = whole(numbers[each] if each else NOWHERE - 1 for each in right)
    return np.asarray(ours[:, None] == theirs[None, :])


def by_kind(
    left: Sequence[K], right: Sequence[K], apart: Callable[[Sequence[K], Sequence[K]], Mask]
) -> Mask:
    """What `apart` says of every kind of mentee and mentor, for all of that kind."""
    ours, theirs = dict.fromkeys(left), dict.fromkeys(right)
    row = dict(zip(ours, range(len(ours)), strict=True))
    column = dict(zip(theirs, range(len(theirs)), strict=True))
    table = np.broadcast_to(apart(list(ours), list(theirs)), (len(ours), len(theirs)))
    if not table.any():
        return nobody()
    rows, columns = whole(row[each] for each in left), whole(column[each] for each in right)
    return np.asarray(table[rows][:, columns])


def marked(pairs: Iterable[tuple[int, int]], left: Whole, right: Whole) -> Mask:
    """True where (number of the mentee, number of the mentor) is among the pairs."""
    named = np.array(list(pairs), np.int64).reshape(-1, 2)
    ours, row = np.unique(left, return_inverse=True)
    theirs, column = np.unique(right, return_inverse=True)
    there = named[np.isin(named[:, 0], ours) & np.isin(named[:, 1], theirs)]
    if not len(there):
        return nobody()
    marks = np.zeros((len(ours), len(theirs)), bool)
    marks[np.searchsorted(ours, there[:, 0]), np.searchsorted(theirs, there[:, 1])] = True
    return np.asarray(marks[row][:, column])
