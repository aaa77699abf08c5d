"""What if: another mentor for one mentee, and what that costs the whole round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.matching.board import Board, laid_out, pinned
from bot.matching.candidates import Places, in_steps
from bot.matching.chains import Away
from bot.matching.flow import is_here
from bot.matching.loops import loops
from bot.matching.people import Profile, Rules
from bot.matching.scores import GRAIN
from bot.matching.settling import again, settled
from bot.matching.solver import NOBODY, Cell, Chosen
from bot.matching.standing import Standing
from bot.matching.weighed import Weighed

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody else who would get another mentor."""

    mentee: int  # participant id
    before: int | None  # the mentor's participant id
    after: int | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another mentor for one mentee."""

    mentor: int  # participant id
    score: float  # of this pair, 0 … 1
    loss: float  # what the sum of all scores of the round would lose; below 0 when it would gain
    fewer: int  # how many mentees fewer would be matched
    moves: tuple[Move, ...]
    cost: float = 0.0  # the same with wishes and fairness counted, as the round itself is


@dataclass
class WhatIf:
    """A round that was solved once, to be asked as often as wanted what a change would cost.

    Everything else stays as the round had it: other pins, and the floor that fairness reached,
    which holds for everybody but the one whom a coordinator would give somebody by hand, as long as
    nobody is left without a mentor by it.
    """

    profiles: Sequence[Profile]
    rules: Rules
    seed: int = 0
    engine: str = ""  # what solved the round, so that equals fall as they fell then

    def __post_init__(self) -> None:
        self.blank = laid_out(self.profiles, self.rules)
        self.now = pinned(self.blank, self.rules.pinned)
        self.engine = self.engine if is_here(self.engine) else ""
        self.standing = Standing(self.now, settled(self.now, self.seed, self.engine))

    def next_best(self, mentee: int, most: int = 3) -> tuple[Alternative, ...]:
        """As `next_best`: the mentors this mentee could have instead, least cost first."""
        row = next((k for k, p in enumerate(self.now.mentees) if p.id == mentee), NOBODY)
        if row == NOBODY:
            raise ValueError(f"participant {mentee} is no mentee of this round")
        free, field = self._freed(mentee, row)
        chosen, links = self.standing.settled.arranged.chosen, self.standing.links
        old = links.outside if chosen[row] == NOBODY else int(chosen[row])
        needed = self._needed(free, field, row)
        needed[[old] if old != links.outside else []] = np.inf
        away, onward = self.standing.away(old, needed, most)
        total = away[:-1] + needed
        likely = [int(j) for j in np.argsort(total, kind="stable")[:most] if np.isfinite(total[j])]
        found = [
            (total[column], self._alternative(free, field, (row, column), onward))
            for column in likely
        ]
        return tuple(one for _, one in sorted(found, key=lambda f: (f[1].fewer, f[0], f[1].mentor)))

    def _freed(self, mentee: int, row: int) -> tuple[Board, Weighed]:
        """The board without this mentee's own pin, and what pairs are worth if they may choose."""
        others = frozenset(pin for pin in self.rules.pinned if pin[1] != mentee)
        free = self.now if others == self.rules.pinned else pinned(self.blank, others)
        field = self.standing.settled.search.field
        held = field.held.copy()
        held[row] = True
        return free, replace(field, field=free.field, held=held)

    def _needed(self, free: Board, field: Weighed, row: int) -> Away:
        """What a place with each mentor costs this mentee, infinite where none can be had."""
        rows, columns = np.array([row]), np.arange(len(free.mentors))
        by, scores = self.standing.settled.search.measure, field.at(rows, columns)[0]
        worth = in_steps(scores) * by.unit + by.chance(rows, columns)
        pins = Counter(mentor for mentor, _ in free.pins)
        full = np.array([pins[m.id] for m in free.mentors], np.int64) >= free.capacity
        return np.where((scores >= 0) & ~full, self.standing.prices - worth, np.inf)

    def _after(self, free: Board, cell: Cell, onward: Places) -> Chosen:
        """Who has whom with this pair pinned. A floor that fairness raised makes way where somebody
        would have nobody because of it, as it does in a round that is solved with the pin."""
        settled_now, after = self.standing.settled, self.standing.moved(cell, onward)
        arranged, search = settled_now.arranged, settled_now.search
        pin = self.now.mentors[cell[1]].id, self.now.mentees[cell[0]].id
        if arranged.without or loops(after, self.now.persons):
            after = again(pinned(self.blank, (*free.pins, pin)), search).chosen
        if search.field.floor and _matched(after) < _matched(arranged.chosen):
            board = pinned(self.blank, (*free.pins, pin))
            after = settled(board, self.seed, self.engine).arranged.chosen
        return after

    def _alternative(self, free: Board, field: Weighed, cell: Cell, onward: Places) -> Alternative:
        """What is different in a round with this pair pinned."""
        mentors, mentees, (row, column) = self.now.mentors, self.now.mentees, cell
        before, after = self.standing.settled.arranged.chosen, self._after(free, cell, onward)
        field = replace(field, floor=0.0)  # of what is above it already
        changed = np.flatnonzero(before != after)
        (fit_before, worth_before), (fit, worth) = (
            _points(field, changed, chosen[changed]) for chosen in (before, after)
        )
        moves = tuple(
            Move(mentees[k].id, _mentor(free, before[k]), _mentor(free, after[k]))
            for k in changed.tolist()
            if k != row
        )
        return Alternative(
            mentors[column].id,
            float(fit[changed == row][0]),
            float(fit_before.sum() - fit.sum()),
            _matched(before) - _matched(after),
            moves,
            float(worth_before.sum() - worth.sum()),
        )


def _matched(chosen: Chosen) -> int:
    return int((chosen != NOBODY).sum())


def next_best(
    profiles: Sequence[Profile],
    rules: Rules | None,
    mentee: int,
    seed: int = 0,
    most: int = 3,
    engine: str = "",
) -> tuple[Alternative, ...]:
    """The mentors this mentee could have instead, least cost for the whole round first.

    The cost is true: what the best round with that pair would lose, other pins kept, capacities
    respected, as if it were solved again (at the floor that this round reached, unless that would
    leave somebody alone). Pairs that a hard rule or the coordinator's floor keeps apart do not
    appear. `engine` is the one that solved the round; where it is not here, another does. Raises
    ValueError when `mentee` is no mentee here, or as `match`. To ask about many mentees, ask one
    `WhatIf`.
    """
    return WhatIf(profiles, rules or Rules(), seed, engine).next_best(mentee, most)


def _points(field: Weighed, rows: Places, columns: Places) -> tuple[Points, Points]:
    """How well these mentees fit these mentors, and what that is worth; 0 for NOBODY."""
    fit, worth = np.zeros(len(rows)), np.zeros(len(rows))
    some = np.flatnonzero(columns != NOBODY)
    across, at = np.unique(columns[some], return_inverse=True)
    steps = in_steps(field.at(rows[some], across)[np.arange(len(some)), at.reshape(-1)])
    worth[some] = steps * GRAIN
    fit[some] = field.fit(rows[some], columns[some], steps) * GRAIN
    return fit, worth


def _mentor(board: Board, column: int) -> int | None:
    return None if column == NOBODY else board.mentors[column].id
