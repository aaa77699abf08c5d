from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import CRITERIA, Rules, match, reasons, score_pair
from tests.matching.crowd import mentee, mentor, tags
from tests.matching.invented import company

WEIGHTS = st.dictionaries(
    st.sampled_from([criterion.key for criterion in CRITERIA]), st.floats(0.01, 10), max_size=11
)


@given(seed=st.integers(0, 10_000), weights=WEIGHTS)
def test_a_score_is_exactly_the_sum_of_its_points_in_any_order(
    seed: int, weights: dict[str, float]
) -> None:
    outcome = match(company(6, 4, seed), Rules(floor=0, weights=weights))
    assert outcome.pairs
    for pair in outcome.pairs:
        points = [c.points for c in pair.contributions]
        assert pair.score == sum(points) == sum(reversed(points)) == math.fsum(points)
        assert Fraction(pair.score) == sum(map(Fraction, points))
        assert 0 <= pair.score <= 1


def test_every_contribution_is_its_weight_times_its_value() -> None:
    for pair in match(company(30, 20)).pairs:
        assert [c.criterion for c in pair.contributions] == [c.key for c in CRITERIA]
        assert sum(c.weight for c in pair.contributions) == 1
        for c in pair.contributions:
            assert 0 <= c.value <= 1
            assert c.points == pytest.approx(c.weight * c.value, abs=2e-5)


@pytest.mark.parametrize("rules", [Rules(), Rules(other_function=True, reverse=True)])
def test_a_pair_in_a_round_hears_what_it_would_hear_alone(rules: Rules) -> None:
    people = {p.id: p for p in company(60, 40)}
    pairs = match(list(people.values()), rules).pairs
    assert pairs
    for pair in pairs:
        alone = score_pair(people[pair.mentor], people[pair.mentee], rules)
        assert (pair.score, pair.contributions) == alone


def test_everybody_hears_their_own_words_though_others_mean_the_same() -> None:
    people = [
        mentor(1, capacity=2, function="Project lead", location="Ghent"),
        mentee(2, function="Lead project", location="Ghent"),
        mentee(3, function="Project, lead", location=" ghent"),
    ]
    shown = {
        pair.mentee: {c.criterion: c.evidence for c in pair.contributions}
        for pair in match(people, Rules(floor=0)).pairs
    }
    assert shown[2]["function_sector"] == ("lead", "project")
    assert shown[3]["function_sector"] == ("project", "lead")
    assert (shown[2]["location"], shown[3]["location"]) == (("Ghent",), (" ghent",))


def test_the_total_of_a_round_is_exactly_the_sum_of_its_scores() -> None:
    outcome = match(company(40, 25))
    assert outcome.stats.total == math.fsum(pair.score for pair in outcome.pairs)
    assert outcome.stats.worst == min(pair.score for pair in outcome.pairs)
    assert outcome.stats.mean == outcome.stats.total / outcome.stats.matched


def test_the_reasons_are_the_strongest_that_both_answered_and_something_shows() -> None:
    _, contributions = score_pair(
        mentor(1, skills_offered=tags("excel sql"), values=tags("fun"), interests=tags("chess")),
        mentee(2, skills_wanted=tags("excel"), values=tags("fun"), interests=tags("film")),
    )
    told = reasons(contributions)
    assert [c.criterion for c in told] == ["skills", "goal", "values"]
    assert told[0].evidence == ("excel",)
    assert [c.criterion for c in reasons(contributions, most=1)] == ["skills"]


def test_what_is_no_better_than_between_strangers_is_not_worth_saying() -> None:
    _, contributions = score_pair(
        mentor(1, interests=tags("a b c d e f")), mentee(2, interests=tags("a g h i j k"))
    )
    assert reasons(contributions) == ()
    _, silent = score_pair(mentor(1), mentee(2))
    assert reasons(silent) == ()


def test_nearly_everybody_in_a_real_round_hears_at_least_two_reasons() -> None:
    pairs = match(company(200, 120)).pairs
    assert sum(len(reasons(pair.contributions)) >= 2 for pair in pairs) > 0.95 * len(pairs)
