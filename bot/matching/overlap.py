"""Counting what two sides share: between everybody and everybody, or pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Tags = frozenset[str | int]
Counts = NDArray[np.float32]  # whole numbers; exact in float32 up to 2**24

NO_COLUMN = -1
DENSE_UP_TO = 1024  # different tags; below this a dense product is the fastest


def sizes(sides: Sequence[Tags]) -> Counts:
    """How many tags each has: float32, shape (len(sides),)."""
    return np.fromiter(map(len, sides), np.float32, len(sides))


def shared(left: Sequence[Tags], right: Sequence[Tags]) -> Counts:
    """How many tags each left one shares with each right one: float32, shape (left, right)."""
    known = frozenset[str | int]().union(*left) & frozenset[str | int]().union(*right)
    if not known:
        return np.zeros((len(left), len(right)), np.float32)
    column = {tag: k for k, tag in enumerate(known)}
    a, b = marks(left, column), marks(right, column)
    if len(column) <= DENSE_UP_TO:
        return np.asarray(a.toarray() @ b.toarray().T, np.float32)
    return np.asarray((a @ b.T).toarray(), np.float32)


def marks(sides: Sequence[Tags], column: Mapping[str | int, int]) -> sparse.csr_array:
    """A 1 for each tag that has a column: float32, shape (len(sides), len(column))."""
    tags, ends = chain.from_iterable(sides), np.cumsum([0, *map(len, sides)])
    found = np.fromiter(map(column.get, tags, repeat(NO_COLUMN)), np.int32, ends[-1])
    known = found != NO_COLUMN
    starts = np.append(0, np.cumsum(known))[ends]
    ones = np.ones(int(starts[-1]), np.float32)
    return sparse.csr_array((ones, found[known], starts), shape=(len(sides), len(column)))
