"""What figures give away together, to readers who know who answered and what they said themselves.

A mean that is shown tells between which two numbers a sum lies; two of them, added or subtracted,
tell it of another group. Such a group must be large enough, and must not agree at an end of the scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from bot.core.insights import Figure

_ROUNDED = 0.0501  # how far a mean of one decimal may be from the true one
_EXACT = 1e-6
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """The lowest and the highest answer there is."""

    low: int
    high: int

    @property
    def near(self) -> int:
        """How many points from all at one end a sum still counts as "nearly all".

        One more than a single answer can differ: whoever answered the very opposite, and takes
        their own answer off, still cannot tell that all the others agreed.
        """
        return self.high - self.low + 1


@dataclass(frozen=True)
class Seen:
    """A figure that is shown, with those it comes from as far as their numbers are still kept."""

    figure: Figure
    people: frozenset[int]

    @property
    def unknown(self) -> int:
        return abs(self.figure.n - len(self.people))


def figure(answers: Sequence[float], scale: Scale) -> Figure:
    """The mean; where nearly all chose the same end of the scale, only that it lies beyond a bound."""
    n, total = len(answers), sum(answers)
    if scale.high * n - total <= scale.near:
        return Figure(floor(10 * scale.high - 10 * scale.near / n) / 10, n, "high")
    if total - scale.low * n <= scale.near:
        return Figure(ceil(10 * scale.low + 10 * scale.near / n) / 10, n, "low")
    return Figure(round(fmean(answers), 1), n)


def tells_too_much(new: Sequence[Seen], before: Sequence[Seen], k: int, scale: Scale) -> bool:
    """Whether what is new, added to and subtracted from itself and what was shown before, leaves
    fewer than `k` people, or a group that must nearly all have said the same.

    Reckons with readers who take it that nobody changed their mind since.
    """
    seen = [*new, *before]
    signs = np.array(list(product((-1, 0, 1), repeat=len(seen))), np.float64)
    signs = signs[signs[:, : len(new)].any(axis=1)]
    weights, sizes = _cells(signs, seen)
    left = (weights != 0) @ sizes
    somebody = ((weights != 0) & (sizes > 0)).any(axis=1)
    known = left - np.abs(signs) @ np.array([each.unknown for each in seen], np.float64)
    low, high = _between(weights, scale.low * sizes, scale.high * sizes)
    least, most = _between(signs, *np.array([_sum(each.figure, scale) for each in seen]).T)
    from_low = np.minimum(high, most) - low
    from_high = high - np.maximum(low, least)
    agreed = np.minimum(from_low, from_high) < scale.near - _EXACT
    return bool((somebody & ((known < k) | agreed)).any())


def _cells(signs: Numbers, seen: Sequence[Seen]) -> tuple[Numbers, Numbers]:
    """How often each kind of person counts in each sum, and how many there are of the kind: people
    who are in the same figures are one kind, those whose number is gone one for each figure."""
    everyone = sorted(frozenset[int]().union(*(each.people for each in seen)))
    inside = [[float(person in each.people) for person in everyone] for each in seen]
    table = np.array(inside, np.float64).reshape(len(seen), -1)
    kinds, sizes = np.unique(table, axis=1, return_counts=True)
    unknown = np.array([each.unknown for each in seen])
    return signs @ np.hstack([kinds, np.eye(len(seen))]), np.hstack([sizes, unknown]).astype(float)


def _between(weights: Numbers, least: Numbers, most: Numbers) -> tuple[Numbers, Numbers]:
    """The smallest and the largest of each weighted sum of things that lie between two numbers."""
    up, down = np.maximum(weights, 0), np.minimum(weights, 0)
    return up @ least + down @ most, up @ most + down @ least


def _sum(shown: Figure, scale: Scale) -> tuple[float, float]:
    """Between what the sum of the answers lies, for whoever reads the figure."""
    low, high = scale.low * shown.n, scale.high * shown.n
    match shown.end:
        case "high":
            return high - scale.near, high
        case "low":
            return low, low + scale.near
    middle, apart = shown.mean * shown.n, _ROUNDED * shown.n
    least = max(ceil(middle - apart), low + scale.near + 1)
    return least, min(floor(middle + apart), high - scale.near - 1)
