"""The best arrangement of a large round, proven without ever holding the whole matrix.

Solve on the candidates; put a price on each mentor's places; look at all pairs once more, in areas:
each that beats its mentee's surplus joins the candidates. When there is none left, the prices prove
that the arrangement is the best of all pairs (column generation: Gilmore & Gomory 1961,
doi.org/10.1287/opre.9.6.849). Mentees whose candidates include every mentor worth their while are
not looked at again.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.matching.best import first_look
from bot.matching.candidates import (
    Candidates,
    Field,
    Places,
    Steps,
    areas,
    close,
    in_steps,
)
from bot.matching.flow import Network, flow, near, suitable
from bot.matching.masks import Whole
from bot.matching.prices import most_gained, smallest_prices, surplus
from bot.matching.progress import Way
from bot.matching.scores import GRAIN, Scores
from bot.matching.solver import NOBODY, Cell, Chosen, Measure, Solved

FIRST_LOOK, SOLVED = 0.4, 0.9  # how far a round is after the first look, and when it is solved
MORE = 16  # pairs that one mentee may add at a time
CROWDED = 4  # times as many come near as may join
ROUNDS = 50
FINE = 4.0
SLACK = 256  # GRAINs; a pair that nearly wins joins too, and spares a solution later
NEARLY = 1e-5  # of the total; so little waits for what all pairs have to say
LIKELY = 8  # candidates of a mentee that an arrangement is looked for on at first
GUESSES, FEW = 4, 4  # looks at near prices, unless they miss so few GRAINs a mentee
NEAR = 2e-6  # of the total: near enough for rounds of more than EVERY cells
EVERY = 2**28


Gain = NDArray[np.float64]  # in scores


@dataclass
class Large:
    """A large round being solved; what one solution learns of the field helps the next."""

    field: Field
    capacity: Whole  # per mentor
    measure: Measure
    engine: str = ""  # a name in ENGINES; "": whichever suits
    enough: float = 0.0  # stop when the total may be improved by no more than this share of it
    way: Way = dataclasses.field(default_factory=Way)
    candidates: Candidates | None = None
    active: Candidates | None = None  # those of them that there is reason to think will be needed
    limits: Steps | None = None  # per mentee: no other pair has more GRAINs; -1: there is no other

    def __post_init__(self) -> None:
        by = self.measure
        largest = max(int(by.home.max(initial=0)), round(1 / GRAIN)) * by.unit + by.unit
        self.engine = self.engine or suitable(largest, sum(self.field.shape))
        self.slack = SLACK * by.unit

    def solve(self, without: tuple[Cell, ...] = ()) -> Solved:
        """The best arrangement without the cells named, proven unless `enough` stopped the search."""
        rounds, hint = 0, None
        if self.candidates is None:
            stretch = self.way.to(FIRST_LOOK)
            self.candidates, self.limits = first_look(self.field, self.capacity, told=stretch)
        if self.active is None:
            self._look_by_near_prices()
        while True:
            within, chosen, prices, gained, left = self._best_of_candidates(without, hint)
            assert self.active is not None
            hint, rounds = prices, rounds + 1
            rows, columns, steps, missed = self._overlooked(gained, prices, without)
            solved = self._solved(within, chosen, left + missed, rounds)
            if solved.proven or rounds == ROUNDS or solved.gap <= self.enough:
                return solved
            self.candidates = self.candidates.with_more(rows, columns, steps)
            self.active = self.active.with_more(rows, columns, steps)

    def _best_of_candidates(
        self, without: tuple[Cell, ...], hint: Steps | None
    ) -> tuple[Candidates, Chosen, Steps, Steps, int]:
        """Solve on the few that seem needed until the others would gain next to nothing.

        Those few, who goes to whom, the prices, what each mentee gains, and the most that the other
        candidates could.
        """
        assert self.candidates is not None and self.active is not None
        every = self.candidates.without(without)
        others = self._network(every)
        while True:
            within = self.active.without(without)
            network = replace(self._network(within), hint=hint)
            chosen = self._in_any_order(network)
            hint = prices = smallest_prices(network, chosen)
            gained = surplus(network, chosen, prices)
            won = others.worth - gained[every.rows] - prices[every.columns]
            left = int(np.maximum(most_gained(others, prices) - gained, 0).sum())
            if left:
                more = won > -self.slack
                self.active = self.active.with_more(
                    every.rows[more], every.columns[more], every.steps[more]
                )
            if self._solved(within, chosen, left, 1).gap <= NEARLY:
                return within, chosen, prices, gained, left

    def _look_by_near_prices(self) -> None:
        """Let in most of the pairs that will be needed, at prices that take no exact solution."""
        prices = np.zeros(len(self.capacity), np.int64)
        for _ in range(GUESSES):
            assert self.candidates is not None
            network = self._network(self.candidates)
            prices = near(network)
            gained = most_gained(network, prices)
            *more, missed = self._overlooked(gained, prices, ())
            self.candidates = self.candidates.with_more(*more)
            if missed < FEW * len(gained) * self.measure.unit:
                break
        self.active = self._likely(prices)

    def _likely(self, prices: Steps) -> Candidates:
        """The few of every mentee's candidates that are best at these prices."""
        assert self.candidates is not None
        every = self.candidates
        net = self._network(every).worth - prices[every.columns]
        order = np.lexsort((-net, every.rows))
        place = np.arange(len(order)) - np.searchsorted(every.rows, every.rows)
        return every.only(np.sort(order[place < LIKELY]))

    def _network(self, within: Candidates) -> Network:
        unit = self.measure.unit
        return Network(
            within.rows,
            within.columns,
            within.steps * unit + self.measure.chance(within.rows, within.columns),
            self.measure.home * unit,
            self.capacity,
        )

    def _in_any_order(self, network: Network) -> Chosen:
        """The best arrangement; where not even chance decides, the seed does by who comes first."""
        order = np.random.default_rng(self.measure.seed).permutation(len(network.home))
        place = np.argsort(order)
        return flow(
            replace(network, rows=place[network.rows], home=network.home[order]), self.engine
        )[place]

    def _overlooked(
        self, gained: Steps, prices: Steps, without: tuple[Cell, ...]
    ) -> tuple[Places, Places, Steps, int]:
        """Pairs that gain by more than their mentee has now, and the most there is to be won."""
        assert self.limits is not None
        unit = self.measure.unit
        # A mentor who costs as much is out of it.
        reach = (self.limits + 1) * unit - gained + self.slack
        everyone = np.flatnonzero(self.capacity > 0)
        cheapest = prices[everyone].min(initial=np.iinfo(np.int64).max)
        rows = np.flatnonzero((self.limits >= 0) & (reach > cheapest))
        cheap = everyone[prices[everyone] < reach[rows].max(initial=0)]
        cheap = cheap[np.argsort(prices[cheap], kind="stable")]
        rows = rows[np.argsort(-reach[rows], kind="stable")]
        first = np.searchsorted(prices[cheap], reach[rows])
        found, missed = [(rows[:0], cheap[:0], prices[:0])], 0
        view, stretch = self.field.over(cheap), self.way.some_of(SOLVED)
        for band, scores in areas(view, rows, first, stretch):
            columns = cheap[: scores.shape[1]]
            close(scores, band, columns, without)
            needed = (gained[band] - self.slack) / unit * GRAIN
            near = _near(scores, needed, prices[columns] / unit * GRAIN)
            part, won = self._winning(band, columns, scores, near, gained, prices)
            found.append(part)
            missed += won
        rows, columns, steps = map(np.concatenate, zip(*found, strict=True))
        return rows, columns, steps, missed

    def _winning(
        self,
        band: Places,
        columns: Places,
        scores: Scores,
        near: Places,
        gained: Steps,
        prices: Steps,
    ) -> tuple[tuple[Places, Places, Steps], int]:
        """The best few per mentee of the cells that come near, counted exactly."""
        row, column = np.divmod(near, max(1, len(columns)))
        rows, others = band[row], columns[column]
        steps = in_steps(scores.reshape(-1)[near])
        worth = steps * self.measure.unit + self.measure.chance(rows, others)
        won = worth - gained[rows] - prices[others]
        chosen = np.flatnonzero((won > -self.slack) & _among_best(row, column, won, scores.shape))
        order = chosen[np.lexsort((others[chosen], -won[chosen], rows[chosen]))]
        rows, others, steps, won = rows[order], others[order], steps[order], won[order]
        first = np.searchsorted(rows, rows)
        place = np.arange(len(rows)) - first
        few = place < MORE
        missed = sum(np.maximum(won[place == 0], 0).tolist())
        return (rows[few], others[few], steps[few]), missed

    def _solved(self, within: Candidates, chosen: Chosen, missed: int, rounds: int) -> Solved:
        own = chosen[within.rows] == within.columns
        steps = np.zeros(len(chosen), np.int64)
        steps[within.rows[own]] = within.steps[own]
        worth = np.where(chosen == NOBODY, 0, self.measure.home + steps)
        gap = missed / self.measure.unit / max(1, int(steps.sum()))
        return Solved(chosen, worth, missed == 0, gap, rounds, self.engine)


def _among_best(
    row: Places, column: Places, won: Steps, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Which of these cells are among the MORE best of their row: sorting the crowd that comes near
    where all pairs are as good takes far longer."""
    if len(won) <= CROWDED * MORE * shape[0] or shape[1] <= MORE:
        return np.ones(len(won), np.bool_)
    all_won = np.full(shape, np.iinfo(np.int64).min)
    all_won[row, column] = won
    least = np.partition(all_won, -MORE, axis=1)[:, -MORE]
    return won >= least[row]


def _near(scores: Scores, gained: Gain, prices: Gain) -> Places:
    """The cells that may win: a few too many rather than one too few."""
    most = prices.max(initial=0)
    kind = np.float32 if most < FINE else np.float64  # beyond, float32 does not tell GRAINs apart
    needed = np.maximum(gained - 2 * GRAIN, -1 - most).astype(kind)
    near = scores - prices.astype(kind) > needed[:, None]
    near &= scores >= 0
    return np.flatnonzero(near)
