"""How good circles are: beside every circle there could be, and where no exchange helps any more."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from bot.matching import Profile, Rules, score_pair
from bot.matching import circles as module
from bot.matching.circles import NEVER, Circles, Seating, circles, worth_of
from tests.matching.invented import equals

OPEN = Rules(floor=0)


def best_mean(people: list[Profile], found: Circles) -> float:
    """The best mean of circles of such sizes, by HiGHS: of all circles there could be, those that the
    prices of the loosened problem leave in question."""
    ids = [person.id for person in people]
    pairs = [[score_pair(a, b, OPEN)[0] if a != b else 0.0 for b in people] for a in people]
    suits = (np.array(pairs) + np.array(pairs).T) / 2
    assert sorted(k for circle in found.circles for k in circle) == ids
    sizes = sorted(map(len, found.circles))
    every, worths = [], []
    for size in sorted(set(sizes)):
        chosen = np.array(list(combinations(range(len(people)), size)))
        every.append(chosen)
        worths.append(suits[chosen[:, :, None], chosen[:, None, :]].sum(axis=(1, 2)) / (size - 1))
    worth = np.concatenate(worths)
    length = np.repeat([len(chosen[0]) for chosen in every], [len(chosen) for chosen in every])
    rows = np.concatenate([chosen.ravel() for chosen in every])
    seats = sparse.csr_array((np.ones(len(rows)), (rows, np.repeat(np.arange(len(worth)), length))))
    kinds = np.array([length == size for size in sorted(set(sizes))], float)
    table = sparse.csc_array(sparse.vstack([seats, sparse.csr_array(kinds)]))
    wanted = np.append(np.ones(len(people)), [sizes.count(size) for size in sorted(set(sizes))])
    loose = linprog(-worth, A_eq=table.toarray(), b_eq=wanted, method="highs-ds")
    missing = loose.fun - worth - table.T @ loose.eqlin.marginals
    likely = np.flatnonzero(missing <= -found.mean * len(people) + 1e-6)
    best = milp(
        -worth[likely],
        integrality=np.ones(len(likely), int),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(table[:, likely], wanted, wanted),
        options={"mip_rel_gap": 0},
    )
    assert best.fun is not None
    assert best.status == 0
    return float(-best.fun) / len(people)


@pytest.mark.parametrize(("count", "seed"), [(18, 0), (20, 1), (24, 1)])
def test_no_circles_of_two_dozen_people_are_better(count: int, seed: int) -> None:
    people = equals(count, seed)
    found = [circles(people, OPEN, start) for start in range(4)]
    best = best_mean(people, found[0])
    assert [one.mean for one in found] == pytest.approx([best] * 4)


@pytest.mark.parametrize("seed", range(6))
def test_settled_circles_are_not_better_for_any_exchange(seed: int) -> None:
    random = np.random.default_rng(seed)
    suits = random.random((19, 19))
    suits[random.random(suits.shape) < 0.1] = NEVER
    suits = np.minimum(suits, suits.T)
    np.fill_diagonal(suits, 0.0)
    seating = Seating.of(suits, random.permutation(np.arange(19) % 4))
    before = seating.worth
    seating.settle(np.arange(19))
    assert before < seating.worth == pytest.approx(worth_of(suits, seating.circle))
    for one, other in combinations(range(19), 2):
        circle = seating.circle.copy()
        circle[[one, other]] = circle[[other, one]]
        assert worth_of(suits, circle) <= seating.worth + 1e-8


def test_shuffles_of_some_circles_make_all_of_them_better(monkeypatch: pytest.MonkeyPatch) -> None:
    people = equals(300, 1)
    people[0] = replace(people[0], avoids=frozenset({p.person for p in people[1:60]}))
    found = circles(people, OPEN)
    [own] = [circle for circle in found.circles if 1 in circle]
    assert found == circles(people, OPEN)
    assert not set(own) & set(range(2, 61))
    assert sorted(map(len, found.circles)) == [5] * 60
    monkeypatch.setattr(module, "SHUFFLES", 0)
    assert circles(people, OPEN).mean * 1.015 < found.mean
