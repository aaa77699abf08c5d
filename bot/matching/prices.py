"""What a place with each mentor costs, so that everybody is content where they are.

Such prices prove an arrangement best (complementary slackness): whoever would gain by another
mentor than their own at these prices shows a pair that was left out of the candidates.
"""

from __future__ import annotations

import numpy as np

from bot.matching.auction import each
from bot.matching.candidates import Steps
from bot.matching.flow import Network
from bot.matching.solver import NOBODY, Chosen


def smallest_prices(network: Network, chosen: Chosen) -> Steps:
    """The smallest prices at which nobody would rather have another candidate: shape (mentors,).

    `chosen` must be the best arrangement of `network`. A mentor with an open place costs nothing.
    The longest chains of one outbidding the other (Bellman-Ford on the residual graph); in whole
    numbers, so exact. Raises ValueError where `chosen` is not the best: the chains never end.
    """
    prices = np.zeros(len(network.capacity), np.int64)
    own = chosen[network.rows]
    alone = own == NOBODY
    bids = network.worth[alone] + network.home[network.rows[alone]]
    np.maximum.at(prices, network.columns[alone], bids)
    at, to, more = _outbidding(network, chosen)
    starts = np.searchsorted(at, np.arange(len(prices) + 1))
    changed = np.arange(len(prices))
    for _ in range(len(prices) + 2):
        chains, _ = each(starts, changed)
        targets = to[chains]
        before = prices[targets]
        bid = prices[at[chains]] + more[chains]
        better = bid > before
        if not better.any():
            return prices
        np.maximum.at(prices, targets[better], bid[better])
        changed = np.unique(targets[better])
    raise ValueError("this arrangement is not the best of these candidates")


def surplus(network: Network, chosen: Chosen, prices: Steps) -> Steps:
    """What a matched mentee gains at these prices, without `home`: shape (mentees,).

    Somebody without a mentor gains nothing, which is `home` less than nothing here.
    """
    gained = -network.home
    own = chosen[network.rows] == network.columns
    gained[network.rows[own]] = network.worth[own] - prices[network.columns[own]]
    return gained


def most_gained(network: Network, prices: Steps) -> Steps:
    """What each mentee could gain at these prices at the most, in the terms of `surplus`."""
    gained = -network.home
    np.maximum.at(gained, network.rows, network.worth - prices[network.columns])
    return gained


def _outbidding(network: Network, chosen: Chosen) -> tuple[Steps, Steps, Steps]:
    """Chains by their first mentor: whose mentee would pay so much more (or less) for whom."""
    own = chosen[network.rows]
    given = np.zeros(len(network.home), np.int64)
    kept = own == network.columns
    given[network.rows[kept]] = network.worth[kept]
    others = np.flatnonzero((own != NOBODY) & ~kept)
    at, to = own[others].astype(np.int64), network.columns[others].astype(np.int64)
    more = network.worth[others] - given[network.rows[others]]
    both = at * len(network.capacity) + to
    order = np.lexsort((-more, both))
    first = np.append(True, np.diff(both[order]) > 0)[: len(order)]
    chains = order[first]
    return at[chains], to[chains], more[chains]
