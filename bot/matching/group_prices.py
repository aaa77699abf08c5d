"""Prices of mentees that tell which mentors open a group, and how much better other groups could be.

At any prices each mentor, asked alone, would lead the group that is worth most beyond its prices,
or none. The prices and what all these groups are worth beyond them come to more than any groups can
be worth (Lagrangian relaxation). Whom several would take becomes dearer, whom nobody would take
cheaper, until the sum hardly falls (subgradients, Held, Wolfe & Crowder 1974,
doi.org/10.1007/BF01580223); it ends within some hundredths of a percent of the best groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.scores import Scores

PLACE = 2.0  # what a place in a group is worth here, more than any score
NEVER = -1e9  # what a pair is worth that may not be
USUAL = 0.3  # what a mentee who can be placed is worth beyond a place, to begin with
SCARCE = 0.1  # what one is worth where mentors have too few places
HOPE, LEAST_HOPE = 0.05, 1e-6  # per mentee, by how much the sum is hoped to fall
ROUNDS, STEPS = 30, 20  # times that everybody is looked at, and changes of prices between them
LIKELY = 48  # mentees whom a mentor looks at between

Worths = NDArray[np.float64]
Seats = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Priced:
    bound: float  # no groups are worth more: PLACE for everybody placed, and the scores
    worth: Worths  # per mentor, their best group beyond its prices; who is above 0 would open
    loss: Worths  # shape (mentees, mentors): by how much groups with this pair are below the bound


@dataclass(frozen=True, slots=True)
class _Asked:
    mentees: Seats  # per mentor, those of most gain first
    gain: Worths  # of each of them
    taken: NDArray[np.bool_]
    worth: Worths

    @property
    def total(self) -> float:
        return float(np.maximum(0.0, self.worth).sum())

    def wanted(self, mentees: int) -> NDArray[np.int64]:
        """By how many mentors each mentee is taken."""
        taken = self.mentees[self.taken & (self.worth > 0)[:, None]]
        return np.bincount(taken, minlength=mentees)


def priced(scores: Scores, least: int, most: int) -> Priced:
    """Prices at which the bound is about as low as it can be.

    scores: shape (mentees, mentors), at least `least` of them mentees; below 0 where a pair may not be.
    """
    worth = np.ascontiguousarray(np.where(scores >= 0, scores + PLACE, NEVER).T, np.float64)
    most = min(most, len(scores))
    scarce = most * scores.shape[1] < len(scores)
    prices = np.full(len(scores), SCARCE if scarce else PLACE + USUAL)
    prices[(scores < 0).all(axis=1)] = 0.0
    prices = _lowest(worth, prices, least, most)
    gain = worth - prices
    asked = _asked(gain, least, most)
    last = np.take_along_axis(asked.gain, asked.taken.sum(axis=1)[:, None] - 1, axis=1)[:, 0]
    full = asked.taken.all(axis=1)
    leaves = np.where(full, last, np.minimum(0.0, last))  # who else joins takes the place of these
    loss = (np.maximum(0.0, -asked.worth) + leaves)[:, None] - gain
    return Priced(float(prices.sum()) + asked.total, asked.worth, np.maximum(0.0, loss).T)


def _lowest(worth: Worths, prices: Worths, least: int, most: int) -> Worths:
    """The prices of the lowest bound that is found; hopes are halved where they are disappointed."""
    people = len(prices)
    bound, best, hope = np.inf, prices, HOPE * people
    for _ in range(ROUNDS):
        total = float(prices.sum()) + _asked(worth - prices, least, most).total
        if total > bound - hope:
            hope /= 2
        if total < bound:
            bound, best = total, prices
        if hope < LEAST_HOPE * people:
            break
        prices = _lower(worth, best, hope, (least, most))
    return best


def _lower(worth: Worths, prices: Worths, hope: float, size: tuple[int, int]) -> Worths:
    """Better prices, so far as can be told from each mentor's likeliest mentees."""
    people = len(prices)
    likely = _first(worth - prices, max(LIKELY, size[1]))
    near = np.take_along_axis(worth, likely, axis=1)
    lowest, best = np.inf, prices
    for _ in range(STEPS):
        asked = _asked(near - prices[likely], *size, likely)
        total = float(prices.sum()) + asked.total
        if total < lowest:
            lowest, best = total, prices
        free = 1 - asked.wanted(people)
        if not free.any():
            break
        step = (total - lowest + hope) / float((free * free).sum())
        prices = np.maximum(0.0, prices - step * free)
    return best


def _asked(gain: Worths, least: int, most: int, names: Seats | None = None) -> _Asked:
    """The best group of each mentor; gain: shape (mentors, mentees), or those `names` says."""
    chosen = _first(gain, most)
    gains = np.take_along_axis(gain, chosen, axis=1)
    order = np.argsort(-gains, axis=1, kind="stable")
    chosen = np.take_along_axis(chosen, order, axis=1)
    gains = np.take_along_axis(gains, order, axis=1)
    taken = (gains > 0) | (np.arange(most) < least)
    mentees = chosen if names is None else np.take_along_axis(names, chosen, axis=1)
    return _Asked(mentees, gains, taken, (gains * taken).sum(axis=1))


def _first(gain: Worths, count: int) -> Seats:
    """The so many mentees of most gain, per mentor, in no order."""
    if count >= gain.shape[1]:
        return np.tile(np.arange(gain.shape[1]), (len(gain), 1))
    return np.argpartition(-gain, count - 1, axis=1)[:, :count]
