from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import (
    Move,
    Outcome,
    Profile,
    Rules,
    WhatIf,
    board,
    match,
    next_best,
    settling,
    standing,
)
from bot.matching import large as large_module
from bot.matching.best import first_look
from bot.matching.board import pinned
from bot.matching.scores import GRAIN
from bot.matching.solver import NOBODY
from tests.matching.crowd import both, links, mentee, mentor, tags
from tests.matching.invented import company
from tests.matching.test_rounds import programmes

OPEN = Rules(floor=0)


def forced(profiles: list[Profile], rules: Rules, guide: int, learner: int, seed: int) -> Outcome:
    """The round with this pair pinned, by the ordinary way."""
    pins = frozenset(pin for pin in rules.pinned if pin[1] != learner) | {(guide, learner)}
    return match(profiles, replace(rules, pinned=pins), seed)


def mentor_of(outcome: Outcome, learner: int) -> int | None:
    return next((guide for guide, other in links(outcome) if other == learner), None)


@settings(max_examples=60, deadline=None)
@given(programmes(), st.integers(0, 3), st.booleans())
def test_every_loss_is_that_of_a_real_round_solved_again(
    programme: tuple[list[Profile], Rules], seed: int, pin: bool
) -> None:
    profiles, rules = programme
    rules = replace(rules, fair=False)
    if pin:
        first = sorted(links(match(profiles, rules, seed)))[:1]
        rules = replace(rules, pinned=frozenset(first))
    now = match(profiles, rules, seed)
    for learner in (p.id for p in profiles if p.mentee):
        found = next_best(profiles, rules, learner, seed, most=10)
        assert {other.mentor for other in found} == {
            guide
            for guide in open_mentors(profiles, rules, learner, seed)
            if guide != mentor_of(now, learner)
        }
        for other in found:
            then = forced(profiles, rules, other.mentor, learner, seed)
            assert other.loss == now.stats.total - then.stats.total
            assert other.fewer == now.stats.matched - then.stats.matched
            assert {m.mentee: (m.before, m.after) for m in other.moves} == {
                p.id: (mentor_of(now, p.id), mentor_of(then, p.id))
                for p in profiles
                if p.id != learner and mentor_of(now, p.id) != mentor_of(then, p.id)
            }


@settings(max_examples=40, deadline=None)
@given(programmes(), st.integers(0, 3))
def test_with_fairness_nobody_is_said_to_lose_a_mentor_whom_the_new_round_gives_one(
    programme: tuple[list[Profile], Rules], seed: int
) -> None:
    profiles, rules = programme
    rules = replace(rules, fair=True)
    now = match(profiles, rules, seed)
    for learner in (p.id for p in profiles if p.mentee):
        for other in next_best(profiles, rules, learner, seed):
            then = forced(profiles, rules, other.mentor, learner, seed)
            assert other.fewer == now.stats.matched - then.stats.matched


def open_mentors(profiles: list[Profile], rules: Rules, learner: int, seed: int) -> set[int]:
    """Every mentor to whom this mentee can be pinned without losing another pin."""
    other_pins = {pin for pin in rules.pinned if pin[1] != learner}
    outcomes = {
        guide.id: forced(profiles, rules, guide.id, learner, seed)
        for guide in profiles
        if guide.mentor
    }
    return {
        guide
        for guide, outcome in outcomes.items()
        if other_pins | {(guide, learner)} <= links(outcome)
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("mentees", "mentors"), [(30, 12), (25, 25), (40, 10)])
def test_the_few_that_are_shown_are_the_cheapest_of_all(
    mentees: int, mentors: int, seed: int
) -> None:
    profiles = company(mentees, mentors, seed)
    learner = profiles[mentors + seed].id
    every = next_best(profiles, OPEN, learner, most=mentors)
    few = next_best(profiles, OPEN, learner, most=3)
    assert len(every) > 3
    assert few == every[:3]


def test_the_cost_is_for_the_whole_round_not_the_difference_of_two_scores() -> None:
    profiles = [
        mentor(1, skills_offered=tags("a b")),
        mentor(2, skills_offered=tags("a")),
        mentee(11, skills_wanted=tags("a b")),
        mentee(12, skills_wanted=tags("a")),
    ]
    assert links(match(profiles)) == {(1, 11), (2, 12)}
    [other] = next_best(profiles, None, 11)
    assert other.mentor == 2
    assert other.moves == (Move(12, before=2, after=1),)
    now, then = match(profiles), forced(profiles, Rules(), 2, 11, 0)
    assert other.loss == now.stats.total - then.stats.total > 0
    assert other.fewer == 0


def test_somebody_who_has_no_mentor_yet_may_get_one_at_the_cost_of_another() -> None:
    profiles = [
        mentor(1, skills_offered=tags("a")),
        mentee(2, skills_wanted=tags("a")),
        mentee(3, skills_wanted=tags("b")),
    ]
    [other] = next_best(profiles, OPEN, 3)
    assert other.moves == (Move(2, before=1, after=None),)
    assert other.fewer == 0
    assert other.loss > 0


