"""Circles: four to six equals who suit each other, everybody in one.

Seeds draw a circle each by a balanced assignment; then whoever would make both circles better by an
exchange is exchanged, until nobody would; then again from other seeds, and the best is kept. No
proof, but where all circles can be tried it finds the best (the tests do).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from bot.matching.blocks import sheet
from bot.matching.candidates import all_of
from bot.matching.people import Profile, Rules

SMALLEST, LARGEST, USUAL = 4, 6, 5
TRIES = 24  # starts for a handful of people; fewer the more people there are
AT_MOST = 60  # times that all exchanges are looked at, each start
NEVER = -16.0  # what two who may not meet take away: more than a circle can give

Suits = NDArray[np.float64]  # how well two suit each other, both ways; NEVER where they may not
Places = NDArray[np.intp]  # per person the number of the circle


@dataclass(frozen=True, slots=True)
class Circles:
    circles: tuple[tuple[int, ...], ...]  # participant ids
    left: tuple[int, ...]  # too few for a circle more, or nobody they may sit with
    mean: float  # how well people suit those in their circle, 0 … 1


def circles(profiles: Sequence[Profile], rules: Rules | None = None, seed: int = 0) -> Circles:
    """Circles of four to six, of about the same size; the same for the same people and seed.

    Two people suit each other as well as the mean of their scores both ways. Hard rules hold
    between any two in a circle; floor and places do not count among equals. Raises as `match`.
    """
    people = sorted((p for p in profiles if not (p.paused or p.guest or p.bot)), key=lambda p: p.id)
    if len(people) < SMALLEST:
        return Circles((), tuple(p.id for p in people), 0.0)
    suits = _suits(people, rules or Rules())
    count = 1 if len(people) < 2 * SMALLEST else round(len(people) / USUAL)
    seated = np.sort(np.argsort(-suits.sum(axis=1), kind="stable")[: count * LARGEST])
    near, random = suits[np.ix_(seated, seated)], np.random.default_rng(seed)
    tries = max(2, TRIES * 20 // max(20, len(seated)))
    starts = [_better(near, _start(near, count, random)) for _ in range(tries)]
    best = max(starts, key=lambda circle: worth_of(near, circle))
    found = _told([people[k] for k in seated.tolist()], near, best)
    alone = {p.id for p in people} - {person for seats in found.circles for person in seats}
    return replace(found, left=tuple(sorted(alone)))


def _suits(people: Sequence[Profile], rules: Rules) -> Suits:
    equals = [replace(p, capacity=1) for p in people]
    scores = all_of(sheet(equals, equals, replace(rules, floor=0.0)))
    closed = (scores < 0) | (scores < 0).T
    np.fill_diagonal(closed, False)
    suits = np.where(closed, NEVER, (scores + scores.T) / 2.0)
    np.fill_diagonal(suits, 0.0)
    return np.asarray(suits, np.float64)


def _start(suits: Suits, count: int, random: np.random.Generator) -> Places:
    """Circles around seeds who are far from each other, all of about one size."""
    people = len(suits)
    seeds = [int(random.integers(people))]
    while len(seeds) < count:
        near = suits[seeds].max(axis=0) + random.random(people) / 8
        near[seeds] = np.inf
        seeds.append(int(near.argmin()))
    seats = np.arange(people) % count
    value = suits[:, np.array(seeds)][:, seats].copy()
    value[seeds] = np.where(seats[None, :] == np.arange(count)[:, None], 99.0, -99.0)
    rows, columns = linear_sum_assignment(value, maximize=True)
    circle = np.empty(people, np.intp)
    circle[rows] = seats[columns]
    return circle


def _better(suits: Suits, circle: Places) -> Places:
    """Exchanges of two, the most useful first, until none makes the whole better."""
    circle = circle.copy()
    share = 1 / np.maximum(1, np.bincount(circle) - 1)
    for _ in range(AT_MOST):
        bonds = suits @ (circle[:, None] == np.arange(len(share))).astype(float)
        gain = _gains(suits, circle, share, bonds)
        partner = gain.argmax(axis=1)
        hoped = gain[np.arange(len(suits)), partner]
        improved = False
        for one in np.argsort(-hoped, kind="stable"):
            other = partner[one]
            if hoped[one] <= 1e-9:
                break
            a, b = circle[one], circle[other]
            if a == b or _gain(suits, share, bonds, int(one), int(other), circle) <= 1e-9:
                continue
            circle[one], circle[other] = b, a
            bonds[:, a] += suits[:, other] - suits[:, one]
            bonds[:, b] += suits[:, one] - suits[:, other]
            improved = True
        if not improved:
            break
    return circle


def _gains(suits: Suits, circle: Places, share: Suits, bonds: Suits) -> Suits:
    """What each exchange of two would give: shape (people, people)."""
    there = bonds[:, circle]  # how well each suits the circle of each
    own = bonds[np.arange(len(circle)), circle]
    mine, theirs = share[circle][:, None], share[circle][None, :]
    gain = mine * (there.T - suits - own[:, None]) + theirs * (there - suits - own[None, :])
    gain[circle[:, None] == circle[None, :]] = 0
    return np.asarray(gain)


def _gain(suits: Suits, share: Suits, bonds: Suits, one: int, other: int, circle: Places) -> float:
    a, b = circle[one], circle[other]
    left = share[a] * (bonds[other, a] - suits[one, other] - bonds[one, a])
    right = share[b] * (bonds[one, b] - suits[one, other] - bonds[other, b])
    return float(left + right)


def worth_of(suits: Suits, circle: Places) -> float:
    """How well people suit the others in their circle, summed over everybody."""
    together = circle[:, None] == circle[None, :]
    others = np.maximum(1, together.sum(axis=1) - 1)
    return float(((suits * together).sum(axis=1) / others).sum())


def _told(people: Sequence[Profile], suits: Suits, circle: Places) -> Circles:
    """Circles by participant id; who may not sit with the others is left out."""
    made, total = [], 0.0
    for number in range(int(circle.max()) + 1):
        seats = np.flatnonzero(circle == number)
        while len(seats) and (suits[np.ix_(seats, seats)] == NEVER).any():
            seats = np.delete(seats, suits[np.ix_(seats, seats)].sum(axis=1).argmin())
        if len(seats) >= SMALLEST:
            made.append(tuple(people[k].id for k in seats.tolist()))
            total += float(suits[np.ix_(seats, seats)].sum()) / (len(seats) - 1)
    placed = {person for seats in made for person in seats}
    left = tuple(p.id for p in people if p.id not in placed)
    return Circles(tuple(sorted(made)), left, total / len(placed) if placed else 0.0)
