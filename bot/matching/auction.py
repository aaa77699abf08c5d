"""Prices near the right ones, found quickly: mentees bid for places until most are content.

SciPy's exact engine finishes in a tenth of the time when it starts from them; they need not be
right, so the bidding stops after a set amount of work. Bertsekas' auction algorithm (1988,
doi.org/10.1007/BF02186476), all who have no place bidding at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.matching.candidates import Places, Steps

RAISES = (1 / 32, 1 / 256, 1 / 2048)  # of the greatest worth: the least by which a bid goes up
HOMES = 4  # a step in `home` counts as this many times the greatest worth while bidding
WORK = 80  # times that each pair is weighed in bidding, on average
ROUND = 2_000  # what a round of bids costs besides, in pairs
LEAST = (
    500 * ROUND
)  # work that few pairs may take: where all fit alike, prices rise a step at a time


@dataclass
class Auction:
    """Bids so far: a mentor asks for the lowest bid that has a place, nothing while one is open."""

    starts: Places  # where the pairs of each mentee begin, and the end
    columns: Places  # of each pair the mentor
    worth: Steps
    home: Steps  # per mentee; who cannot have a mentor for less stays at home
    places: Places  # per mentor
    start: Steps  # per mentor, the price to begin with
    step: int  # the least by which a bid goes up

    def __post_init__(self) -> None:
        self.first = np.cumsum(self.places) - self.places
        self.bids = np.repeat(self.start, self.places)
        self.holders = np.full(len(self.bids), -1)
        self.prices = np.where(self.places > 0, self.start, np.iinfo(np.int64).max // 4)

    def run(self, work: int) -> Steps:
        """The prices when everybody has a place or gives up, or when the work is done."""
        free = np.flatnonzero(np.diff(self.starts) > 0)
        while len(free) and work > 0:
            pairs, within = each(self.starts, free)
            work -= len(pairs) + ROUND
            mentees, mentors, bids = self._bids(free, pairs, within)
            free = self._sold(mentees, mentors, bids)
        return np.where(self.places > 0, self.prices, 0)

    def _bids(self, free: Places, pairs: Places, within: Places) -> tuple[Places, Places, Steps]:
        """Everybody without a place bids for their best mentor what the second best allows."""
        gain = self.worth[pairs] - self.prices[self.columns[pairs]]
        best = np.maximum.reduceat(gain, within)
        at = np.flatnonzero(gain == np.repeat(best, np.diff(np.append(within, len(pairs)))))
        at = at[np.searchsorted(at, within)]
        gain[at] = np.iinfo(np.int64).min
        second = np.maximum(np.maximum.reduceat(gain, within), -self.home[free])
        bidding = best > -self.home[free]
        mentors = self.columns[pairs[at]]
        bids = self.prices[mentors] + best - second + self.step
        return free[bidding], mentors[bidding], bids[bidding]

    def _sold(self, mentees: Places, mentors: Places, bids: Steps) -> Places:
        """Each mentor's highest bid gets the cheapest place; who is without one is returned."""
        order = np.lexsort((bids, mentors))
        won = order[np.append(mentors[order][1:] != mentors[order][:-1], True)[: len(order)]]
        if not len(won):
            return np.asarray(won, np.intp)
        at = mentors[won]
        seat, within = each(np.append(self.first, len(self.bids)), at)
        counts = self.places[at]
        cheapest = np.flatnonzero(self.bids[seat] == np.repeat(self.prices[at], counts))
        place = seat[cheapest[np.searchsorted(cheapest, within)]]
        put_out = self.holders[place]
        self.holders[place], self.bids[place] = mentees[won], bids[won]
        self.prices[at] = np.minimum.reduceat(self.bids[seat], within)
        lost = np.ones(len(mentees), bool)
        lost[won] = False
        return np.concatenate([mentees[lost], put_out[put_out >= 0]])


def each(starts: Places, places: Places) -> tuple[Places, Places]:
    """Everything that belongs to these places, and where in it each begins."""
    counts = starts[places + 1] - starts[places]
    within = np.cumsum(counts) - counts
    shift = np.repeat(starts[places] - within, counts)
    return np.arange(len(shift)) + shift, within


def near_prices(rows: Places, columns: Places, worth: Steps, home: Steps, places: Places) -> Steps:
    """Prices about those of the best arrangement: shape (mentors,), whole and not negative.

    rows, columns, worth: pairs; home: per mentee; places: per mentor. What a place at home is worth
    is told in small steps while bidding (it may be a billion times a score) and put back after.
    """
    order = np.argsort(rows, kind="stable")
    starts = np.searchsorted(rows[order], np.arange(len(home) + 1))
    top = int(worth.max(initial=0)) + 1
    levels, level = np.unique(home, return_inverse=True)
    small = HOMES * top * (level.reshape(-1) + 1)
    enough = int(places.sum()) >= len(home)
    lowest = 0 if enough else int(np.sort(small)[len(home) - 1 - int(places.sum())])
    prices, slack = np.full(len(places), lowest, np.int64), 0
    for part in RAISES:
        step = max(1, round(top * part))
        begin = np.maximum(lowest, prices - slack)
        auction = Auction(starts, columns[order], worth[order], small, places, begin, step)
        prices, slack = auction.run(max(LEAST, WORK * len(rows) // len(RAISES))), step
    at = np.clip(np.rint(prices / (HOMES * top)).astype(np.int64), 0, len(levels))
    back = np.append(0, levels)[at] - at * HOMES * top
    return np.asarray(np.maximum(0, prices + back), np.int64)
