"""Whom people are shown before a round: good candidates for everybody, and nobody is worn out."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.matching import Rules, match, possible, proposals_for, score_pair, talks_for
from tests.matching.crowd import both, mentee, mentor, tags
from tests.matching.invented import company


def test_everybody_sees_five_they_may_have_and_the_one_the_round_would_give_them() -> None:
    people = company(60, 40)
    rules = Rules(floor=0.1)
    shown = proposals_for(people, rules)
    allowed = possible(people, rules, [(p.mentor, p.mentee) for ps in shown.values() for p in ps])
    for pairs in shown.values():
        assert len(pairs) == 5
        assert len({pair.mentor for pair in pairs}) == 5
        assert [pair.score for pair in pairs] == sorted((p.score for p in pairs), reverse=True)
        assert {(pair.mentor, pair.mentee) for pair in pairs} <= allowed
    for pair in match(people, rules).pairs:
        assert pair.mentor in {one.mentor for one in shown[pair.mentee]}


def test_the_score_and_the_reasons_are_those_of_the_round() -> None:
    people = company(8, 5)
    known = {person.id: person for person in people}
    for pairs in proposals_for(people, Rules(floor=0)).values():
        for pair in pairs:
            assert score_pair(known[pair.mentor], known[pair.mentee]) == (
                pair.score,
                pair.contributions,
            )


@pytest.mark.parametrize(("mentees", "mentors"), [(40, 40), (60, 6), (5, 60)])
def test_nobody_is_shown_to_far_more_than_there_are_places(mentees: int, mentors: int) -> None:
    people = company(mentees, mentors)
    shown = proposals_for(people, Rules(floor=0))
    times = Counter(pair.mentor for pairs in shown.values() for pair in pairs)
    places = {p.id: p.capacity for p in people if p.mentor}
    a_place = max(1.0, mentees / sum(places.values()))
    assert len(shown) == mentees
    assert all(n <= 5 * a_place * places[m] + 1 for m, n in times.items())


def test_one_whom_all_would_like_is_not_shown_to_all() -> None:
    star = mentor(1, skills_offered=tags("python sql"))
    others = [mentor(n, skills_offered=tags("python")) for n in range(2, 21)]
    seeking = [mentee(n, skills_wanted=tags("python sql")) for n in range(100, 120)]
    shown = proposals_for([star, *others, *seeking], Rules(floor=0))
    assert sum(any(p.mentor == 1 for p in pairs) for pairs in shown.values()) == 5
    assert all(len(pairs) == 5 for pairs in shown.values())


def test_who_could_have_one_mentor_only_sees_that_one() -> None:
    only = mentor(1, languages=tags("nl"))
    others = [mentor(n, languages=tags("en")) for n in range(2, 60)]
    seeking = [mentee(n, languages=tags("nl")) for n in range(100, 120)]
    shown = proposals_for([only, *others, *seeking], Rules(floor=0))
    assert all([pair.mentor for pair in shown[one.id]] == [1] for one in seeking)


@pytest.mark.parametrize("avoider", ["mentee", "mentor"])
def test_nobody_sees_whom_they_avoid_or_who_avoids_them(avoider: str) -> None:
    one = mentor(1, avoids=frozenset({10} if avoider == "mentor" else ()))
    other = mentor(2)
    seeking = mentee(10, avoids=frozenset({1} if avoider == "mentee" else ()))
    shown = proposals_for([one, other, seeking], Rules(floor=0))
    assert [pair.mentor for pair in shown[10]] == [2]
    assert possible([one, other, seeking], Rules(floor=0), [(1, 10), (2, 10)]) == {(2, 10)}


def test_the_order_in_which_people_stand_changes_nothing() -> None:
    people = company(30, 12)
    assert proposals_for(people) == proposals_for(people[::-1])


def test_without_mentors_mentees_or_places_nobody_is_shown() -> None:
    assert proposals_for([]) == {}
    assert proposals_for([mentee(1)]) == {}
    assert proposals_for([mentor(1)]) == {}
    assert proposals_for([mentor(1, capacity=0), mentee(2)]) == {}
    assert proposals_for([mentor(1), mentee(2, paused=True)], Rules(floor=0)) == {}
    assert proposals_for([both(1)], Rules(floor=0)) == {}


def test_pairs_of_people_who_are_not_here_are_not_possible() -> None:
    assert possible([mentor(1), mentee(2)], Rules(floor=0), [(1, 9), (9, 2), (1, 2)]) == {(1, 2)}


# --- trial talks ---


def test_everybody_gets_a_first_talk_before_anybody_a_second() -> None:
    wanted = {10: [1, 2, 3], 11: [1, 2, 3], 12: [1]}
    talks = talks_for(wanted, {1: 2, 2: 1, 3: 1})
    assert (1, 12) in talks
    assert {mentee for _, mentee in talks} == {10, 11, 12}
    assert Counter(mentor for mentor, _ in talks) == {1: 2, 2: 1, 3: 1}


def test_a_mentee_has_three_talks_at_most_and_nobody_twice() -> None:
    assert talks_for({10: [1, 1, 2, 3, 4]}, dict.fromkeys(range(1, 5), 9)) == (
        (1, 10),
        (2, 10),
        (3, 10),
    )
    assert talks_for({}, {}) == ()
    assert talks_for({10: [1]}, {}) == ()
