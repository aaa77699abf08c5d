"""Which mentors open a group, and who sits there: first as many mentees as can be, then the best.

Once it is known who opens, the rest is an assignment. Prices (`group_prices.py`) say who does, and
what other groups could be worth at the most. So only pairs that cost no more than what is missing
to that can be in better groups; mostly they are few, and SciPy's `milp` (HiGHS,
doi.org/10.1007/s12532-017-0130-5), with only "this mentor opens" in whole numbers, finds the best
of them or proves that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from bot.matching.group_prices import PLACE, Priced, priced
from bot.matching.scores import Scores
from bot.matching.solver import NOBODY, Chosen

EXACT_UP_TO = 20_000  # pairs that are in question
PATIENCE = 20.0  # seconds that may go into a proof
NEAR_ENOUGH = 3e-4  # of the total: what is missing less than this is not sought by trying
DOUBTFUL, TRIES = 10, 150  # mentors who might as well open as not, and other openings tried
ROUNDING = 1e-6

Open = NDArray[np.bool_]  # per mentor
Pairs = NDArray[np.bool_]  # shape (mentees, mentors)
Worth = tuple[int, float]  # how many are placed, and the sum of their scores


def seated(scores: Scores, least: int, most: int) -> tuple[Chosen, bool]:
    """For each mentee the column of the mentor, or NOBODY; and whether it is proven best.

    scores: shape (mentees, mentors), below 0 where a pair may not be. Every mentor has nobody, or
    `least` to `most`.
    """
    possible = scores >= 0
    able: Open = np.asarray(possible.sum(axis=0) >= least)
    if not able.any():
        return np.full(len(scores), NOBODY, np.intp), True
    prices = priced(scores, least, most)
    found = _closing(scores, able & (prices.worth > 0), least, least, most)
    limit = min(int(possible[:, able].any(axis=1).sum()), most * int(able.sum()))
    if _worth(scores, found)[0] < limit:
        limit = _worth(scores, _filled(scores, able, 0, most))[0]
        other = _closing(scores, able, 0, least, most)
        found = max(found, other, key=lambda chosen: _worth(scores, chosen))
    found = _improved(scores, found, prices, (least, most))
    placed, total = _worth(scores, found)
    missing = _missing(prices, (placed, total))
    if placed == limit and missing <= ROUNDING:
        return found, True
    if placed == limit:
        possible &= prices.loss <= missing + ROUNDING
    if np.count_nonzero(possible) > EXACT_UP_TO:
        return found, False
    opened, proven = _opened(scores, possible, (least, most), placed, placed == limit)
    if opened is None or (opened == _leads(scores, found)).all():
        return found, proven
    better = _filled(scores, opened, least, most)
    return max(found, better, key=lambda chosen: _worth(scores, chosen)), proven


def _improved(scores: Scores, found: Chosen, prices: Priced, size: tuple[int, int]) -> Chosen:
    """As found, or better: mentors in doubt open, close or take turns, while that helps."""
    best, tries = _worth(scores, found), TRIES
    doubtful = np.argsort(np.abs(prices.worth), kind="stable")[:DOUBTFUL]
    improved = True
    while improved:
        improved = False
        for other in _others(_leads(scores, found), doubtful):
            if not tries or _missing(prices, best) <= NEAR_ENOUGH * best[1]:
                return found
            tries -= 1
            chosen = _filled(scores, other, *size)
            load = np.bincount(chosen[chosen != NOBODY], minlength=len(other))
            worth = _worth(scores, chosen)
            if (load[other] >= size[0]).all() and worth > (best[0], best[1] + ROUNDING):
                found, best, improved = chosen, worth, True
                break
    return found


def _others(opened: Open, doubtful: NDArray[np.intp]) -> Iterator[Open]:
    """One of the doubtful changed, and then one who opens for one who closes."""
    ones = [(one,) for one in doubtful.tolist()]
    turns = product(doubtful[opened[doubtful]].tolist(), doubtful[~opened[doubtful]].tolist())
    for changed in [*ones, *turns]:
        other = opened.copy()
        other[list(changed)] ^= True
        yield other


def _missing(prices: Priced, worth: Worth) -> float:
    """By how much other groups, of as many people, could be better at the most."""
    return prices.bound - PLACE * worth[0] - worth[1]


def _leads(scores: Scores, chosen: Chosen) -> Open:
    return np.isin(np.arange(scores.shape[1]), chosen)


def _worth(scores: Scores, chosen: Chosen) -> Worth:
    rows = np.flatnonzero(chosen != NOBODY)
    return len(rows), float(scores[rows, chosen[rows]].sum(dtype=float))


def _opened(
    scores: Scores, possible: Pairs, size: tuple[int, int], placed: int, known: bool
) -> tuple[Open | None, bool]:
    """Who opens in the best groups of the possible pairs, and whether that is proven.

    So many are `placed` at the least; where that is `known` to be the most, only scores count.
    """
    rows, columns = np.nonzero(possible)
    pairs, (mentees, mentors) = np.arange(len(rows)), scores.shape
    leads = len(rows) + np.arange(mentors)
    place = 0.0 if known else mentees + 1.0
    gain = np.append(-(place + scores[rows, columns].astype(float)), np.zeros(mentors))
    ones = np.ones(len(rows))

    def table(lines: Chosen, group: float) -> sparse.csr_array:
        """Each line's pairs, less `group` for each mentor who opens."""
        shape = (max(mentees, mentors), len(gain))
        count = sparse.csr_array((ones, (lines, pairs)), shape=shape)
        led = sparse.csr_array((np.full(mentors, -group), (leads - len(rows), leads)), shape=shape)
        return count + led if group else count

    opens = sparse.csr_array(
        (np.concatenate([ones, -ones]), (np.tile(pairs, 2), np.append(pairs, len(rows) + columns))),
        shape=(len(rows), len(gain)),
    )
    found = milp(
        gain,
        integrality=np.append(np.zeros(len(rows)), np.ones(mentors)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(table(rows, 0), -np.inf, 1),
            LinearConstraint(table(columns, size[1]), -np.inf, 0),
            LinearConstraint(table(columns, size[0]), 0, np.inf),
            LinearConstraint(opens, -np.inf, 0),
            LinearConstraint(np.append(ones, np.zeros(mentors)), placed, np.inf),
        ],
        options={"mip_rel_gap": 0, "time_limit": PATIENCE},
    )
    if found.x is None:
        return None, False
    return np.asarray(found.x[len(rows) :] > 0.5), found.status == 0


