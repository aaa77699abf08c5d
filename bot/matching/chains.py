"""What it costs the whole round when one mentor has one mentee too many: a chain of people moving.

Whoever has one too many hands one on to another mentor, who hands one on, until the place that came
free is filled, or stays empty, or somebody stays at home. The cheapest chain is a shortest path in
the residual graph of the flow; at prices that prove the round best no link costs less than nothing
(reduced costs: Edmonds & Karp 1972, doi.org/10.1145/321694.321699), so Dijkstra finds it, for every
mentor at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from bot.matching.candidates import Places, Steps
from bot.matching.flow import Network
from bot.matching.masks import Mask
from bot.matching.prices import surplus
from bot.matching.solver import NOBODY, Chosen

Away = NDArray[np.float64]  # whole numbers; infinite where there is no way

Link = tuple[int, int, int]  # (mentee or NOBODY, from mentor, to mentor); OUTSIDE is len(mentors)


@dataclass(frozen=True)
class Chains:
    """The cheapest link from every mentor to every other, in the units of the network."""

    outside: int  # the node for everybody who has no mentor and for every open place
    links: Places  # from * (outside + 1) + to, in order
    movers: Places  # of each link the mentee who moves, NOBODY where nobody does
    cost: Steps  # never less than nothing
    graph: sparse.csr_array  # the same, to mentor × from mentor

    def to(self, place: int, limit: float = np.inf) -> tuple[Away, Places]:
        """How far every mentor is from a place that came free, and where each hands on to.

        Beyond `limit` everything is infinitely far.
        """
        away, onward = dijkstra(
            self.graph, directed=True, indices=[place], return_predecessors=True, limit=limit
        )
        return away[0], onward[0]

    def path(self, start: int, onward: Places) -> list[Link]:
        """Who moves, and from where to where, when one more comes to `start`."""
        moved: list[Link] = []
        while (after := int(onward[start])) >= 0:
            at = np.searchsorted(self.links, start * (self.outside + 1) + after)
            moved.append((int(self.movers[at]), start, after))
            start = after
        return moved


def chains(network: Network, chosen: Chosen, prices: Steps, held: Mask) -> Chains:
    """Every link of a round arranged best at these prices; who is held moves nowhere."""
    outside = len(network.capacity)
    gained, own = surplus(network, chosen, prices), chosen[network.rows]
    moving = ~held[network.rows] & (own != network.columns)
    rows, to = network.rows[moving], network.columns[moving]
    passing = gained[rows] + prices[to] - network.worth[moving]
    leaving = np.flatnonzero((chosen != NOBODY) & ~held)
    load = np.bincount(chosen[chosen != NOBODY], minlength=outside)
    spare, taken = np.flatnonzero(load < network.capacity), np.flatnonzero(load)
    start = np.where(own[moving] == NOBODY, outside, own[moving])
    parts = (
        (start, to, rows, passing),
        (chosen[leaving], _all(leaving, outside), leaving, (gained + network.home)[leaving]),
        (spare, _all(spare, outside), _all(spare, NOBODY), _all(spare, 0)),
        (_all(taken, outside), taken, _all(taken, NOBODY), prices[taken]),
    )
    start, to, movers, cost = map(np.concatenate, zip(*parts, strict=True))
    return _cheapest(outside, start * (outside + 1) + to, movers, np.maximum(cost, 0))


def _cheapest(outside: int, links: Places, movers: Places, cost: Steps) -> Chains:
    order = np.lexsort((movers, cost, links))
    order = order[np.append(True, np.diff(links[order]) > 0)[: len(order)]]
    links, movers, cost = links[order], movers[order], cost[order]
    start, to = np.divmod(links, outside + 1)
    graph = sparse.csr_array((cost.astype(float), (to, start)), shape=(outside + 1,) * 2)
    return Chains(outside, links, movers, cost, graph)


def _all(places: Places, value: int) -> Places:
    return np.full(len(places), value)
