"""The best arrangement on candidates alone: a flow of mentees through mentors with places.

Two engines give the same worth: SciPy's matching of least weight on a sparse graph (LAPJVsp, Jonker
& Volgenant 1987, doi.org/10.1007/BF02278710), a column for each place; and, where the extra
`koppel[large]` is installed, OR-tools' flow of least cost (cost scaling, Goldberg 1997,
doi.org/10.1006/jagm.1995.0805), which knows places by itself and is faster the larger a round is.
Everybody has a place of their own at home, so there always is an arrangement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from bot.matching.auction import HOMES, each, near_prices
from bot.matching.candidates import Places, Steps
from bot.matching.masks import Whole
from bot.matching.solver import NOBODY, WHOLE, Chosen

EXACT = 2**51  # the largest worth that SciPy's engine, which counts in floats, adds up exactly
ROOM = 2**62  # what OR-tools counts with, costs times nodes


@dataclass(frozen=True)
class Network:
    """Who may go where, and what that is worth, in whole numbers: by mentee, then mentor."""

    rows: Places  # of every pair, the mentee
    columns: Places  # and the mentor
    worth: Steps  # 0 and up
    home: Steps  # per mentee, what having any mentor is worth besides
    capacity: Whole  # per mentor
    hint: Steps | None = None  # per mentor, prices near the right ones, where they are known


Engine = Callable[[Network], Chosen]
SCIPY, ORTOOLS = "scipy", "ortools"


def flow(network: Network, engine: str = SCIPY) -> Chosen:
    """The arrangement of greatest worth: for each mentee the column of the mentor, or NOBODY.

    Worth is summed over the matched: that of the pair and `home`. Every engine reaches the same
    worth; between equals they may differ, each the same way every time. Raises OverflowError for
    worths that cannot be counted exactly any more. A `home` is mostly far more than any pair, and
    such numbers take engines long; where everybody can be matched a smaller one does as well.
    """
    if not len(network.rows):
        return np.full(len(network.home), NOBODY, np.intp)
    if max(network.worth.max(), network.home.max()) > EXACT:
        raise OverflowError("so many people who waited so differently cannot be counted exactly")
    solve, modest = ENGINES[engine], np.minimum(network.home, HOMES * network.worth.max())
    if network.capacity.sum() >= len(network.home) and (modest < network.home).any():
        chosen = solve(replace(network, home=modest))
        if (chosen != NOBODY).all():
            return chosen  # nobody has a `home` to lose, so it is the best with the real ones too
    return solve(network)


def near(network: Network) -> Steps:
    """Prices near those of the best arrangement, per mentor, without solving it."""
    return near_prices(network.rows, network.columns, network.worth, network.home, _places(network))


def by_scipy(network: Network) -> Chosen:
    """SciPy's engine: places are opened as they are needed, as in `solver.best`."""
    mentees, mentors = len(network.home), len(network.capacity)
    wished = np.bincount(network.columns, minlength=mentors)
    limit = np.clip(network.capacity, 0, wished)
    places = np.minimum(limit, 2 + 2 * mentees // max(1, mentors))
    while True:
        chosen = _with_places(network, places)
        load = np.bincount(chosen[chosen != NOBODY], minlength=mentors)
        short = (load >= places) & (places < limit)
        if not short.any():
            return chosen
        places = np.where(short, np.minimum(limit, 2 * places), places)


def by_ortools(network: Network) -> Chosen:
    """OR-tools' engine; raises ImportError where it is not installed. SciPy's where it gives up: its
    prices may outgrow 64 bits where worths alone would not, by how scarce places are."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    mentees, mentors = len(network.home), len(network.capacity)
    people, guides = np.arange(mentees), mentees + np.arange(mentors)
    end = mentees + mentors
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([network.rows, people, guides]),
        np.concatenate([mentees + network.columns, np.full(mentees + mentors, end)]),
        np.concatenate([np.ones(len(network.rows) + mentees, np.int64), _places(network)]),
        np.concatenate([-network.worth, network.home, np.zeros(mentors, np.int64)]),
    )
    solver.set_nodes_supplies(people, np.ones(mentees, np.int64))
    solver.set_node_supply(end, -mentees)
    if solver.solve() != solver.OPTIMAL:
        return by_scipy(network)
    used = np.flatnonzero(solver.flows(np.arange(len(network.rows))) > 0)
    chosen = np.full(mentees, NOBODY, np.intp)
    chosen[network.rows[used]] = network.columns[used]
    return chosen


def has_ortools() -> bool:
    """Whether the extra `koppel[large]` is here."""
    return find_spec("ortools") is not None


def is_here(engine: str) -> bool:
    """Whether a round can be solved by the engine of this name."""
    return engine in (WHOLE, SCIPY) or (engine == ORTOOLS and has_ortools())


def suitable(largest: int, people: int) -> str:
    """OR-tools where it is installed and has room for worths so large and so many people, else SciPy."""
    return ORTOOLS if has_ortools() and largest * (people + 2) < ROOM else SCIPY


def _places(network: Network) -> Whole:
    wished = np.bincount(network.columns, minlength=len(network.capacity))
    return np.clip(network.capacity, 0, wished)


def _with_places(network: Network, places: Whole) -> Chosen:
    """The best arrangement with so many columns a mentor, and one more for each mentee at home.

    A row for each of a mentor's columns takes the home of whoever has that column, so that rows and
    columns come out even; then prices can be taken off everything beforehand, and the nearer they
    are to the right ones, the more pairs weigh nothing and the sooner it is done.
    """
    people, seats = np.arange(len(network.home)), np.arange(int(places.sum()))
    rows, columns = network.rows, network.columns
    prices = near(network) if network.hint is None else network.hint
    gain = network.worth + network.home[rows] - prices[columns]
    gained = np.zeros(len(people), np.int64)
    np.maximum.at(gained, rows, gain)
    seat, _ = each(np.append(0, np.cumsum(places)), columns)
    pair = np.repeat(np.arange(len(rows)), places[columns])
    lost = gained[rows] - gain
    taken = len(people) + seat, len(seats) + rows[pair]
    weight = [lost[pair], gained, np.repeat(prices, places), np.zeros(len(pair), np.int64)]
    graph = sparse.csr_array(
        (
            np.concatenate(weight) + 1.0,  # a weight of 0 would be no pair at all
            (
                np.concatenate([rows[pair], people, len(people) + seats, taken[0]]),
                np.concatenate([seat, len(seats) + people, seats, taken[1]]),
            ),
        )
    )
    placed = min_weight_full_bipartite_matching(graph)[1][: len(people)]
    mentor = np.append(np.repeat(np.arange(len(places)), places), np.full(len(people), NOBODY))
    return np.asarray(mentor[placed], np.intp)


ENGINES: dict[str, Engine] = {SCIPY: by_scipy, ORTOOLS: by_ortools}