def _closing(scores: Scores, opened: Open, first: int, least: int, most: int) -> Chosen:
    """Groups of mentors who can all fill one: the emptiest close first, some of them at a time.

    The `first` places of every mentor count before all others.
    """
    opened = opened.copy()
    while True:
        chosen = _filled(scores, opened, first, most)
        load = np.bincount(chosen[chosen != NOBODY], minlength=scores.shape[1])
        short = np.flatnonzero(opened & (load < least))
        if not len(short):
            return chosen if first == least else _filled(scores, opened, least, most)
        room = np.maximum(scores[:, short], 0).sum(axis=0)
        order = np.lexsort((room, load[short]))
        opened[short[order[: max(1, len(short) // 3)]]] = False


def _filled(scores: Scores, opened: Open, first: int, most: int) -> Chosen:
    """The best mentees for the mentors who open; the `first` places count before all others."""
    chosen = np.full(len(scores), NOBODY, np.intp)
    seats = np.repeat(np.flatnonzero(opened), most)
    if not len(seats) or not len(scores):
        return chosen
    place = len(scores) + 1.0
    early = np.tile(np.arange(most) < first, int(opened.sum())) * place * place
    open_ = scores[:, seats] >= 0
    value = np.where(open_, scores[:, seats] + place + early, 0.0)
    rows, columns = linear_sum_assignment(value, maximize=True)
    used = open_[rows, columns]
    chosen[rows[used]] = seats[columns[used]]
    return chosen
