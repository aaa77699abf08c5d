"""Counting what two sides share: between everybody and everybody, or pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Tags = frozenset[str | int]
Counts = NDArray[np.float32]  # whole numbers; exact in float32 up to 2**24

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
    rows = [[column[tag] for tag in side if tag in column] for side in sides]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    indices = np.fromiter((k for row in rows for k in row), np.int64, int(starts[-1]))
    ones = np.ones(len(indices), np.float32)
    return sparse.csr_array((ones, indices, starts), shape=(len(sides), len(column)))
