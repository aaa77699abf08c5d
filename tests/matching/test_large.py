from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.matching import Profile, Rules, board, large, match
from bot.matching.best import first_look
from bot.matching.candidates import CLOSED, Seen
from bot.matching.flow import ORTOOLS, SCIPY, has_ortools
from bot.matching.large import Large
from bot.matching.scores import GRAIN
from bot.matching.solver import NOBODY, Chosen, Solved, measure, solved, worth
from tests.matching.crowd import links
from tests.matching.invented import company
from tests.matching.test_loops import alike
from tests.matching.test_rounds import programmes
from tests.matching.test_solver import instances, quality

# The extra koppel[large] joins where it is installed; SciPy's engine is tested everywhere.
ENGINES = [SCIPY, ORTOOLS] if has_ortools() else [SCIPY]
Whole = NDArray[np.int64]


def crowd(mentees: int, mentors: int, seed: int = 1, open_: float = 0.5) -> Seen:
    """Scores with some order in them, as people's have, and some pairs closed."""
    random = np.random.default_rng(seed)
    tastes = random.normal(size=(mentees, 4)) @ random.normal(size=(4, mentors))
    scores = 1 / (1 + np.exp(-tastes / 2 + random.normal(size=(mentees, mentors)) / 4))
    steps = np.rint(scores / GRAIN) * GRAIN
    return Seen(np.where(random.random(steps.shape) < open_, steps, CLOSED).astype(np.float32))


def at_large(
    field: Seen, capacity: Whole, waited: Whole, seed: int = 0, engine: str = SCIPY
) -> Solved:
    return Large(field, capacity, measure(capacity, waited, seed), engine).solve()


def whole(field: Seen, capacity: Whole, waited: Whole, seed: int = 0) -> Solved:
    scores = field.scores
    value = worth(np.maximum(scores, 0), scores >= 0, capacity, waited, seed)
    return solved(value, capacity)


def within(chosen: Chosen, field: Seen, capacity: Whole) -> bool:
    rows = np.flatnonzero(chosen != NOBODY)
    load = np.bincount(chosen[rows], minlength=len(capacity))
    return bool(
        (load <= np.maximum(capacity, 0)).all() and (field.scores[rows, chosen[rows]] >= 0).all()
    )


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None)
@given(instance=instances(), seed=st.integers(0, 3))
def test_few_candidates_reach_what_the_whole_matrix_reaches(
    engine: str, instance: tuple[NDArray[np.float64], NDArray[np.bool_], Whole, Whole], seed: int
) -> None:
    scores, feasible, capacity, waited = instance
    field = Seen(np.where(feasible, scores, CLOSED).astype(np.float32))
    patch = pytest.MonkeyPatch()
    patch.setattr(large, "first_look", lambda f, c, told: first_look(f, c, 1, told))
    found = at_large(field, capacity, waited, seed, engine)
    patch.undo()
    best = whole(field, capacity, waited, seed)
    assert found.proven
    assert within(found.chosen, field, capacity)
    assert found.total == best.total
    assert quality(scores, waited, tuple(found.chosen.tolist())) == quality(
        scores, waited, tuple(best.chosen.tolist())
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("mentees", "mentors", "places"), [(300, 150, 1), (300, 150, 2), (300, 150, 3), (150, 300, 1)]
)
def test_a_crowd_gets_what_scipys_dense_solver_gives(
    mentees: int, mentors: int, places: int, seed: int, engine: str
) -> None:
    random = np.random.default_rng(seed)
    field = crowd(mentees, mentors, seed, open_=0.4)
    capacity = random.integers(0, 2 * places + 1, mentors)
    waited = random.integers(0, 3, mentees)
    found = at_large(field, capacity, waited, seed, engine)
    best = whole(field, capacity, waited, seed)
    assert found.proven
    assert found.gap == 0
    assert within(found.chosen, field, capacity)
    assert found.total == best.total


def contested() -> tuple[Seen, Whole, Whole]:
    """Half the mentees prefer the same quarter of the mentors; hardly anything else is kept."""
    random = np.random.default_rng(2)
    even, first = np.arange(400)[:, None] % 2 == 0, np.arange(400) < 100
    scores = np.where(even & first, 0.5, 0.2) + 0.4 * random.random((400, 400))
    steps = np.rint(scores / GRAIN) * GRAIN
    return Seen(steps.astype(np.float32)), np.ones(400, np.int64), np.zeros(400, np.int64)


def test_the_best_few_of_everybody_are_not_enough_without_looking_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    field, one, waited = contested()
    best = whole(field, one, waited)
    assert (best.chosen != NOBODY).all()
    assert at_large(field, one, waited).total == best.total
    nothing = np.zeros(0, np.intp)
    monkeypatch.setattr(Large, "_overlooked", lambda *_: (nothing, nothing, nothing, 0))
    blind = at_large(field, one, waited)
    assert blind.total < best.total
    assert (blind.chosen == NOBODY).sum() > 50


