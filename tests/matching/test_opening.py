"""Who opens a group: what prices promise, and how near the best groups are without a proof."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from bot.matching import opening
from bot.matching.group_prices import PLACE, Priced, priced
from bot.matching.groups import Groups, groups
from bot.matching.opening import seated
from bot.matching.scores import Scores
from bot.matching.solver import NOBODY
from tests.matching.invented import company

SIZES = [(1, 2), (2, 3), (3, 8)]


def worth(found: Groups) -> tuple[int, float]:
    placed = [score for group in found.groups for score in group.scores]
    return len(placed), sum(placed)


@st.composite
def tables(draw: st.DrawFn) -> Scores:
    mentees, mentors = draw(st.integers(3, 5)), draw(st.integers(1, 3))
    cells = st.sampled_from([-1.0, 0.0, 0.1, 0.25, 0.5, 0.9, 1.0])
    lists = st.lists(cells, min_size=mentees * mentors, max_size=mentees * mentors)
    return np.array(draw(lists), np.float32).reshape(mentees, mentors)


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from(SIZES))
def test_no_groups_are_worth_more_than_the_prices_say(
    scores: Scores, size: tuple[int, int]
) -> None:
    prices = priced(scores, *size)
    mentees, mentors = scores.shape
    for chosen in product([NOBODY, *range(mentors)], repeat=mentees):
        pairs = [(row, column) for row, column in enumerate(chosen) if column != NOBODY]
        loads = [chosen.count(column) for column in range(mentors)]
        if any(load and not size[0] <= load <= size[1] for load in loads):
            continue
        if any(scores[pair] < 0 for pair in pairs):
            continue
        lost = max((float(prices.loss[pair]) for pair in pairs), default=0.0)
        total = sum(PLACE + float(scores[pair]) for pair in pairs)
        assert total <= prices.bound - lost + 1e-6


def best_of_all(scores: Scores, fewest: int, largest: int) -> tuple[int, float]:
    """How many can be placed, and the best total of so many: the whole as one problem for HiGHS."""
    mentees, mentors = scores.shape
    pairs = mentees * mentors
    total = np.append(np.ones(pairs), np.zeros(mentors))
    row = np.hstack([np.kron(np.eye(mentees), np.ones(mentors)), np.zeros((mentees, mentors))])
    column = np.kron(np.ones(mentees), np.eye(mentors))
    few = np.hstack([column, -fewest * np.eye(mentors)])
    many = np.hstack([column, -largest * np.eye(mentors)])
    limits = [
        LinearConstraint(row, 0, 1),
        LinearConstraint(few, 0, np.inf),
        LinearConstraint(many, -np.inf, 0),
    ]
    bounds = Bounds(0, np.append(scores.ravel() >= 0, np.ones(mentors)))
    whole = np.append(np.zeros(pairs), np.ones(mentors))
    most = milp(-total, integrality=whole, bounds=bounds, constraints=limits).fun
    assert most is not None
    placed = round(-most)
    limits.append(LinearConstraint(total, placed, placed))
    value = np.append(-scores.ravel().astype(float), np.zeros(mentors))
    found = milp(
        value, integrality=whole, bounds=bounds, constraints=limits, options={"mip_rel_gap": 0}
    )
    assert found.fun is not None
    return placed, -found.fun


@pytest.mark.parametrize(
    ("mentees", "mentors", "size"),
    [(60, 15, (3, 8)), (40, 20, (3, 8)), (60, 7, (3, 8)), (40, 12, (5, 6)), (22, 9, (4, 4))],
)
def test_what_is_proven_is_the_best_of_the_whole(
    mentees: int, mentors: int, size: tuple[int, int]
) -> None:
    random = np.random.default_rng(mentees)
    scores = random.random((mentees, mentors)).astype(np.float32)
    scores[random.random(scores.shape) < 0.4] = -1
    chosen, proven = seated(scores, *size)
    rows = np.flatnonzero(chosen != NOBODY)
    assert proven
    assert (len(rows), scores[rows, chosen[rows]].sum()) == pytest.approx(
        best_of_all(scores, *size), abs=1e-4
    )


def test_one_more_who_is_placed_counts_more_than_all_scores() -> None:
    scores = np.full((5, 5), -1.0, np.float32)
    for one in range(4):
        scores[one, one], scores[one, one + 1] = 1.0, 0.0
    scores[4, 0] = 0.0
    chosen, proven = seated(scores, 1, 1)
    assert chosen.tolist() == [1, 2, 3, 4, 0]
    assert proven


@pytest.mark.parametrize(("mentees", "mentors"), [(40, 20), (100, 60), (400, 100), (1000, 200)])
def test_without_a_proof_groups_are_within_a_thousandth_of_the_best(
    mentees: int, mentors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = company(mentees, mentors, seed=1)
    proven = groups(people)
    monkeypatch.setattr(opening, "EXACT_UP_TO", 0)
    quick = groups(people)
    assert proven.proven
    assert not quick.proven
    assert worth(quick)[0] == worth(proven)[0]
    assert 0.999 * worth(proven)[1] <= worth(quick)[1] <= worth(proven)[1] + 1e-3
    assert all(3 <= len(group.mentees) <= 8 for group in quick.groups)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("doubts", [True, False])
def test_prices_that_mislead_leave_nobody_out(
    seed: int, doubts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(seed)
    scores = random.random((40, 14)).astype(np.float32)
    scores[random.random(scores.shape) < 0.3] = -1
    best, _ = seated(scores, 3, 8)
    wrong = Priced(np.inf, random.random(14) - 0.8, np.zeros(scores.shape))
    monkeypatch.setattr(opening, "priced", lambda *_: wrong)
    monkeypatch.setattr(opening, "EXACT_UP_TO", 0)
    if not doubts:
        monkeypatch.setattr(opening, "TRIES", 0)
    chosen, proven = seated(scores, 3, 8)
    loads = np.bincount(chosen, minlength=14)
    total, most = (scores[np.arange(40), one].sum() for one in (chosen, best))
    assert not proven
    assert (chosen != NOBODY).all()
    assert all(load == 0 or 3 <= load <= 8 for load in loads)
    assert (0.99 if doubts else 0.9) * most <= total <= most + 1e-4
