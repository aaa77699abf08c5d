"""What people wish for counts beside how well they fit, and never against a rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import Profile, Rules, board, match, score_pair
from bot.matching.scores import GRAIN
from tests.matching.crowd import links, mentee, mentor, tags
from tests.matching.invented import company
from tests.matching.test_rounds import every_round, programmes, quality

PLAIN = Rules(floor=0, fair=False)


@st.composite
def wished(draw: st.DrawFn) -> tuple[list[Profile], Rules]:
    profiles, rules = draw(programmes())
    link = st.tuples(st.integers(11, 15), st.integers(11, 15))
    bonus = draw(st.dictionaries(link, st.sampled_from([0.0, 0.01, 0.25, 1.0]), max_size=4))
    return profiles, replace(rules, bonus=bonus, fair=False)


@settings(max_examples=100, deadline=None)
@given(wished(), st.integers(0, 3), st.booleans())
def test_no_round_is_worth_more_with_the_wishes_counted(
    programme: tuple[list[Profile], Rules], seed: int, large: bool
) -> None:
    profiles, rules = programme
    patch = pytest.MonkeyPatch()
    patch.setattr(board, "SMALL", 0 if large else board.SMALL)
    found = links(match(profiles, rules, seed))
    patch.undo()

    def worth(pairs: set[tuple[int, int]]) -> tuple[int, int, float]:
        number, waits, scores = quality(pairs, profiles)
        grains = sum(round(rules.bonus.get(link, 0) / GRAIN) for link in pairs)
        return number, waits, scores + grains * GRAIN

    assert worth(found) == max(worth(pairs) for pairs in every_round(profiles, rules))


@pytest.mark.parametrize("seed", range(3))
def test_with_many_wishes_the_few_candidates_find_what_the_whole_matrix_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = company(220, 90, seed)
    bonus = {(1 + (7 * p.id) % 90, p.id): 0.05 * (p.id % 6) for p in profiles[90:]}
    bonus |= {(1 + (11 * p.id) % 90, p.id): 0.25 for p in profiles[90:]}
    rules = Rules(bonus=bonus, fair=False)
    small = match(profiles, rules, seed)
    monkeypatch.setattr(board, "SMALL", 0)
    assert match(profiles, rules, seed).pairs == small.pairs
    granted = sum(pair.bonus > 0 for pair in small.pairs)
    ignored = sum(link in bonus for link in links(match(profiles, replace(rules, bonus={}), seed)))
    assert granted > 3 * ignored


def test_a_wish_decides_between_two_who_fit_and_the_score_stays_what_it_was() -> None:
    people = [
        mentor(1, skills_offered=tags("excel sql")),
        mentor(2, skills_offered=tags("excel")),
        mentee(3, skills_wanted=tags("excel sql")),
    ]
    assert links(match(people, PLAIN)) == {(1, 3)}
    [pair] = match(people, replace(PLAIN, bonus={(2, 3): 0.25})).pairs
    assert (pair.mentor, pair.bonus) == (2, 0.25)
    assert pair.score == score_pair(people[1], people[2])[0]


@pytest.mark.parametrize("answers", [{"avoids": frozenset({2})}, {"manager": 2}, {"paused": True}])
def test_no_wish_is_above_a_rule(answers: dict[str, object]) -> None:
    people = [mentor(2), mentee(3, **answers)]
    assert match(people, replace(PLAIN, bonus={(2, 3): 1.0})).pairs == ()


def test_a_wish_lifts_nobody_above_the_floor() -> None:
    people = [mentor(2), mentee(3)]
    [pair] = match(people, PLAIN).pairs
    strict = Rules(floor=pair.score + GRAIN, bonus={(2, 3): 1.0})
    assert match(people, strict).pairs == ()


def test_a_wish_for_somebody_who_is_not_here_is_passed_over() -> None:
    people = [mentor(2), mentee(3)]
    assert links(match(people, replace(PLAIN, bonus={(9, 3): 1.0, (2, 8): 1.0}))) == {(2, 3)}


@pytest.mark.parametrize("points", [-0.1, 1.1, float("nan")])
def test_a_bonus_off_the_scale_is_refused(points: float) -> None:
    with pytest.raises(ValueError, match="bonus"):
        Rules(bonus={(1, 2): points})


def test_a_round_done_again_moves_few_people_for_next_to_nothing() -> None:
    before, after = company(150, 75, seed=3), company(150, 75, seed=3)
    after[75:95] = [replace(p, paused=True) for p in after[75:95]]
    first = links(match(before, PLAIN))
    free, calm = match(after, PLAIN), match(after, replace(PLAIN, kept=frozenset(first)))
    assert len(links(calm) & first) > len(links(free) & first)
    assert 0 <= free.stats.total - calm.stats.total < 0.01 * free.stats.total
    assert all(pair.bonus == 0 for pair in calm.pairs)
