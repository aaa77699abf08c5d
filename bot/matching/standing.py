"""A round as it stands: arranged, priced, and with every pair known that a change could need.

Of a small round every pair is known. Of a large one those within SLACK of being chosen: a chain of
moves that costs no more needs no other. Where it costs more, all pairs are looked at for a link
that would shorten it, until there is none, so a cost is always that of the whole round.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bot.matching.best import first_look
from bot.matching.board import Board
from bot.matching.candidates import (
    Candidates,
    Places,
    Steps,
    close,
    everywhere,
    in_steps,
)
from bot.matching.chains import Away, Chains, chains
from bot.matching.flow import Network
from bot.matching.prices import smallest_prices, surplus
from bot.matching.scores import GRAIN
from bot.matching.settling import Settled
from bot.matching.solver import NOBODY, Cell, Chosen

SLACK = 0.05  # points
MORE = 64  # pairs that one mentee may add at a time
FAR = 2**60  # units; farther than any place


@dataclass
class Standing:
    """A round that was arranged, ready to be asked what a change would cost."""

    board: Board
    settled: Settled
    slack: int = 0  # units of worth
    known: Candidates = field(init=False)
    prices: Steps = field(init=False)
    links: Chains = field(init=False)

    def __post_init__(self) -> None:
        search, chosen = self.settled.search, self.settled.arranged.chosen
        self.slack = round(SLACK / GRAIN) * search.measure.unit if search.large else FAR
        within = search.large.candidates if search.large else None
        if within is None:
            within, _ = first_look(search.field, self.board.capacity)
        own = np.flatnonzero(chosen != NOBODY)
        steps = search.steps(self.settled.arranged)[own]
        without = self.settled.arranged.without
        self.known = within.with_more(own, chosen[own], steps).without(without)
        self._price()

    def network(self) -> Network:
        """All that is known, for the flow."""
        by, known = self.settled.search.measure, self.known
        worth = known.steps * by.unit + by.chance(known.rows, known.columns)
        return Network(known.rows, known.columns, worth, by.home * by.unit, self.board.capacity)

    def moved(self, cell: Cell, onward: Places) -> Chosen:
        """Who has whom when this mentee comes to this mentor, and everybody hands on as told."""
        chosen = self.settled.arranged.chosen.copy()
        for mentee, _, to in self.links.path(cell[1], onward):
            if mentee != NOBODY:
                chosen[mentee] = NOBODY if to == self.links.outside else to
        chosen[cell[0]] = cell[1]
        return chosen

    def away(self, place: int, needed: Away, most: int) -> tuple[Away, Places]:
        """How far every mentor is from a place that came free, exact for the `most` that matter.

        needed: per mentor, what going there costs besides. Those beyond may be infinitely far.
        """
        near, onward = self.links.to(place, self.slack)
        if not self._may_be_nearer(near, needed, most):
            return near, onward
        while True:
            away, onward = self.links.to(place)
            if not self._may_be_nearer(away, needed, most) or not self._shortened(away):
                return away, onward

    def _may_be_nearer(self, away: Away, needed: Away, most: int) -> bool:
        """Whether a pair that is not known could change which mentors cost least."""
        far = away[:-1] > self.slack
        total = np.sort(away[:-1] + needed)
        worst = total[most - 1] if len(total) >= most else np.inf
        hopeful = far & np.isfinite(needed) & (needed + self.slack <= worst)
        return bool(hopeful.any())

    def _shortened(self, away: Away) -> bool:
        """Let in the pairs that bring somebody nearer; False when there is none."""
        chosen, held = self.settled.arranged.chosen, self.settled.search.field.held
        finite = np.minimum(away, FAR).astype(np.int64)
        room = finite[np.where(chosen == NOBODY, len(away) - 1, chosen)]
        rows = np.flatnonzero((room > self.slack) & ~held)
        gained = surplus(self.network(), chosen, self.prices)
        found, _ = self._cheaper(rows, gained, room, self.prices + finite[:-1])
        self.known = self.known.with_more(*found[:3])
        self._link()
        return len(found[0]) > 0

    def _price(self) -> None:
        """Prices that all pairs agree with, and every pair within the slack of being chosen."""
        settled, everybody = self.settled, np.arange(len(self.board.mentees))
        room = np.full(len(everybody), self.slack)
        while True:
            network = self.network()
            self.prices = smallest_prices(network, settled.arranged.chosen)
            gained = surplus(network, settled.arranged.chosen, self.prices)
            found, left_out = self._cheaper(everybody, gained, room, self.prices)
            agreed = found[3] >= 0
            if agreed.all() or not settled.arranged.solved.proven:
                break
            self.known = self.known.with_more(*found[:3])
        self.slack = min(self.slack, max(0, left_out))
        self.known = self.known.with_more(*(part[agreed] for part in found[:3]))
        self._link()

    def _link(self) -> None:
        network, chosen = self.network(), self.settled.arranged.chosen
        self.links = chains(network, chosen, self.prices, self.settled.search.field.held)

    def _cheaper(
        self, rows: Places, gained: Steps, room: Steps, asked: Steps
    ) -> tuple[tuple[Places, Places, Steps, Steps], int]:
        """Pairs that cost their mentee less than `room`, and what; the least cost left out."""
        search, nothing, left_out = self.settled.search, np.zeros(0, np.int64), FAR
        rows, columns = self._worth_a_look(rows, (room - gained)[rows], asked)
        found = [(rows[:0], rows[:0], nothing, nothing)]
        unit = search.measure.unit
        for band, scores in everywhere(search.field, rows, columns):
            close(scores, band, columns, self.settled.arranged.without)
            least = ((gained - room)[band][:, None] + asked[columns]) / unit * GRAIN
            near = np.flatnonzero((scores >= 0) & (scores > least - GRAIN))
            row, column = np.divmod(near, max(1, len(columns)))
            row, column, steps = band[row], columns[column], in_steps(scores.reshape(-1)[near])
            worth = steps * unit + search.measure.chance(row, column)
            cost = gained[row] + asked[column] - worth
            kept, beyond = self._few(row, cost, room)
            left_out = min(left_out, beyond)
            found.append((row[kept], column[kept], steps[kept], cost[kept]))
        one, two, three, four = map(np.concatenate, zip(*found, strict=True))
        return (one, two, three, four), left_out

    def _worth_a_look(self, rows: Places, room: Steps, asked: Steps) -> tuple[Places, Places]:
        """Mentees and mentors with a pair between them that is not known and may cost so little."""
        everyone, large = np.flatnonzero(self.board.capacity > 0), self.settled.search.large
        if large is None or large.limits is None or not len(everyone):
            return rows, everyone
        limits = large.limits[rows]
        reach = (limits + 1) * self.settled.search.measure.unit + room
        some = (limits >= 0) & (reach > asked[everyone].min())
        return rows[some], everyone[asked[everyone] < reach[some].max(initial=0)]

    def _few(self, row: Places, cost: Steps, room: Steps) -> tuple[Places, int]:
        """The cheapest of each mentee; of a large round no more than MORE of them."""
        order = np.lexsort((cost, row))
        order = order[cost[order] < room[row[order]]]
        if self.settled.search.large is None:
            return order, FAR
        place = np.arange(len(order)) - np.searchsorted(row[order], row[order])
        return order[place < MORE], int(cost[order[place >= MORE]].min(initial=FAR))
