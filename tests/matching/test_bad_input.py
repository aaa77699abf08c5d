from __future__ import annotations

import pytest

from bot.matching import OTHER, Outcome, Profile, Rules, WhatIf, match, next_best
from tests.matching.crowd import both, links, mentee, mentor


def empty(outcome: Outcome) -> bool:
    stats = outcome.stats
    return outcome.pairs == () and (stats.matched, stats.total, stats.mean, stats.worst) == (
        0,
        0,
        0,
        0,
    )


def test_without_anybody_there_is_nothing_to_tell() -> None:
    outcome = match([])
    assert empty(outcome)
    assert outcome.unmatched == ()
    assert outcome.stats.proven


def test_without_mentors_everybody_is_left_and_nobody_is_to_blame() -> None:
    outcome = match([mentee(1), mentee(2)])
    assert empty(outcome)
    assert [(left.participant, left.role, left.reasons) for left in outcome.unmatched] == [
        (1, "mentee", ()),
        (2, "mentee", ()),
    ]


def test_with_full_mentors_only_everybody_is_left_for_that_reason() -> None:
    outcome = match([mentor(1, capacity=0), mentee(2)])
    assert empty(outcome)
    [left] = outcome.unmatched
    assert left.reasons == (("capacity", 1),)


def test_one_mentor_for_a_hundred_is_not_overloaded() -> None:
    outcome = match([mentor(0, capacity=2), *(mentee(n) for n in range(1, 101))])
    assert outcome.stats.matched == 2
    assert len(outcome.unmatched) == 98
    assert {left.reasons for left in outcome.unmatched} == {((OTHER, 1),)}


def test_two_profiles_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="one id"):
        match([mentor(1), mentee(1)])


def test_a_band_of_experience_off_the_scale_counts_as_the_end_of_it() -> None:
    [pair] = match([mentor(1, seniority=40), mentee(2, seniority=0)]).pairs
    [edge] = match([mentor(1, seniority=5), mentee(2, seniority=0)]).pairs
    assert pair.score == edge.score


def everyone_avoids_everyone() -> list[Profile]:
    shy = frozenset(range(1, 21))
    return [*(mentor(k, avoids=shy) for k in range(1, 11)), *(mentee(k) for k in range(11, 21))]


ODD: dict[str, list[Profile]] = {
    "no mentors": [mentee(11), mentee(12)],
    "one mentor for a hundred": [mentor(1), *(mentee(k) for k in range(11, 111))],
    "everyone avoids everyone": everyone_avoids_everyone(),
    "all alike": [*(mentor(k) for k in range(1, 9)), *(mentee(k) for k in range(11, 19))],
    "no places": [mentor(1, capacity=0), mentor(2, capacity=-3), mentee(11)],
    "mentor and mentee of each other": [both(11), both(12)],
    "a loop of managers": [
        mentor(1, manager=11),
        mentor(2, manager=1),
        mentee(11, manager=2),
        mentee(12, manager=12),
    ],
    "one's own manager": [both(11, manager=11), mentor(1)],
}
MATCHED = dict(zip(ODD, (0, 1, 0, 8, 0, 1, 1, 1), strict=True))


@pytest.mark.parametrize("fair", [True, False])
@pytest.mark.parametrize("odd", ODD)
def test_odd_programmes_get_all_the_pairs_there_can_be(odd: str, fair: bool) -> None:
    outcome = match(ODD[odd], Rules(fair=fair))
    assert outcome.stats.matched == MATCHED[odd]
    assert outcome.stats.proven
    assert outcome.stats.price == 0
    paired = links(outcome)
    assert not any((b, a) in paired for a, b in paired)


@pytest.mark.parametrize("odd", ODD)
def test_odd_programmes_can_be_asked_what_if(odd: str) -> None:
    people = ODD[odd]
    asked = WhatIf(people, Rules())
    for learner in [p for p in people if p.mentee][:4]:
        assert asked.next_best(learner.id) == next_best(people, None, learner.id)


def test_a_wish_for_everybody_changes_nothing() -> None:
    people = ODD["all alike"]
    every = {(g.id, p.id): 0.25 for g in people if g.mentor for p in people if p.mentee}
    assert links(match(people, Rules(bonus=every))) == links(match(people))
