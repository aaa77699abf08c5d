from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import Profile, Rules, match, score_pair
from tests.matching.crowd import both, links, mentee, mentor, tags
from tests.matching.invented import company

OPEN = Rules(floor=0)
SKILLS = st.frozensets(st.sampled_from("abcd"), max_size=3)


def may_pair(guide: Profile, learner: Profile, rules: Rules) -> bool:
    """The hard rules, told again in the plainest way."""
    persons = {(guide.person, learner.person), (learner.person, guide.person)}
    return (
        guide.mentor
        and learner.mentee
        and guide.person != learner.person
        and guide.manager != learner.person
        and learner.manager != guide.person
        and guide.person not in learner.avoids
        and learner.person not in guide.avoids
        and not guide.paused
        and not learner.paused
        and not persons & rules.past_pairs
        and (guide.id, learner.id) not in rules.forbidden
        and score_pair(guide, learner, rules)[0] >= rules.floor
    )


def every_round(profiles: list[Profile], rules: Rules) -> list[set[tuple[int, int]]]:
    learners = [p for p in profiles if p.mentee]
    choices = [[None, *(g for g in profiles if may_pair(g, p, rules))] for p in learners]
    rounds = []
    for chosen in product(*choices):
        pairs = [(g, p) for g, p in zip(chosen, learners, strict=True) if g]
        persons = {(g.person, p.person) for g, p in pairs}
        load = [sum(g.id == guide.id for g, _ in pairs) <= guide.capacity for guide in profiles]
        if all(load) and not any((b, a) in persons for a, b in persons):
            rounds.append({(g.id, p.id) for g, p in pairs})
    return rounds


def quality(pairs: set[tuple[int, int]], profiles: list[Profile]) -> tuple[int, int, float]:
    by_id = {p.id: p for p in profiles}
    waits = sorted({p.priority for p in profiles if p.mentee})
    return (
        len(pairs),
        sum(waits.index(by_id[learner].priority) for _, learner in pairs),
        sum(score_pair(by_id[guide], by_id[learner])[0] for guide, learner in pairs),
    )


@st.composite
def programmes(draw: st.DrawFn) -> tuple[list[Profile], Rules]:
    count = draw(st.integers(0, 5))
    anybody = st.integers(1, 5)
    profiles = [
        Profile(
            id=number + 10,
            person=number,
            mentor=draw(st.booleans()),
            mentee=draw(st.booleans()),
            capacity=draw(st.integers(0, 3)),
            priority=draw(st.integers(0, 2)),
            manager=draw(st.none() | anybody),
            paused=draw(st.sampled_from([False, False, False, True])),
            skills_offered=draw(SKILLS),
            skills_wanted=draw(SKILLS),
            avoids=draw(st.frozensets(anybody, max_size=1)),
        )
        for number in range(1, count + 1)
    ]
    couples = st.frozensets(st.tuples(anybody, anybody), max_size=1)
    rules = Rules(
        floor=draw(st.sampled_from([0.0, 0.2, 0.25])),
        past_pairs=draw(couples),
        forbidden=frozenset((a + 10, b + 10) for a, b in draw(couples)),
    )
    return profiles, rules


@settings(max_examples=150, deadline=None)
@given(programmes(), st.integers(0, 3))
def test_no_round_within_the_rules_is_better(
    programme: tuple[list[Profile], Rules], seed: int
) -> None:
    profiles, rules = programme
    outcome = match(profiles, rules, seed)
    everything = every_round(profiles, rules)
    assert links(outcome) in everything
    assert quality(links(outcome), profiles) == max(
        quality(pairs, profiles) for pairs in everything
    )
    assert outcome.stats.proven


@settings(max_examples=60, deadline=None)
@given(programmes(), st.integers(0, 3), st.randoms())
def test_everybody_who_takes_part_is_either_matched_or_told_why_not(
    programme: tuple[list[Profile], Rules], seed: int, shuffler: random.Random
) -> None:
    profiles, rules = programme
    outcome = match(profiles, rules, seed)
    learners = {p.id for p in profiles if p.mentee and not p.paused}
    guides = {p.id for p in profiles if p.mentor and not p.paused and p.capacity > 0}
    alone = {(left.role, left.participant) for left in outcome.unmatched}
    paired = links(outcome)
    assert alone == {("mentee", p) for p in learners - {learner for _, learner in paired}} | {
        ("mentor", p) for p in guides - {guide for guide, _ in paired}
    }
    assert len(alone) == len(outcome.unmatched)
    assert (outcome.stats.mentees, outcome.stats.mentors) == (len(learners), len(guides))
    shuffled = profiles.copy()
    shuffler.shuffle(shuffled)
    assert match(shuffled, rules, seed) == outcome


