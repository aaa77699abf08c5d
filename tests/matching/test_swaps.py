"""Two mentees exchange mentors; somebody comes late."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import LOOP, OTHER, Profile, Rules, match, place_for, score_pair, swap
from tests.matching.crowd import both, links, mentee, mentor, tags
from tests.matching.invented import company
from tests.matching.test_rounds import may_pair, programmes

OPEN = Rules(floor=0)
PAIRS = ((1, 11), (2, 12))


def couples(**answers: object) -> list[Profile]:
    return [
        mentor(1, skills_offered=tags("a b")),
        mentor(2, skills_offered=tags("a")),
        mentee(11, skills_wanted=tags("a b"), **answers),
        mentee(12, skills_wanted=tags("a")),
    ]


def test_an_exchange_costs_the_difference_of_the_scores_and_nobody_else_moves() -> None:
    people = couples()
    found = swap(people, OPEN, 11, 12)
    before = match(people, OPEN).stats.total
    scores = score_pair(people[1], people[2])[0], score_pair(people[0], people[3])[0]
    assert found.pairs == ((2, 11), (1, 12))
    assert (found.refused, found.scores) == (None, scores)
    assert found.loss == before - sum(scores) > 0


def test_an_exchange_can_be_asked_of_the_round_as_it_stands() -> None:
    there = swap(couples(), OPEN, 11, 12, pairs=PAIRS)
    back = swap(couples(), OPEN, 11, 12, pairs=[(2, 11), (1, 12)])
    assert there.loss == -back.loss > 0


@pytest.mark.parametrize(
    ("answers", "rule"),
    [({"manager": 2}, "reporting_line"), ({"languages": frozenset({"nl"})}, "no_common_language")],
)
def test_a_rule_that_forbids_an_exchange_is_named(answers: dict[str, object], rule: str) -> None:
    people = couples(**answers)
    people[1] = replace(people[1], languages=frozenset({"en"}))
    found = swap(people, OPEN, 11, 12, pairs=PAIRS)
    assert (found.refused, found.scores, found.loss) == (rule, None, 0.0)


def test_who_avoids_whom_is_refused_like_a_score_below_the_floor() -> None:
    quiet = couples()
    secret = [replace(p, avoids=frozenset({2})) if p.id == 11 else p for p in quiet]
    backwards = [replace(p, avoids=frozenset({11})) if p.id == 2 else p for p in quiet]
    worst = min(score_pair(quiet[1], quiet[2])[0], score_pair(quiet[0], quiet[3])[0])
    below = swap(quiet, Rules(floor=worst + 0.001), 11, 12, pairs=PAIRS)
    assert below.refused == OTHER
    assert swap(secret, OPEN, 11, 12, pairs=PAIRS) == below
    assert swap(backwards, OPEN, 11, 12, pairs=PAIRS) == below


def test_an_exchange_never_makes_two_people_mentor_each_other_nor_oneself() -> None:
    people = [both(1), both(2), both(3), mentor(4)]
    assert swap(people, OPEN, 2, 3, pairs=[(4, 2), (1, 3), (2, 1)]).refused == LOOP
    assert swap(people, OPEN, 2, 3, pairs=[(4, 2), (1, 3)]).refused is None
    assert swap(people, OPEN, 1, 2, pairs=[(2, 1), (3, 2)]).refused == "self"


def test_only_two_who_have_a_mentor_can_exchange_them() -> None:
    for first, second in ((11, 11), (11, 99), (99, 12)):
        with pytest.raises(ValueError, match="both have a mentor"):
            swap(couples(), OPEN, first, second, pairs=PAIRS)


def test_a_mentor_who_is_full_by_now_can_still_exchange() -> None:
    people = [replace(p, capacity=0) for p in couples()]
    assert swap(people, OPEN, 11, 12, pairs=PAIRS).refused is None


# --- who comes late ---


@settings(max_examples=150, deadline=None)
@given(programmes(), st.integers(0, 3))
def test_a_latecomer_gets_the_best_place_that_is_free(
    programme: tuple[list[Profile], Rules], seed: int
) -> None:
    profiles, rules = programme
    late = next((p for p in profiles if p.mentee), None)
    if late is None:
        return
    earlier = [replace(p, mentee=p.mentee and p.id != late.id) for p in profiles]
    approved = links(match(earlier, rules, seed))
    found = place_for(profiles, replace(rules, pinned=frozenset(approved)), late.id, seed)
    persons = {p.id: p.person for p in profiles}
    paired = {(persons[guide], persons[learner]) for guide, learner in approved}
    free = [
        score_pair(g, late, rules)[0]
        for g in profiles
        if may_pair(g, late, rules)
        and g.capacity > sum(guide == g.id for guide, _ in approved)
        and (late.person, g.person) not in paired
    ]
    assert (found.score if found else None) == max(free, default=None)


def test_a_latecomer_leaves_everybody_where_they_are() -> None:
    people = company(60, 40, seed=5)
    approved = links(match(people[:-1]))
    found = place_for(people, Rules(pinned=frozenset(approved)), people[-1].id)
    assert found is not None
    again = match(people, Rules(pinned=frozenset(approved)))
    assert links(again) == approved | {(found.mentor, found.mentee)}


def test_a_latecomers_wish_counts() -> None:
    people = [*couples(), mentee(13)]
    people[0], people[1] = replace(people[0], capacity=2), replace(people[1], capacity=2)
    for guide in (1, 2):
        wish = Rules(floor=0, pinned=frozenset(PAIRS), bonus={(guide, 13): 0.25})
        found = place_for(people, wish, 13)
        assert found is not None
        assert (found.mentor, found.bonus) == (guide, 0.25)


def test_when_everybody_is_full_there_is_no_place() -> None:
    late = [*couples(), mentee(13)]
    assert place_for(late, Rules(floor=0, pinned=frozenset(PAIRS)), 13) is None
    assert place_for([mentee(13)], None, 13) is None


def test_a_place_is_for_a_mentee() -> None:
    with pytest.raises(ValueError, match="no mentee"):
        place_for(couples(), None, 1)
