from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import NAMED, OTHER, Profile, Rules, match, next_best
from bot.matching.rules import UNNAMED, blocked, why_unmatched, why_without_mentee
from tests.matching.crowd import both, links, mentee, mentor, tags
from tests.matching.invented import company

OPEN = Rules(floor=0)
RULES = {**NAMED, **UNNAMED}


def breaks(learner: Profile, guide: Profile, rules: Rules = OPEN) -> set[str]:
    """The names of the rules that keep these two apart."""
    return {
        name
        for name, rule in RULES.items()
        if np.broadcast_to(rule([learner], [guide], rules), (1, 1)).all()
    }


def test_two_strangers_break_no_rule() -> None:
    assert breaks(mentee(1), mentor(2)) == set()
    assert links(match([mentee(1), mentor(2)], OPEN)) == {(2, 1)}


CASES: dict[str, tuple[Profile, Profile, Rules]] = {
    "self": (mentee(1, person=7), mentor(2, person=7), OPEN),
    "guest_or_bot": (mentee(1), mentor(2, bot=True), OPEN),
    "paused": (mentee(1, paused=True), mentor(2), OPEN),
    "busy_elsewhere": (mentee(1), mentor(2, busy_elsewhere=True), OPEN),
    "capacity": (mentee(1), mentor(2, capacity=0), OPEN),
    "reporting_line": (mentee(1, manager=2), mentor(2), OPEN),
    "past_pair": (mentee(1), mentor(2), replace(OPEN, past_pairs=frozenset({(2, 1)}))),
    "same_team": (mentee(1, team="a"), mentor(2, team="a"), replace(OPEN, allow_same_team=False)),
    "same_department": (
        mentee(1, department="Legal"),
        mentor(2, department="Legal"),
        replace(OPEN, mixed=frozenset({"Legal"})),
    ),
    "excluded": (
        mentee(1, department="Legal"),
        mentor(2),
        replace(OPEN, excluded=frozenset({(2, "Legal")})),
    ),
    "no_common_language": (
        mentee(1, languages=tags("nl")),
        mentor(2, languages=tags("en pl")),
        OPEN,
    ),
    "forbidden": (mentee(1), mentor(2), replace(OPEN, forbidden=frozenset({(2, 1)}))),
    "avoid": (mentee(1, avoids=frozenset({2})), mentor(2), OPEN),
}


@pytest.mark.parametrize("name", sorted(RULES))
def test_each_rule_alone_keeps_a_pair_apart(name: str) -> None:
    learner, guide, rules = CASES[name]
    assert breaks(learner, guide, rules) == {name}
    assert blocked([learner], [guide], rules).all()
    assert match([learner, guide], rules).pairs == ()


@pytest.mark.parametrize(
    ("name", "learner", "guide"),
    [
        ("guest_or_bot", mentee(1, guest=True), mentor(2)),
        ("guest_or_bot", mentee(1, bot=True), mentor(2)),
        ("guest_or_bot", mentee(1), mentor(2, guest=True)),
        ("paused", mentee(1), mentor(2, paused=True)),
        ("reporting_line", mentee(1), mentor(2, manager=1)),
        ("capacity", mentee(1), mentor(2, capacity=-1)),
        ("avoid", mentee(1), mentor(2, avoids=frozenset({1}))),
    ],
)
def test_a_rule_holds_from_either_side(name: str, learner: Profile, guide: Profile) -> None:
    assert breaks(learner, guide) == {name}


def test_past_pairs_hold_in_either_order_and_are_about_people_not_roles() -> None:
    learner, guide = mentee(11, person=1), mentor(12, person=2)
    for pair in ((1, 2), (2, 1)):
        assert breaks(learner, guide, replace(OPEN, past_pairs=frozenset({pair}))) == {"past_pair"}
    assert breaks(learner, guide, replace(OPEN, past_pairs=frozenset({(11, 12)}))) == set()


def test_a_forbidden_pair_is_mentor_first_and_only_that_way_round() -> None:
    two = [both(1), both(2)]
    assert links(match(two, replace(OPEN, forbidden=frozenset({(2, 1)})))) == {(1, 2)}
    assert links(match(two, replace(OPEN, forbidden=frozenset({(1, 2)})))) == {(2, 1)}


def test_no_team_and_no_languages_and_no_manager_are_no_reason_to_keep_people_apart() -> None:
    strict = replace(OPEN, allow_same_team=False)
    assert breaks(mentee(1), mentor(2), strict) == set()
    assert breaks(mentee(1, languages=tags("nl")), mentor(2), strict) == set()
    assert breaks(mentee(1, team="a"), mentor(2, team="b"), strict) == set()


def test_one_team_is_fine_unless_the_programme_says_otherwise() -> None:
    assert breaks(mentee(1, team="a"), mentor(2, team="a")) == set()


def test_below_the_floor_nobody_is_paired() -> None:
    strangers = [mentee(1, skills_wanted=tags("a")), mentor(2, skills_offered=tags("b"))]
    [pair] = match(strangers, OPEN).pairs
    assert match(strangers, Rules(floor=pair.score)).pairs == (pair,)
    assert match(strangers, Rules(floor=pair.score + 0.001)).pairs == ()