def test_other_pins_stay_and_a_pinned_mentee_can_still_be_looked_at() -> None:
    profiles = [mentor(1), mentor(2), mentor(3), mentee(11), mentee(12)]
    rules = replace(OPEN, pinned=frozenset({(1, 11), (2, 12)}))
    assert [other.mentor for other in next_best(profiles, rules, 11)] == [3]


def test_an_alternative_never_closes_a_loop() -> None:
    profiles = [both(1), both(2), mentor(3)]
    rules = replace(OPEN, pinned=frozenset({(1, 2)}))
    assert next_best(profiles, rules, 1) == ()


def test_who_is_no_mentee_here_has_no_alternatives() -> None:
    with pytest.raises(ValueError, match="no mentee"):
        next_best([mentor(1)], OPEN, 1)


def test_an_alternative_is_kept_even_where_it_leaves_more_people_without_a_mentor() -> None:
    profiles = [both(11), both(12, avoids=frozenset({13})), mentee(13)]
    rules = replace(OPEN, forbidden=frozenset({(11, 12)}))
    assert links(match(profiles, rules)) == {(12, 11), (11, 13)}
    only = match(profiles, replace(OPEN, pinned=frozenset({(11, 12)})))
    assert links(only) == {(11, 12)}
    [other] = next_best(profiles, OPEN, 12)
    assert (other.mentor, other.fewer) == (11, 1)
    assert {(m.mentee, m.after) for m in other.moves} == {(11, None), (13, None)}


# --- with fairness and wishes, and in rounds of which the whole is never seen ---


def round_with_pin(asked: WhatIf, guide: int, learner: int) -> tuple[int, int]:
    """The number matched and the units of worth of a round that is really solved again."""
    pins = (*(pin for pin in asked.rules.pinned if pin[1] != learner), (guide, learner))
    board, search = pinned(asked.blank, pins), asked.standing.settled.search
    chosen = settling.again(board, search).chosen
    if (chosen != NOBODY).sum() < (asked.standing.settled.arranged.chosen != NOBODY).sum():
        chosen = settling.settled(board, asked.seed).arranged.chosen  # at a floor of its own
    return sizes(asked, chosen, board)


def sizes(asked: WhatIf, chosen: Any, board: Any) -> tuple[int, int]:
    search = asked.standing.settled.search
    held = np.ones(len(chosen), bool)
    field = replace(search.field, field=board.field, held=held)
    rows = np.flatnonzero(chosen != NOBODY)
    scores = [field.at(rows[k : k + 1], chosen[rows[k : k + 1]])[0, 0] for k in range(len(rows))]
    return len(rows), round(sum(map(float, scores)) / GRAIN)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("mentees", "mentors", "slack"), [(50, 25, 0.05), (30, 30, 0.001), (60, 15, 0.0)]
)
def test_a_chain_costs_what_solving_the_round_again_costs(
    mentees: int, mentors: int, slack: float, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(board, "SMALL", 0)
        monkeypatch.setattr(settling, "first_look", partial(first_look, most=2))
        monkeypatch.setattr(large_module, "first_look", partial(first_look, most=2))
    monkeypatch.setattr(standing, "SLACK", slack)
    profiles = [replace(p, priority=p.id % 2) for p in company(mentees, mentors, seed=6)]
    bonus = {(1 + (7 * p.id) % mentors, p.id): 0.1 for p in profiles[mentors:]}
    asked = WhatIf(profiles, Rules(bonus=bonus), seed=3)
    now = sizes(asked, asked.standing.settled.arranged.chosen, asked.now)
    for learner in profiles[mentors :: mentees // 4]:
        every = asked.next_best(learner.id, most=mentors)
        assert asked.next_best(learner.id, most=3) == every[:3]
        for other in (*every[:2], every[-1]):
            number, worth = round_with_pin(asked, other.mentor, learner.id)
            assert other.fewer == now[0] - number
            assert round(other.cost / GRAIN) == now[1] - worth


def test_one_round_that_was_solved_answers_for_everybody() -> None:
    profiles = company(60, 30, seed=2)
    asked = WhatIf(profiles, Rules())
    for learner in profiles[30:40]:
        assert asked.next_best(learner.id) == next_best(profiles, None, learner.id)


def test_who_is_pinned_is_moved_by_no_chain() -> None:
    profiles = company(40, 20, seed=4)
    approved = sorted(links(match(profiles)))[:30]
    asked = WhatIf(profiles, Rules(pinned=frozenset(approved)))
    fixed = {learner for _, learner in approved}
    for learner in profiles[20:]:
        for other in asked.next_best(learner.id, most=20):
            assert not fixed & {move.mentee for move in other.moves}


def test_when_all_fit_alike_another_mentor_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "SMALL", 0)
    profiles = [*(mentor(k) for k in range(1, 61)), *(mentee(k) for k in range(101, 161))]
    found = WhatIf(profiles, OPEN).next_best(120)
    assert [(other.loss, other.fewer) for other in found] == [(0, 0)] * 3