def test_of_a_crowd_that_comes_near_the_best_few_of_each_join(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    field, one, waited = contested()
    monkeypatch.setattr(large, "CROWDED", 0)  # every look is one
    monkeypatch.setattr(large, "MORE", 2)
    assert at_large(field, one, waited).total == whole(field, one, waited).total


def test_a_search_that_may_stop_short_says_by_how_much_at_the_most() -> None:
    mentees = mentors = 200
    random = np.random.default_rng(4)
    scores = 0.9 * np.linspace(1, 0.2, mentors) + 0.1 * random.random((mentees, mentors))
    field = Seen((np.rint(scores / GRAIN) * GRAIN).astype(np.float32))
    one, waited = np.ones(mentors, np.int64), np.zeros(mentees, np.int64)
    patch = pytest.MonkeyPatch()
    patch.setattr(large, "first_look", lambda f, c, told: first_look(f, c, 2, told))
    patch.setattr(large, "GUESSES", 0)
    by = measure(one, waited, 0)
    short = Large(field, one, by, SCIPY, enough=1e9).solve()
    patch.undo()
    best = whole(field, one, waited)
    assert not short.proven
    assert (short.chosen != NOBODY).all()
    now, most = (points_of(field, solution.chosen) for solution in (short, best))
    assert now < most <= now * (1 + short.gap)


def points_of(field: Seen, chosen: Chosen) -> float:
    rows = np.flatnonzero(chosen != NOBODY)
    return float(field.scores[rows, chosen[rows]].sum(dtype=np.float64))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("scores", "capacity", "matched"),
    [
        (np.zeros((0, 0)), [], 0),
        (np.zeros((5, 0)), [], 0),
        (np.zeros((0, 5)), [1] * 5, 0),
        (np.full((40, 50), 0.5), [1] * 50, 40),  # all alike
        (np.full((90, 50), 0.5), [1] * 50, 50),  # all alike, and too few mentors
        (np.full((40, 50), 0.5), [0] * 50, 0),  # all full
        (np.full((40, 50), CLOSED), [1] * 50, 0),  # everyone avoids everyone
        (np.full((300, 1), 0.25), [7], 7),  # one mentor for all
        (np.full((300, 60), 0.25), [1_000_000] * 60, 300),  # places without end
        (np.zeros((40, 50)), [1] * 50, 40),  # a score of nought is a match
        (np.ones((40, 50)), [1] * 50, 40),
    ],
)
def test_odd_rounds_end_well(
    scores: NDArray[np.float64], capacity: list[int], matched: int, engine: str
) -> None:
    places, waited = np.array(capacity, np.int64), np.zeros(len(scores), np.int64)
    found = at_large(Seen(scores.astype(np.float32)), places, waited, 0, engine)
    assert found.proven
    assert int((found.chosen != NOBODY).sum()) == matched
    assert within(found.chosen, Seen(scores.astype(np.float32)), places)


def test_the_longest_waiting_go_first_in_a_crowd_too() -> None:
    field = crowd(300, 100, open_=1.0)
    waited = np.repeat([0, 3, 1], 100)
    chosen = at_large(field, np.ones(100, np.int64), waited).chosen
    assert np.flatnonzero(chosen != NOBODY).tolist() == list(range(100, 200))


def test_among_equals_the_seed_decides_and_repeats_itself() -> None:
    field, one = Seen(np.full((60, 40), 0.5, np.float32)), np.ones(40, np.int64)
    waited = np.zeros(60, np.int64)
    first = [at_large(field, one, waited, seed).chosen.tolist() for seed in range(6)]
    assert [at_large(field, one, waited, seed).chosen.tolist() for seed in range(6)] == first
    lucky = np.array([[place != NOBODY for place in chosen] for chosen in first])
    assert len({tuple(row) for row in lucky.tolist()}) == 6


# --- whole rounds, as people ask for them ---


@pytest.fixture
def nothing_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SMALL", 0)


@settings(max_examples=80, deadline=None)
@given(programmes(), st.integers(0, 3), st.booleans())
def test_a_small_round_comes_out_the_same_as_a_large_one(
    programme: tuple[list[Profile], Rules], seed: int, pin: bool
) -> None:
    profiles, rules = programme
    if pin:
        first = sorted(links(match(profiles, rules, seed)))[-1:]
        rules = replace(rules, pinned=frozenset(first))
    small = match(profiles, rules, seed)
    patch = pytest.MonkeyPatch()
    patch.setattr(board, "SMALL", 0)
    big = match(profiles, rules, seed)
    patch.undo()
    assert big.stats.matched == small.stats.matched
    assert big.stats.total == small.stats.total
    assert big.stats.proven == small.stats.proven
    assert {left.reasons for left in big.unmatched} == {left.reasons for left in small.unmatched}
    assert big.refused_pins == small.refused_pins


@pytest.mark.parametrize("seed", range(3))
def test_a_company_comes_out_the_same_pair_for_pair(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = company(220, 90, seed)
    small = match(profiles, seed=seed)
    monkeypatch.setattr(board, "SMALL", 0)
    big = match(profiles, seed=seed)
    assert big.pairs == small.pairs
    assert big.unmatched == small.unmatched


@pytest.mark.usefixtures("nothing_is_small")
def test_nobody_mentors_their_own_mentor_in_a_large_round() -> None:
    outcome = match(alike(16))
    paired = links(outcome)
    assert len(paired) == 16
    assert not any((b, a) in paired for a, b in paired)
    assert outcome.stats.proven


@pytest.mark.usefixtures("nothing_is_small")
def test_pins_hold_in_a_large_round() -> None:
    profiles = company(80, 40)
    free = match(profiles)
    guide = next(pair.mentor for pair in free.pairs if pair.mentee != profiles[-1].id)
    kept = (guide, profiles[-1].id)
    outcome = match(profiles, Rules(pinned=frozenset({kept}), floor=0))
    assert kept in links(outcome)
    assert [(p.mentor, p.mentee) for p in outcome.pairs if p.pinned] == [kept]
