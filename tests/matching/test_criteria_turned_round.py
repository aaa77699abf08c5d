"""Criteria that a programme turns round: another job on purpose, and reverse mentoring."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from bot.matching import CRITERIA, Rules, match, reasons, score_pair
from bot.matching.blocks import sheet
from bot.matching.criteria import EVERY
from bot.matching.explain import explain
from bot.matching.scores import score_matrix, weights_in, weights_used
from tests.matching.crowd import mentee, mentor
from tests.matching.invented import company
from tests.matching.judging import judged, value

ACROSS = Rules(other_function=True)
REVERSE = Rules(reverse=True)


def test_another_function_is_worth_what_the_same_one_was() -> None:
    nurse, clerk = {"function": "nurse", "sector": "care"}, {"function": "clerk", "sector": "law"}
    assert value("other_function", nurse, clerk, ACROSS) == 1
    assert value("other_function", nurse, nurse, ACROSS) == 0
    assert value("function_sector", nurse, nurse) == 1
    for one, other in product([nurse, clerk], repeat=2):
        same = value("function_sector", one, other)
        assert value("other_function", one, other, ACROSS) == pytest.approx(1 - same)


def test_what_one_of_the_two_did_not_tell_cannot_be_another_function() -> None:
    silent = judged("other_function", mentee(1, function="nurse"), mentor(2), ACROSS)
    assert not silent.answered
    assert silent.evidence == ()
    assert silent.value < value("other_function", {"function": "a1"}, {"function": "b2"}, ACROSS)


def test_two_sectors_are_named_and_two_functions_where_no_sectors_are() -> None:
    sectors = judged(
        "other_function",
        mentee(1, function="nurse", sector="care"),
        mentor(2, function="clerk", sector="law"),
        ACROSS,
    )
    assert sectors.evidence == ("care", "law")
    jobs = judged(
        "other_function", mentee(1, function="Nurse"), mentor(2, function="Clerk"), ACROSS
    )
    assert jobs.evidence == ("Nurse", "Clerk")
    same = judged("other_function", mentee(1, sector="care"), mentor(2, sector="care"), ACROSS)
    assert same.evidence == ()


def test_in_reverse_mentoring_the_mentor_is_the_one_with_less_experience() -> None:
    for wants, offers in product(range(6), repeat=2):
        turned = value("fresh_eyes", {"seniority": wants}, {"seniority": offers}, REVERSE)
        assert turned == value("seniority", {"seniority": offers}, {"seniority": wants})
    senior, junior = mentee(1, seniority=5), mentor(2, seniority=3)
    assert judged("fresh_eyes", senior, junior, REVERSE).evidence == ("2",)
    assert (
        judged("fresh_eyes", mentee(1, seniority=3), mentor(2, seniority=5), REVERSE).evidence == ()
    )


def test_what_stands_in_has_the_place_and_the_weight_that_a_coordinator_gave() -> None:
    weights = {"seniority": 0.5, "function_sector": 0.25}
    plain_ = weights_in(Rules(weights=weights))
    turned = weights_in(Rules(weights=weights, reverse=True, other_function=True))
    assert turned["fresh_eyes"] == plain_["seniority"]
    assert turned["other_function"] == plain_["function_sector"]
    assert sum(turned.values()) == 1
    assert not turned.keys() & {"seniority", "function_sector"}
    unused = Rules(weights={"seniority": 0}, reverse=True)
    assert not weights_in(unused).keys() & {"seniority", "fresh_eyes"}


def test_nobody_weighs_what_only_stands_in() -> None:
    assert weights_in(Rules()) == weights_used({})
    assert {c.key for c in EVERY} - {c.key for c in CRITERIA} == {"other_function", "fresh_eyes"}
    with pytest.raises(ValueError, match="no such criterion: fresh_eyes"):
        match([mentor(1), mentee(2)], Rules(weights={"fresh_eyes": 1}))


@pytest.mark.parametrize("rules", [ACROSS, REVERSE, Rules(reverse=True, other_function=True)])
def test_a_pair_is_judged_the_same_alone_in_the_matrix_and_in_a_large_round(rules: Rules) -> None:
    profiles = company(40, 30, seed=3)
    mentees, mentors = profiles[30:], profiles[:30]
    whole = score_matrix(mentees, mentors, weights_in(rules))
    assert (whole != score_matrix(mentees, mentors, weights_used({}))).any()
    field = sheet(mentees, mentors, rules).at(np.arange(40), np.arange(30))
    assert (field[field >= 0] == whole[field >= 0]).all()
    for row, column in product(range(0, 40, 7), range(0, 30, 7)):
        score, contributions = score_pair(mentors[column], mentees[row], rules)
        assert score == whole[row, column]
        [told] = explain([mentees[row]], [mentors[column]], weights_in(rules))
        assert told == contributions


def test_a_round_across_functions_brings_different_people_together_and_says_so() -> None:
    people = [
        mentor(1, function="nurse", sector="care"),
        mentor(2, function="planner", sector="building"),
        mentee(3, function="nurse", sector="care"),
        mentee(4, function="planner", sector="building"),
    ]
    same = {(p.mentor, p.mentee) for p in match(people, Rules(floor=0)).pairs}
    across = match(people, Rules(floor=0, other_function=True)).pairs
    assert same == {(1, 3), (2, 4)}
    assert {(p.mentor, p.mentee) for p in across} == {(1, 4), (2, 3)}
    assert [c.criterion for c in reasons(across[0].contributions)] == ["other_function"]
