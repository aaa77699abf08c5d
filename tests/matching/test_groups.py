"""One mentor with several mentees, circles of equals, and one question to whoever knows."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import Profile, Rules, score_pair
from bot.matching.circles import Circles, circles
from bot.matching.groups import Groups, groups
from bot.matching.situational import Advisers
from tests.matching.crowd import both, mentee, mentor, tags
from tests.matching.invented import equals
from tests.matching.test_rounds import SKILLS

OPEN = Rules(floor=0)


def worth(found: Groups) -> tuple[int, float]:
    return (
        sum(len(group.mentees) for group in found.groups),
        sum(sum(group.scores) for group in found.groups),
    )


@st.composite
def seminars(draw: st.DrawFn) -> tuple[list[Profile], Rules]:
    guides = [mentor(k, skills_offered=draw(SKILLS)) for k in range(1, draw(st.integers(0, 3)) + 1)]
    learners = [
        mentee(k, skills_wanted=draw(SKILLS)) for k in range(11, draw(st.integers(0, 5)) + 11)
    ]
    pair = st.tuples(st.integers(1, 3), st.integers(11, 15))
    return [*guides, *learners], Rules(
        floor=0, forbidden=draw(st.frozensets(pair, max_size=6)), weights={"skills": 20.0}
    )


def best_groups(people: list[Profile], rules: Rules, least: int, most: int) -> tuple[int, float]:
    guides, learners = [p for p in people if p.mentor], [p for p in people if p.mentee]
    choices = [
        [None, *(g for g in guides if (g.id, p.id) not in rules.forbidden)] for p in learners
    ]
    best = (0, 0.0)
    for chosen in product(*choices):
        sizes = [sum(g is guide for g in chosen) for guide in guides]
        if all(size == 0 or least <= size <= most for size in sizes):
            pairs = [(g, p) for g, p in zip(chosen, learners, strict=True) if g]
            best = max(best, (len(pairs), sum(score_pair(g, p, rules)[0] for g, p in pairs)))
    return best


@settings(max_examples=80, deadline=None)
@given(seminars(), st.sampled_from([(1, 2), (2, 3), (3, 8)]))
def test_no_groups_place_more_people_or_place_them_better(
    seminar: tuple[list[Profile], Rules], size: tuple[int, int]
) -> None:
    people, rules = seminar
    found = groups(people, rules, *size)
    assert found.proven
    assert worth(found) == pytest.approx(best_groups(people, rules, *size), abs=1e-5)
    assert all(size[0] <= len(group.mentees) <= size[1] for group in found.groups)
    placed = [learner for group in found.groups for learner in group.mentees]
    assert sorted([*placed, *found.left]) == [p.id for p in people if p.mentee]
    assert not rules.forbidden & {(g.mentor, p) for g in found.groups for p in g.mentees}


def test_two_who_could_lead_each_other_do_not() -> None:
    people = [both(k) for k in range(1, 5)]
    found = groups(people, OPEN, least=1, most=3)
    leads = {(group.mentor, learner) for group in found.groups for learner in group.mentees}
    assert leads
    assert not any((b, a) in leads for a, b in leads)
    assert not found.proven


@pytest.mark.parametrize("knows", [1, 2])
def test_of_two_who_could_lead_each_other_who_knows_more_does(knows: int) -> None:
    people = [both(k, skills_offered=tags("a" if k == knows else "b")) for k in (1, 2)]
    people = [replace(p, skills_wanted=tags("b c" if p.id == knows else "a")) for p in people]
    [group] = groups(people, OPEN, least=1, most=3).groups
    assert (group.mentor, group.mentees) == (knows, (3 - knows,))


@pytest.mark.parametrize("people", [[], [mentor(1)], [mentee(1)], [mentor(1), mentee(2)]])
def test_too_few_make_no_group(people: list[Profile]) -> None:
    found = groups(people)
    assert (found.groups, found.proven) == ((), True)


@pytest.mark.parametrize("size", [(0, 3), (4, 3)])
def test_a_size_that_cannot_be_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot have"):
        groups([], None, *size)


# --- circles ---


def every_split(people: list[int], sizes: list[int]) -> list[list[tuple[int, ...]]]:
    if not sizes:
        return [[]]
    first, rest = people[0], people[1:]
    return [
        [(first, *others), *more]
        for size in dict.fromkeys(sizes)
        for others in combinations(rest, size - 1)
        for more in every_split([p for p in rest if p not in others], _less(sizes, size))
    ]


def _less(sizes: list[int], one: int) -> list[int]:
    left = list(sizes)
    left.remove(one)
    return left


def best_mean(splits: list[list[tuple[int, ...]]], people: list[Profile], rules: Rules) -> float:
    pairs = {(a.id, b.id): score_pair(a, b, rules)[0] for a in people for b in people if a != b}
    return max(
        sum(
            sum(pairs[a, b] for a in circle for b in circle if a != b) / (len(circle) - 1)
            for circle in split
        )
        for split in splits
    ) / len(people)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("count", "sizes"), [(8, [4, 4]), (9, [4, 5]), (10, [5, 5]), (12, [6, 6])])
def test_where_all_circles_can_be_tried_none_are_better(
    count: int, sizes: list[int], seed: int
) -> None:
    people = equals(count, seed)
    found = circles(people, OPEN, seed)
    every = every_split([p.id for p in people], sizes)
    assert sorted(map(len, found.circles)) == sizes
    assert found.mean == pytest.approx(best_mean(every, people, OPEN))


@pytest.mark.parametrize("count", [0, 3, 4, 5, 6, 7, 8, 11, 13, 17, 40])
def test_circles_have_four_to_six_and_everybody_who_can_has_one(count: int) -> None:
    found = circles(equals(count, 1), OPEN)
    placed = [person for circle in found.circles for person in circle]
    assert all(4 <= len(circle) <= 6 for circle in found.circles)
    assert len(found.left) == {3: 3, 7: 1}.get(count, 0)
    assert sorted([*placed, *found.left]) == list(range(1, count + 1))


def test_two_who_may_not_meet_are_in_different_circles() -> None:
    people = equals(12, 3)
    people[0] = replace(people[0], avoids=frozenset({p.person for p in people[1:6]}))
    people[7] = replace(people[7], manager=people[8].person)
    found = circles(people, OPEN)
    for circle in found.circles:
        assert not ({1} <= set(circle) and {2, 3, 4, 5, 6} & set(circle))
        assert not {8, 9} <= set(circle)
    assert found.left == ()


def test_where_everybody_avoids_everybody_nobody_sits_together() -> None:
    people = [both(k, avoids=frozenset(range(9))) for k in range(9)]
    assert circles(people) == Circles((), tuple(range(9)), 0.0)


def test_the_same_people_and_seed_give_the_same_circles() -> None:
    people = equals(30, 2)
    assert circles(people, OPEN, 4) == circles(list(reversed(people)), OPEN, 4)


# --- one question ---


def test_who_knows_most_of_it_is_asked_first() -> None:
    guides = [mentor(1, skills_offered=tags("a")), mentor(2, skills_offered=tags("a b"))]
    found = Advisers(guides).for_question(mentee(9), tags("a b"))
    assert [(one.mentor, one.covered, one.skills) for one in found] == [
        (2, 1.0, ("a", "b")),
        (1, 0.5, ("a",)),
    ]


def test_who_has_much_in_hand_is_asked_later() -> None:
    guides = [mentor(k, skills_offered=tags("a b")) for k in (1, 2, 3)]
    found = Advisers(guides).for_question(mentee(9), tags("a"), load={1: 4, 2: 1, 77: 9})
    assert [one.mentor for one in found] == [3, 2, 1]


@pytest.mark.parametrize(
    "answers", [{"paused": True}, {"bot": True}, {"manager": 9}, {"avoids": frozenset({9})}]
)
def test_nobody_is_asked_against_a_rule(answers: dict[str, object]) -> None:
    guides = [mentor(1, skills_offered=tags("a"), **answers), mentor(2, skills_offered=tags("a"))]
    assert [one.mentor for one in Advisers(guides).for_question(mentee(9), tags("a"))] == [2]


def test_a_mentor_without_a_place_for_a_mentee_can_answer_a_question() -> None:
    guides = [mentor(1, skills_offered=tags("a"), capacity=0)]
    assert len(Advisers(guides).for_question(mentee(9), tags("a"))) == 1


@pytest.mark.parametrize("wanted", ["", "z"])
def test_what_nobody_knows_is_asked_of_nobody(wanted: str) -> None:
    assert (
        Advisers([mentor(1, skills_offered=tags("a"))]).for_question(mentee(9), tags(wanted)) == ()
    )
    assert Advisers([]).for_question(mentee(9), tags("a")) == ()


@pytest.mark.parametrize("most", [1, 3, 200])
def test_of_many_the_best_that_are_allowed_are_found_in_order(most: int) -> None:
    random = np.random.default_rng(1)
    guides = [
        mentor(k, skills_offered=frozenset(random.choice(list("abcdef"), 3)), paused=k % 3 > 0)
        for k in range(400)
    ]
    load = {k: int(random.integers(0, 4)) for k in range(400)}
    asker, wanted = mentee(999), tags("a b c")
    found = Advisers(guides).for_question(asker, wanted, load=load, most=most)
    ranked = sorted(
        (-len(g.skills_offered & wanted) / 3 + 0.1 * load[g.id], g.id)
        for g in guides
        if not g.paused and g.skills_offered & wanted
    )
    assert [one.mentor for one in found] == [guide for _, guide in ranked[:most]]
