"""What a round comes to: figures that add up, and name nobody."""

from __future__ import annotations

import json

import pytest

from bot.matching import Rules, match
from bot.matching.findings import Findings, findings, known
from tests.matching.crowd import mentee, mentor, tags
from tests.matching.invented import company

pytestmark = pytest.mark.any_database


def test_every_pair_is_in_one_range_and_everybody_without_one_is_counted() -> None:
    people = company(60, 25)
    outcome = match(people, Rules(floor=0.3))
    found = findings(people, (), outcome)
    stats = outcome.stats
    assert sum(found.spread) == stats.matched
    assert sum(found.spread[:3]) == 0  # the floor is 30 %
    assert found.alone == stats.mentees - stats.matched
    assert sum(found.load.values()) == stats.mentors
    assert sum(n * mentors for n, mentors in found.load.items()) == stats.matched
    assert found.load.get(0, 0) == found.idle


@pytest.mark.parametrize(("score", "place"), [(0.0, 0), (0.3, 3), (0.294, 2), (0.296, 3), (1.0, 9)])
def test_a_fit_belongs_to_the_range_of_the_percentage_that_is_shown(
    score: float, place: int
) -> None:
    people = [mentor(1), mentee(2)]
    outcome = match(people, Rules(floor=0))
    [pair] = outcome.pairs
    object.__setattr__(pair, "score", score)
    assert findings(people, (), outcome).spread[place] == 1


def test_mentors_are_full_when_no_place_is_left() -> None:
    people = [mentor(1, capacity=1), mentor(2, capacity=5), mentee(3), mentee(4)]
    found = findings(people, (), match(people, Rules(floor=0)))
    assert found.full == (1 if found.load == {1: 2} else 0)
    assert sum(n * mentors for n, mentors in found.load.items()) == 2


def test_a_first_wish_counts_when_its_mentee_seeks_and_is_granted_when_they_are_a_pair() -> None:
    people = [
        mentor(1, skills_offered=tags("excel")),
        mentor(2),
        mentee(3, skills_wanted=tags("excel")),
        mentee(4),
        mentee(5, paused=True),
    ]
    firsts = {(1, 3), (1, 4), (1, 5)}
    found = findings(people, firsts, match(people, Rules(floor=0)))
    assert (found.wished, found.first) == (2, 1)


def test_the_rules_are_added_up_over_all_who_have_nobody() -> None:
    people = [mentor(1, languages=tags("nl")), *(mentee(n, languages=tags("en")) for n in (2, 3))]
    found = findings(people, (), match(people, Rules(floor=0)))
    assert (found.alone, found.idle, found.lost) == (2, 1, {"no_common_language": 2})


def test_nobody_at_all_is_no_trouble() -> None:
    assert findings([], (), match([])) == Findings()


def test_what_is_written_down_is_read_again() -> None:
    people = company(30, 10)
    found = findings(people, (), match(people))
    assert known(json.loads(json.dumps(found.as_dict()))) == found
    assert known({}) == Findings()
