"""Circles: four to six equals who suit each other, everybody in one.

Seeds draw a circle each by a balanced assignment; then whoever would make both circles better by an
exchange is exchanged, until nobody would. A few circles near each other are shuffled, exchanges
settle them anew, and what came out better is kept; so again and again (iterated local search,
Lourenço, Martin & Stützle 2003, doi.org/10.1007/0-306-48056-5_11). No proof, but where all circles
can be tried it finds the best (the tests do).
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
SHUFFLES = 400  # for some hundreds of people and fewer; fewer the more people there are
PEOPLE_SHUFFLED = 120_000  # a thousand people are shuffled 120 times
TOGETHER = 4  # circles that are shuffled at once
GAIN = 1e-9  # what is less is rounding
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
    found = _told([people[k] for k in seated.tolist()], near, _best(near, count, random))
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


@dataclass
class Seating:
    """Who sits where, and how well everybody would suit every circle."""

    suits: Suits
    circle: Places
    share: Suits  # per circle, what one bond in it counts
    bonds: Suits  # per circle and person, how well they suit all who sit there, by its share

    @classmethod
    def of(cls, suits: Suits, circle: Places) -> Seating:
        seating = cls(
            suits, circle.copy(), 1.0 / np.maximum(1, np.bincount(circle) - 1), np.empty((0, 0))
        )
        seats = np.zeros((len(seating.share), len(suits)))
        seats[circle, np.arange(len(suits))] = seating.share[circle]
        seating.bonds = seats @ suits
        return seating

    @property
    def worth(self) -> float:
        """As `worth_of`."""
        return float(self.bonds[self.circle, np.arange(len(self.circle))].sum())

    def seat(self, circle: Places, changed: NDArray[np.bool_]) -> None:
        """Seats everybody so; only the circles that are True in `changed` may differ from before."""
        self.circle = circle
        for number in np.flatnonzero(changed):
            self.bonds[number] = self.suits[circle == number].sum(axis=0) * self.share[number]

    def settle(self, who: Places) -> NDArray[np.bool_]:
        """Exchanges until none that one of `who` has part in makes the whole better.

        Says which circles changed. Exchanges between different circles do not touch each other, so
        of everybody's best exchange many are made at once, the most useful first; then only those
        are looked at again whose circle changed, or whose wish was not fulfilled.
        """
        changed = np.zeros(len(self.share), bool)
        while len(who):
            gain = self._gains(who)
            partner = gain.argmax(axis=1)
            hoped = gain[np.arange(len(who)), partner]
            order = np.argsort(-hoped, kind="stable")[: np.count_nonzero(hoped > GAIN)]
            wishing, now = who[order], np.zeros(len(self.share), bool)
            for one, other in zip(wishing.tolist(), partner[order].tolist(), strict=True):
                if not now[self.circle[[one, other]]].any():
                    now[self.circle[[one, other]]] = True
                    self._exchange(one, other)
            changed |= now
            again = now[self.circle]
            again[wishing] = True
            who = np.flatnonzero(again)
        return changed

    def _gains(self, who: Places) -> Suits:
        """What an exchange of each of `who` with everybody would give: shape (who, people)."""
        circle, share = self.circle, self.share[self.circle]
        own = self.bonds[circle, np.arange(len(circle))]
        gain = self.bonds[circle[who]] + self.bonds[:, who][circle].T
        gain -= self.suits[who] * (share[who, None] + share)
        gain -= own[who, None]
        gain -= own
        gain[circle[who, None] == circle] = 0.0
        return np.asarray(gain)

    def _exchange(self, one: int, other: int) -> None:
        a, b = self.circle[one], self.circle[other]
        self.circle[one], self.circle[other] = b, a
        differs = self.suits[other] - self.suits[one]
        self.bonds[a] += differs * self.share[a]
        self.bonds[b] -= differs * self.share[b]


def _best(suits: Suits, count: int, random: np.random.Generator) -> Places:
    """The best circles that exchanges and shuffles find."""
    seating = Seating.of(suits, _start(suits, count, random))
    seating.settle(np.arange(len(suits)))
    best = seating.worth
    for _ in range(min(SHUFFLES, PEOPLE_SHUFFLED // len(suits)) if count > 1 else 0):
        before = seating.circle.copy()
        changed = _near(seating, random)
        moved = np.flatnonzero(changed[before])
        shuffled = before.copy()
        shuffled[moved] = before[random.permutation(moved)]
        seating.seat(shuffled, changed)
        changed |= seating.settle(moved)
        if seating.worth > best + GAIN:
            best = seating.worth
        else:
            seating.seat(before, changed)
    return seating.circle


def _near(seating: Seating, random: np.random.Generator) -> NDArray[np.bool_]:
    """Some circles, True, that suit one person: their own and, mostly, the likeliest others."""
    one = random.integers(len(seating.circle))
    suiting = seating.bonds[:, one] * (1 + random.random(len(seating.share)) / 2)
    suiting[seating.circle[one]] = np.inf
    near = np.zeros(len(suiting), bool)
    near[np.argsort(-suiting, kind="stable")[:TOGETHER]] = True
    return near


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
