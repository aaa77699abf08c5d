"""The rules that a programme may set: teams, lines, departments that mix, exclusions, load."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.matching import EVERY_DEPARTMENT, OTHER, Profile, Rules, match
from bot.matching.blocks import sheet
from bot.matching.candidates import CLOSED
from bot.matching.rules import NAMED, UNNAMED, blocked, why_unmatched
from tests.matching.crowd import both, links, mentee, mentor
from tests.matching.invented import company
from tests.matching.test_rules import OPEN, breaks

ACROSS = replace(OPEN, allow_same_team=False)
HOSTILE = (
    "🎉",
    "x" * 10_000,
    "مرحبا",
    "=1+1",
    "<!channel>",
    "*",
    "İstanbul",
    "\N{ZERO WIDTH JOINER}",
)


def mixing(*names: str) -> Rules:
    return replace(OPEN, mixed=frozenset(names))


def keeping_apart(one: int | str, other: int | str) -> Rules:
    return replace(OPEN, excluded=frozenset({(one, other)}))


# --- teams and lines ---


def test_two_people_with_one_manager_are_one_team() -> None:
    learner, guide = mentee(1, manager=9, team="a"), mentor(2, manager=9, team="b")
    assert breaks(learner, guide, ACROSS) == {"same_team"}
    assert breaks(learner, guide) == set()
    assert breaks(replace(learner, manager=8), guide, ACROSS) == set()


def test_a_team_is_the_same_however_it_is_written() -> None:
    assert breaks(mentee(1, team=" Pay  roll"), mentor(2, team="pay Roll"), ACROSS) == {"same_team"}


@pytest.mark.parametrize(
    ("learner", "guide"),
    [
        (mentee(1, above=frozenset({5, 6, 2})), mentor(2)),
        (mentee(1), mentor(2, above=frozenset({5, 1}))),
    ],
)
def test_nobody_is_paired_with_anybody_above_or_below_them(
    learner: Profile, guide: Profile
) -> None:
    assert breaks(learner, guide) == {"reporting_line"}


def test_two_below_the_same_manager_are_not_in_each_others_line() -> None:
    line = frozenset({7, 8, 9})
    assert breaks(mentee(1, above=line), mentor(2, above=line)) == set()


def test_a_line_that_goes_round_keeps_all_in_it_apart_and_nobody_else() -> None:
    ring = [
        both(number, above=frozenset({1, 2, 3}) - {number}, manager=number % 3 + 1)
        for number in (1, 2, 3)
    ]
    assert {guide for guide, _ in links(match([*ring, mentor(4)], OPEN))} == {4}


# --- departments ---


def test_only_a_department_that_must_mix_does_not_mentor_its_own() -> None:
    def pair(department: str) -> tuple[Profile, Profile]:
        return mentee(1, department=department), mentor(2, department=department)

    assert breaks(*pair("Legal"), mixing("legal")) == {"same_department"}
    assert breaks(*pair("Sales"), mixing("legal")) == set()
    assert breaks(*pair("Sales"), mixing(EVERY_DEPARTMENT)) == {"same_department"}


@pytest.mark.parametrize("rules", [mixing("Legal"), mixing(EVERY_DEPARTMENT)])
def test_an_unknown_department_never_breaks_a_rule(rules: Rules) -> None:
    assert breaks(mentee(1), mentor(2), rules) == set()
    assert breaks(mentee(1, department="Legal"), mentor(2), rules) == set()
    assert breaks(mentee(1, department=" "), mentor(2, department="  "), rules) == set()


def test_other_departments_are_what_a_mixing_department_is_for() -> None:
    learner, guide = mentee(1, department="Legal"), mentor(2, department="Sales")
    assert breaks(learner, guide, mixing("Legal", "Sales")) == set()


# --- exclusions ---


@pytest.mark.parametrize("pair", [(1, 2), (2, 1), ("Legal", 2), ("sales", 1), ("SALES", "legal")])
def test_an_exclusion_names_a_person_or_a_department_on_either_side(
    pair: tuple[int | str, int | str],
) -> None:
    learner = mentee(11, person=1, department="Legal")
    guide = mentor(12, person=2, department="Sales")
    assert breaks(learner, guide, keeping_apart(*pair)) == {"excluded"}


@pytest.mark.parametrize("pair", [(1, 3), ("Legal", 3), ("Legal", "HR"), ("Legal", "Legal")])
def test_an_exclusion_holds_for_those_it_names_and_nobody_else(
    pair: tuple[int | str, int | str],
) -> None:
    learner = mentee(11, person=1, department="Legal")
    guide = mentor(12, person=2, department="Sales")
    assert breaks(learner, guide, keeping_apart(*pair)) == set()


def test_a_department_may_be_excluded_from_itself() -> None:
    learner, guide = mentee(1, department="Legal"), mentor(2, department="Legal")
    assert breaks(learner, guide, keeping_apart("Legal", "legal")) == {"excluded"}


@pytest.mark.parametrize("words", HOSTILE)
def test_departments_of_any_letters_are_compared_as_they_are(words: str) -> None:
    learner, guide = mentee(1, department=words), mentor(2, department=words)
    assert "same_department" in breaks(learner, guide, mixing(words))
    assert breaks(learner, guide, keeping_apart(words, words)) == {"excluded"}
    assert breaks(learner, guide, keeping_apart(words, f"{words}!")) == set()


# --- load, and the whole ---


def test_who_has_enough_mentees_elsewhere_is_not_called_full() -> None:
    guides = [mentor(2, capacity=0, busy_elsewhere=True), mentor(3, capacity=0), mentor(4)]
    assert why_unmatched([mentee(1)], guides, OPEN) == [
        (("busy_elsewhere", 1), ("capacity", 1), (OTHER, 1))
    ]
    assert links(match([mentee(1), *guides], OPEN)) == {(4, 1)}


CROWD = [
    replace(
        p,
        above=frozenset({p.person - 3, p.person - 9}),
        manager=p.person % 6 + 10_000,
        busy_elsewhere=p.id % 7 == 0,
        avoids=frozenset({10_024}) if p.id == 4 else frozenset(),
    )
    for p in company(23, 17, seed=5)
]
STRICT = Rules(
    floor=0,
    allow_same_team=False,
    mixed=frozenset({"Finance"}),
    excluded=frozenset({("finance", "people"), (10_005, "commerce"), (10_001, 10_020)}),
    past_pairs=frozenset({(10_002, 10_021)}),
    forbidden=frozenset({(3, 22)}),
)


def test_all_rules_together_say_the_same_of_a_crowd_as_of_each_pair_alone() -> None:
    guides, learners, rules = CROWD[:17], CROWD[17:], STRICT
    alone = [[bool(blocked([a], [b], rules)[0, 0]) for b in guides] for a in learners]
    together = blocked(learners, guides, rules)
    assert np.array_equal(together, alone)
    assert 0 < together.mean() < 1


@pytest.mark.parametrize("name", [*NAMED, *UNNAMED])
def test_a_large_round_keeps_to_each_rule_just_as_a_small_one_does(name: str) -> None:
    """Rules may be looked up another way there; this holds the two together, rule by rule."""
    guides, learners = CROWD[:17], CROWD[17:]
    guides = [replace(learners[0], id=99, mentor=True, mentee=False), *guides]  # in both roles
    rule = {**NAMED, **UNNAMED}[name]
    apart = np.broadcast_to(rule(learners, guides, STRICT), (len(learners), len(guides)))
    closed = sheet(learners, guides, STRICT).at(np.arange(len(learners)), np.arange(len(guides)))
    assert np.all(closed[apart] == CLOSED)
    assert np.array_equal(closed == CLOSED, blocked(learners, guides, STRICT))
    assert apart.any() or name in ("guest_or_bot", "paused", "capacity", "no_common_language")
