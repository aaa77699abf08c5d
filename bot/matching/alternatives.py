"""What if: another mentor for one mentee, and what that costs the whole round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.board import Board
from bot.matching.candidates import CLOSED
from bot.matching.loops import Arranged
from bot.matching.people import Profile, Rules
from bot.matching.rounds import laid_out, pinned, settled
from bot.matching.scores import Scores
from bot.matching.solver import NOBODY, Cell, Chosen, Whole, Worth, worth

Cost = NDArray[np.float64]


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
    loss: float  # what the sum of all scores of the round would lose
    fewer: int  # how many mentees fewer would be matched
    moves: tuple[Move, ...]


def next_best(
    profiles: Sequence[Profile], rules: Rules | None, mentee: int, seed: int = 0, most: int = 3
) -> tuple[Alternative, ...]:
    """The mentors this mentee could have instead, least loss for the whole round first.

    The loss is true: the round is solved again with that pair fixed, other pins kept, capacities
    respected. Pairs that a hard rule or the floor keeps apart do not appear. Raises ValueError when
    `mentee` is no mentee here, or as `match`.
    """
    rules = rules or Rules()
    others = frozenset(pin for pin in rules.pinned if pin[1] != mentee)
    blank = laid_out(profiles, rules)
    now, free = pinned(blank, rules.pinned), pinned(blank, others)
    row = next((k for k, p in enumerate(now.mentees) if p.id == mentee), NOBODY)
    if row == NOBODY:
        raise ValueError(f"participant {mentee} is no mentee of this round")
    before = settled(now, seed).arranged
    value = np.floor(_open_again(now, free, before, row, seed))
    cost = _losses(value, now.capacity, before.chosen, row)
    cost[_full_of_pins(free)] = np.inf
    likely = [int(j) for j in np.argsort(cost, kind="stable") if np.isfinite(cost[j])]
    scores = blank.whole()
    found = [
        _with(
            pinned(blank, (*free.pins, (free.mentors[j].id, mentee))),
            scores,
            before.chosen,
            (row, j),
            seed,
        )
        for j in likely[:most]
    ]
    return tuple(sorted(found, key=lambda a: (a.fewer, a.loss, a.mentor)))


def _with(board: Board, scores: Scores, before: Chosen, cell: Cell, seed: int) -> Alternative:
    """What is different in a round with this pair pinned."""
    row, column = cell
    after = settled(board, seed).arranged.chosen
    moves = tuple(
        Move(board.mentees[k].id, _mentor(board, before[k]), _mentor(board, after[k]))
        for k in np.flatnonzero(before != after).tolist()
        if k != row
    )
    return Alternative(
        board.mentors[column].id,
        float(scores[cell]),
        _sum(scores, before) - _sum(scores, after),
        int((before != NOBODY).sum() - (after != NOBODY).sum()),
        moves,
    )


def _full_of_pins(board: Board) -> NDArray[np.bool_]:
    """The mentors whose every place is pinned: shape (mentors,)."""
    pins = Counter(mentor for mentor, _ in board.pins)
    return np.array([pins[m.id] for m in board.mentors], np.int64) >= board.capacity


def _open_again(now: Board, free: Board, before: Arranged, row: int, seed: int) -> Worth:
    """The worth that `before` is the best of, with every mentor open to the mentee in this row."""
    scores, left = free.whole(), now.whole()
    for cell in before.without:
        left[cell] = CLOSED
    feasible = left >= 0
    feasible[row] = scores[row] >= 0
    return worth(np.maximum(scores, 0), feasible, free.capacity, free.priority, seed)


def _losses(value: Worth, capacity: Whole, chosen: Chosen, row: int) -> Cost:
    """What each mentor for this mentee costs the round: shape (mentors,), infinite if impossible.

    `chosen` is the best arrangement of `value`. The mentee takes a place; the cheapest chain of
    others moving on ends where the mentee's old place is filled or left empty: a shortest path in
    the residual graph (Bellman-Ford), with one more node for everything outside the round.
    """
    outside = len(capacity)
    old = int(chosen[row]) if chosen[row] != NOBODY else outside
    cost = _residual(value, capacity, chosen, row)
    cost[old] = np.inf  # the chain ends here
    away = np.full(outside + 1, np.inf)
    away[old] = 0
    for _ in range(outside + 1):
        closer = np.minimum(away, (cost + away).min(axis=1))
        if (closer == away).all():
            break
        away = closer
    worth_now = value[row, old] if old != outside else 0.0
    losses = np.where(value[row] > 0, worth_now - value[row] + away[:outside], np.inf)
    losses[[old] if old != outside else []] = np.inf
    return losses


def _residual(value: Worth, capacity: Whole, chosen: Chosen, row: int) -> Cost:
    """What it costs a mentor with one mentee too many to hand one on: shape (mentors + 1,) * 2."""
    outside = len(capacity)
    cost = np.full((outside + 1, outside + 1), np.inf)
    matched, alone = chosen != NOBODY, chosen == NOBODY
    matched[row] = alone[row] = False
    movers = np.flatnonzero(matched)
    movers = movers[np.argsort(chosen[movers], kind="stable")]
    given = value[movers, chosen[movers]]
    onward = np.where(value[movers] > 0, given[:, None] - value[movers], np.inf)
    giving, starts = np.unique(chosen[movers], return_index=True)
    if len(giving):
        cost[giving, :outside] = np.minimum.reduceat(onward, starts)
        cost[giving, outside] = np.minimum.reduceat(given, starts)
    load = np.bincount(chosen[movers], minlength=outside)
    cost[:outside, outside][load < capacity] = 0
    cost[outside, :outside] = -value[alone].max(axis=0, initial=0)
    return cost


def _sum(scores: Scores, chosen: Chosen) -> float:
    rows = np.flatnonzero(chosen != NOBODY)
    return float(scores[rows, chosen[rows]].sum(dtype=np.float64))


def _mentor(board: Board, column: int) -> int | None:
    return None if column == NOBODY else board.mentors[column].id