@pytest.mark.parametrize("floor", [-0.1, 1.1, float("nan")])
def test_a_floor_outside_the_scale_is_refused(floor: float) -> None:
    with pytest.raises(ValueError, match="floor"):
        Rules(floor=floor)


def test_a_loop_of_managers_is_just_three_reporting_lines() -> None:
    ring = [both(1, manager=2), both(2, manager=3), both(3, manager=1), mentor(4)]
    assert {guide for guide, _ in links(match(ring, OPEN))} == {4}


def test_why_counts_each_candidate_once_under_the_first_rule_it_breaks() -> None:
    rules = replace(OPEN, allow_same_team=False, past_pairs=frozenset({(1, 3)}))
    learner = mentee(1, manager=2, team="a", languages=tags("nl"))
    guides = [
        mentor(2, team="a"),  # manager, and in the team
        mentor(3, team="a"),  # a past pair, and in the team
        mentor(4, team="a"),
        mentor(5, team="a", languages=tags("nl")),
        mentor(6, languages=tags("en")),
        mentor(7, paused=True),
        mentor(8, capacity=0),
        mentor(9),
    ]
    [why] = why_unmatched([learner], guides, rules)
    assert why == (
        ("paused", 1),
        ("capacity", 1),
        ("reporting_line", 1),
        ("past_pair", 1),
        ("same_team", 2),
        ("no_common_language", 1),
        (OTHER, 1),
    )
    assert sum(count for _, count in why) == len(guides)


def test_oneself_is_no_candidate() -> None:
    [why, _] = why_unmatched([both(1), mentee(2)], [both(1), mentor(3)], OPEN)
    assert why == ((OTHER, 1),)


def avoided(profiles: list[Profile], wishes: list[tuple[int, int]]) -> list[Profile]:
    return [
        replace(p, avoids=frozenset(other for own, other in wishes if own == p.person))
        for p in profiles
    ]


WISHES = st.lists(st.tuples(st.integers(10_001, 10_010), st.integers(10_001, 10_010)), max_size=60)


@settings(deadline=None)  # the first of all reads many words
@given(seed=st.integers(0, 500), wishes=WISHES, floor=st.sampled_from([0.0, 0.2, 0.5]))
def test_what_is_told_about_being_left_over_never_depends_on_avoid_lists(
    seed: int, wishes: list[tuple[int, int]], floor: float
) -> None:
    plain = [
        replace(p, above=frozenset({10_003}), busy_elsewhere=p.person == 10_004)
        for p in company(6, 4, seed)
    ]
    private = avoided(plain, wishes)
    rules = Rules(
        floor=floor,
        allow_same_team=False,
        mixed=frozenset({"people"}),
        excluded=frozenset({("finance", "projects"), (10_001, 10_006)}),
        past_pairs=frozenset({(10_002, 10_007)}),
    )

    def told(profiles: list[Profile]) -> list[object]:
        guides, learners = profiles[:4], profiles[4:]
        return [
            *why_unmatched(learners, guides, rules),
            *why_without_mentee(learners, guides, rules),
        ]

    assert told(private) == told(plain)
    everything = dict(zip([p.id for p in [*plain[4:], *plain[:4]]], told(plain), strict=True))
    for left in match(private, rules).unmatched:
        assert left.reasons == everything[left.participant]


HIDING: dict[str, Callable[[Profile, Profile], tuple[list[Profile], Rules]]] = {
    "an avoid list": lambda a, b: ([replace(a, avoids=frozenset({b.person})), b], Rules()),
    "the mentor's avoid list": lambda a, b: (
        [a, replace(b, avoids=frozenset({a.person}))],
        Rules(),
    ),
    "a low score": lambda a, b: ([a, b], Rules(floor=0.9)),
}


def test_an_avoided_pair_looks_just_like_a_pair_below_the_floor() -> None:
    learner, guide = mentee(1, skills_wanted=tags("a")), mentor(2, skills_offered=tags("b"))
    seen = set()
    for story in HIDING.values():
        profiles, rules = story(learner, guide)
        pinned = replace(rules, pinned=frozenset({(2, 1)}))
        outcome = match(profiles, pinned)
        seen.add((outcome, next_best(profiles, rules, 1)))
    assert len(seen) == 1
    [(outcome, alternatives)] = seen
    assert alternatives == ()
    assert [left.reasons for left in outcome.unmatched] == [((OTHER, 1),), ((OTHER, 1),)]
    assert outcome.refused_pins == ((2, 1),)
    assert "avoid" not in repr(outcome)


def test_everyone_who_avoids_everyone_stays_alone_without_a_word_about_it() -> None:
    everybody = frozenset(range(1, 9))
    profiles = [both(number, avoids=everybody - {number}) for number in everybody]
    outcome = match(profiles, OPEN)
    assert outcome.pairs == ()
    assert {left.reasons for left in outcome.unmatched} == {((OTHER, 7),)}