def test_pins_are_kept_however_poor_and_the_rest_is_the_best_around_them() -> None:
    profiles = company(12, 8, seed=3)
    free = match(profiles, OPEN)
    worst = next(
        (guide.id, learner.id)
        for learner in profiles[8:]
        for guide in profiles[:8]
        if may_pair(guide, learner, OPEN) and (guide.id, learner.id) not in links(free)
    )
    outcome = match(profiles, replace(OPEN, pinned=frozenset({worst})))
    assert worst in links(outcome)
    assert [(p.mentor, p.mentee) for p in outcome.pairs if p.pinned] == [worst]
    assert outcome.refused_pins == ()
    assert outcome.stats.matched == free.stats.matched
    assert outcome.stats.total <= free.stats.total


def test_a_pin_outranks_everybody_who_waits() -> None:
    profiles = [mentor(1), mentee(2, priority=9), mentee(3)]
    assert links(match(profiles, OPEN)) == {(1, 2)}
    assert links(match(profiles, replace(OPEN, pinned=frozenset({(1, 3)})))) == {(1, 3)}


@pytest.mark.parametrize(
    ("profiles", "pins", "kept"),
    [
        ([mentor(1), mentee(2, manager=1)], {(1, 2)}, set()),
        ([mentor(1), mentee(2, avoids=frozenset({1}))], {(1, 2)}, set()),
        ([mentor(1, capacity=0), mentee(2)], {(1, 2)}, set()),
        ([mentor(1), mentee(2)], {(7, 2)}, {(1, 2)}),
        ([mentor(1), mentee(2), mentee(3)], {(1, 2), (1, 3)}, {(1, 2)}),
        ([mentor(1), mentor(2), mentee(3)], {(1, 3), (2, 3)}, {(1, 3)}),
        ([both(1), both(2)], {(1, 2), (2, 1)}, {(1, 2)}),
    ],
)
def test_a_pin_that_cannot_be_kept_is_reported_and_breaks_no_rule(
    profiles: list[Profile], pins: set[tuple[int, int]], kept: set[tuple[int, int]]
) -> None:
    outcome = match(profiles, replace(OPEN, pinned=frozenset(pins)))
    assert links(outcome) == kept
    assert set(outcome.refused_pins) == pins - kept


def test_a_pin_forbids_the_opposite_direction() -> None:
    profiles = [both(1), both(2), mentor(3, skills_offered=tags("z"))]
    outcome = match(profiles, replace(OPEN, pinned=frozenset({(1, 2)})))
    assert links(outcome) == {(1, 2), (3, 1)}


def test_what_is_pinned_and_forbidden_stays_forbidden() -> None:
    rules = replace(OPEN, pinned=frozenset({(1, 2)}), forbidden=frozenset({(1, 2)}))
    outcome = match([mentor(1), mentee(2)], rules)
    assert outcome.pairs == ()
    assert outcome.refused_pins == ((1, 2),)


def test_a_forbidden_pair_is_never_proposed_again() -> None:
    profiles = company(20, 12)
    forbidden: frozenset[tuple[int, int]] = frozenset()
    for _ in range(4):
        outcome = match(profiles, Rules(forbidden=forbidden))
        assert not links(outcome) & forbidden
        forbidden |= links(outcome)


def test_the_same_seed_gives_the_same_round_whatever_the_order_of_people() -> None:
    profiles = company(30, 20)
    first = match(profiles, seed=4)
    assert match(list(reversed(profiles)), seed=4) == first
    assert match(profiles, seed=5).stats.total == first.stats.total


def test_when_all_fit_equally_well_the_seed_chooses_who_is_left() -> None:
    profiles = [mentor(0), *(mentee(number) for number in range(1, 6))]
    chosen = {next(iter(links(match(profiles, OPEN, seed)))) for seed in range(40)}
    assert chosen == {(0, number) for number in range(1, 6)}


def test_who_waited_a_round_goes_first() -> None:
    crowd = [mentee(n, skills_wanted=tags("excel")) for n in range(2, 40)]
    profiles = [mentor(1, skills_offered=tags("excel")), *crowd, mentee(99, priority=1)]
    assert links(match(profiles, OPEN)) == {(1, 99)}
