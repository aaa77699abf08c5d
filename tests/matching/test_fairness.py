"""Nobody is much worse off than needed, and nobody loses their place by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import (
    Outcome,
    Profile,
    Rules,
    best,
    board,
    large,
    match,
    score_pair,
    settling,
)
from bot.matching.best import first_look
from bot.matching.candidates import Candidates, Seen
from bot.matching.fairness import Raising
from bot.matching.scores import GRAIN
from bot.matching.weighed import ENOUGH, SHORT, Extra, Weighed, lifted, lifted_steps, unlifted
from tests.matching.crowd import both, links, mentee, mentor, tags
from tests.matching.invented import company
from tests.matching.test_rounds import SKILLS, every_round, quality

Pairs = set[tuple[int, int]]


@st.composite
def programmes(draw: st.DrawFn) -> tuple[list[Profile], Rules]:
    """Nobody in both roles: mentors 11 …, mentees 21 …, who differ in nothing but skills."""
    skills, waits = SKILLS, st.integers(0, 2)
    guides = [
        mentor(11 + k, skills_offered=draw(skills), capacity=draw(st.integers(0, 2)))
        for k in range(draw(st.integers(0, 3)))
    ]
    learners = [
        mentee(21 + k, skills_wanted=draw(skills), priority=draw(waits))
        for k in range(draw(st.integers(0, 4)))
    ]
    pair = st.tuples(st.integers(11, 13), st.integers(21, 24))
    rules = Rules(
        floor=draw(st.sampled_from([0.0, 0.2])),
        forbidden=draw(st.frozensets(pair, max_size=3)),
        weights={"skills": draw(st.sampled_from([1.0, 20.0]))},
        bonus=draw(st.dictionaries(pair, st.sampled_from([0.05, 0.25]), max_size=2)),
    )
    return [*guides, *learners], rules


def scores_of(pairs: Pairs, profiles: list[Profile], rules: Rules) -> dict[tuple[int, int], float]:
    """How well off people are: the fit, and what they wished."""
    by_id = {p.id: p for p in profiles}
    return {
        (guide, learner): score_pair(by_id[guide], by_id[learner], rules)[0]
        + round(rules.bonus.get((guide, learner), 0.0) / GRAIN) * GRAIN
        for guide, learner in pairs
    }


def fairest(profiles: list[Profile], rules: Rules) -> tuple[float, float]:
    """The highest floor, and the greatest worth above it, of all rounds that match the most."""
    everything = every_round(profiles, rules)
    most = max(quality(pairs, profiles)[:2] for pairs in everything)
    full = [
        (scores_of(pairs, profiles, rules), pairs)
        for pairs in everything
        if quality(pairs, profiles)[:2] == most
    ]
    floor = max(min(scores.values(), default=0.0) for scores, _ in full)
    return floor, max(
        worth(scores) for scores, _ in full if min(scores.values(), default=0.0) >= floor
    )


def worth(scores: dict[tuple[int, int], float]) -> float:
    return sum(s - SHORT * max(0.0, ENOUGH - s) for s in scores.values())


@contextmanager
def few_candidates(large_: bool) -> Iterator[None]:
    """Only the best mentor of each mentee is known at first, and nothing is guessed."""
    patch = pytest.MonkeyPatch()
    patch.setattr(board, "SMALL", 0 if large_ else board.SMALL)
    patch.setattr(best, "FEWEST", -99)
    patch.setattr(large, "GUESSES", 0)
    for room in (large, settling):
        patch.setattr(room, "first_look", partial(first_look, most=1))
    yield
    patch.undo()


@settings(max_examples=120, deadline=None)
@given(programmes(), st.integers(0, 3), st.booleans())
def test_no_round_that_matches_as_many_is_fairer(
    programme: tuple[list[Profile], Rules], seed: int, large_: bool
) -> None:
    profiles, rules = programme
    with few_candidates(large_):
        outcome = match(profiles, rules, seed)
    plain = match(profiles, replace(rules, fair=False), seed)
    floor, best = fairest(profiles, rules)
    found = scores_of(links(outcome), profiles, rules)
    assert quality(links(outcome), profiles)[:2] == quality(links(plain), profiles)[:2]
    assert min(found.values(), default=0.0) >= floor
    assert worth(found) == best
    assert outcome.raised_to == floor
    assert outcome.stats.worst_without == plain.stats.worst
    assert outcome.stats.proven
    assert outcome.stats.price == pytest.approx(price(outcome, plain))


def price(fair: Outcome, plain: Outcome) -> float:
    now, without = (
        sum(pair.score + round(pair.bonus / GRAIN) * GRAIN for pair in outcome.pairs)
        for outcome in (fair, plain)
    )
    return 1 - now / without if without else 0.0


@pytest.mark.parametrize("large_", [False, True])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("mentees", "mentors"), [(220, 90), (120, 100), (200, 40)])
def test_a_crowd_is_as_fair_by_candidates_as_by_the_whole_matrix(
    mentees: int, mentors: int, seed: int, large_: bool
) -> None:
    profiles = [replace(p, priority=p.id % 3) for p in company(mentees, mentors, seed)]
    small = match(profiles, seed=seed)
    with few_candidates(large_):
        big = match(profiles, seed=seed)
    assert big.pairs == small.pairs
    assert big.raised_to == small.raised_to > small.stats.worst_without - GRAIN
    assert big.stats.price == pytest.approx(small.stats.price, abs=settling.ROUGH)
    plain = match(profiles, Rules(fair=False), seed)
    assert small.stats.worst >= plain.stats.worst
    assert 0 <= small.stats.price < 0.03
    assert small.stats.total <= plain.stats.total
    assert waits(small, profiles) == waits(plain, profiles)


def waits(outcome: Outcome, profiles: list[Profile]) -> list[int]:
    waited = {p.id: p.priority for p in profiles}
    return sorted(waited[pair.mentee] for pair in outcome.pairs)


def test_one_splendid_and_one_poor_match_become_two_that_will_do() -> None:
    people = poor_and_splendid()
    rules = Rules(floor=0, weights={"skills": 50.0})
    plain, fair = match(people, replace(rules, fair=False)), match(people, rules)
    assert links(plain) == {(1, 11), (2, 12)}
    assert links(fair) == {(2, 11), (1, 12)}
    assert fair.stats.worst_without == plain.stats.worst < fair.stats.worst == fair.raised_to
    assert fair.stats.price == 1 - fair.stats.total / plain.stats.total > 0


def apart(*links: tuple[int, int], among: list[Profile]) -> frozenset[tuple[int, int]]:
    """Every pair but these."""
    every = {(g.id, p.id) for g in among if g.mentor for p in among if p.mentee}
    return frozenset(every - set(links))


def poor_and_splendid() -> list[Profile]:
    return [
        mentor(1, skills_offered=tags("a b")),
        mentor(2, skills_offered=tags("a")),
        mentee(11, skills_wanted=tags("a b")),
        mentee(12, skills_wanted=tags("b o p q r s t u v w x y z")),
    ]


def test_the_floor_rises_to_the_score_of_whoever_waited_longest_and_has_nobody_better() -> None:
    patient = mentee(13, priority=1, skills_wanted=tags("c n o p q r s t u v w x y z"))
    people = [
        *poor_and_splendid(),
        mentor(3, skills_offered=tags("c")),
        patient,
        mentee(14, skills_wanted=tags("c")),
    ]
    forbidden = apart((1, 11), (1, 12), (2, 11), (2, 12), (3, 13), (3, 14), among=people)
    rules = Rules(floor=0, weights={"skills": 50.0}, forbidden=forbidden)
    outcome = match(people, rules)
    assert links(outcome) == {(2, 11), (1, 12), (3, 13)}
    assert outcome.raised_to == score_pair(people[4], patient, rules)[0] > 0.1


def test_a_wish_that_nobody_thought_of_helps_whoever_is_stuck() -> None:
    """The second mentee wished for the second mentor: by fit alone that is below the floor."""
    scores, grains = np.array([[0.25, 0.125], [0.75, 0.0625]], np.float32), round(1 / GRAIN)
    wish = Extra(np.array([0, 0, 1]), np.array([1]), np.array([grains // 4]))
    rows, columns = np.array([0, 0, 1]), np.array([0, 1, 0])
    known = Candidates((2, 2), rows, columns, (scores[rows, columns] * grains).astype(np.int64))
    everybody, alike = np.ones(2, bool), np.zeros(2, np.int64)
    field = Weighed(Seen(scores), wish, ~everybody)
    raising = Raising(field, known, np.ones(2, np.int64), alike, everybody)
    assert raising.highest(grains // 8) == grains // 4


def test_a_poor_pair_that_is_pinned_does_not_keep_the_floor_down_for_others() -> None:
    people = [*poor_and_splendid(), mentor(3, skills_offered=tags("c")), mentee(13)]
    people[-1] = replace(people[-1], skills_wanted=tags("d e"))
    rules = Rules(floor=0, weights={"skills": 50.0}, pinned=frozenset({(3, 13)}))
    outcome = match(people, rules)
    assert links(outcome) == {(2, 11), (1, 12), (3, 13)}
    assert outcome.stats.worst < 0.1
    assert outcome.raised_to == score_pair(people[0], people[3], rules)[0] > 0.2


def test_the_coordinators_own_floor_is_never_lowered() -> None:
    outcome = match(company(40, 20), Rules(floor=0.58))
    assert outcome.raised_to >= 0.58
    assert outcome.stats.worst >= 0.58


def test_a_pin_may_stay_below_the_floor_that_fairness_reached() -> None:
    profiles = company(60, 40, seed=2)
    free = match(profiles)
    poor = min(
        ((guide, profiles[-1]) for guide in profiles[:40]), key=lambda both: score_pair(*both)[0]
    )
    poor_link = (poor[0].id, poor[1].id)
    rules = Rules(floor=0, allow_same_team=True, pinned=frozenset({poor_link}))
    outcome = match(profiles, rules)
    assert poor_link in links(outcome)
    assert outcome.refused_pins == ()
    assert outcome.stats.matched == free.stats.matched
    others = [pair.score for pair in outcome.pairs if not pair.pinned]
    assert min(others) >= outcome.raised_to > score_pair(*poor)[0]


def test_the_rule_against_loops_stays_above_fairness() -> None:
    people = [
        replace(guide, mentee=True, skills_wanted=learner.skills_wanted, goal=learner.goal)
        for guide, learner in zip(company(40, 40)[:40], company(40, 40)[40:], strict=True)
    ]
    fair, plain = match(people), match(people, Rules(fair=False))
    paired = links(fair)
    assert not any((b, a) in paired for a, b in paired)
    assert fair.stats.matched == plain.stats.matched
    assert fair.stats.worst >= plain.stats.worst


def test_where_a_floor_would_leave_a_loop_only_it_is_not_raised() -> None:
    """The best floor pairs two people both ways, which may not be; nobody loses their place by it."""
    people = [
        both(1, skills_wanted=tags("a"), skills_offered=tags("b")),
        both(2, skills_wanted=tags("b"), skills_offered=tags("a")),
        mentor(3),
    ]
    fair, plain = match(people), match(people, Rules(fair=False))
    assert fair.stats.matched == plain.stats.matched == 2
    assert fair.stats.proven


@pytest.mark.parametrize(
    "profiles",
    [
        [],
        [mentee(1)],
        [mentor(1)],
        [mentor(1, capacity=0), mentee(2)],
        [mentor(1), mentee(2, avoids=frozenset({1}))],
        [mentor(1), *(mentee(k) for k in range(2, 102))],
        [mentor(1, manager=2), mentor(2, manager=3), mentee(3, manager=1)],
        [both(1), both(2)],
    ],
)
def test_odd_rounds_are_as_full_with_fairness_as_without(profiles: list[Profile]) -> None:
    fair, plain = match(profiles), match(profiles, Rules(fair=False))
    assert fair.stats.matched == plain.stats.matched
    assert fair.stats.price == 0
    assert fair.raised_to == plain.stats.worst
    assert fair.unmatched == plain.unmatched or len(profiles) > 100


def test_what_is_missing_counts_more_and_nothing_is_lost_in_counting() -> None:
    fit = np.arange(0, 65537, 7)
    worth_ = lifted_steps(fit)
    assert np.array_equal(unlifted(worth_), fit)
    assert np.array_equal(np.rint(lifted((fit * GRAIN).astype(np.float32)) / GRAIN), worth_)
    assert set(np.diff(worth_[fit < 32768]) // 7) == {1 + SHORT}
    assert set(np.diff(worth_[fit > 32768]) // 7) == {1}


def test_who_avoids_whom_cannot_be_told_from_what_is_said_of_those_left_over() -> None:
    quiet = [mentor(1), mentee(2), mentee(3), mentor(4, capacity=0)]
    loud = [*quiet[:2], replace(quiet[2], avoids=frozenset({1})), quiet[3]]
    left = {k: match(people, seed=k).unmatched for k, people in ((1, quiet), (2, loud))}
    told = {one.reasons for reasons in left.values() for one in reasons if one.role == "mentee"}
    assert len(told) == 1
