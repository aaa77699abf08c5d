from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.matching import CRITERIA, Profile, Rules, match, score_pair
from bot.matching.scores import GRAIN, score_matrix, weights_used
from bot.matching.words import TOKEN, meaning, tokens, words
from tests.matching.crowd import links, mentee, mentor, tags
from tests.matching.invented import company
from tests.matching.judging import BY_KEY, judged, value


def test_the_first_wanted_skill_counts_most_and_all_of_them_count_fully() -> None:
    wants = {"skills_wanted": tags("excel python sql scrum")}
    found = [
        value("skills", wants, {"skills_offered": tags(skills)})
        for skills in (
            "knitting",
            "excel",
            "excel sql",
            "excel sql scrum",
            "excel sql scrum python",
        )
    ]
    gains = np.diff(found)
    assert found[0] == 0
    assert found[-1] == 1
    assert (np.diff(gains) < 0).all()


def test_offering_more_than_is_wanted_neither_helps_nor_harms() -> None:
    wants = {"skills_wanted": tags("excel sql")}
    assert value("skills", wants, {"skills_offered": tags("excel")}) == value(
        "skills", wants, {"skills_offered": tags("excel knitting chess")}
    )


@pytest.mark.parametrize(
    ("goal", "offer"),
    [
        ("Ik wil beter leren onderhandelen", "Ervaring met moeilijke onderhandelingen"),
        ("Een presentatie durven geven", "Ik help graag met presentaties"),
        ("I want to negotiate well", "Years of negotiating contracts"),
        ("Leren boekhouden", "Twintig jaar boekhouding"),
    ],
)
def test_a_goal_meets_an_offer_in_another_form_of_the_same_word(goal: str, offer: str) -> None:
    assert value("goal", {"goal": goal}, {"offer": offer}) > BY_KEY["goal"].neutral
    assert judged("goal", mentee(1, goal=goal), mentor(2, offer=offer)).evidence


def test_words_that_everybody_writes_do_not_make_a_match() -> None:
    assert (
        value(
            "goal",
            {"goal": "Ik wil graag leren van budgetten"},
            {"offer": "Ik wil graag leren reizen"},
        )
        == 0
    )
    assert words("I would like to learn about the work with you") == ()


def test_a_goal_also_meets_offered_skills_and_shows_the_mentees_own_words() -> None:
    found = judged(
        "goal",
        mentee(1, goal="Betere Presentaties geven aan klanten"),
        mentor(2, skills_offered=tags("presentatie")),
    )
    assert found.evidence == ("presentaties",)


def test_look_alikes_stay_different_words_and_odd_names_stay_whole() -> None:
    assert not meaning("java") & meaning("javascript")
    assert not meaning("inkoop") & meaning("verkoop")
    assert words("C# en C++ én coördinatie") == ("c#", "c++", "coordinatie")


@example("c++ c+ c# c_c")
@given(st.lists(st.sampled_from(["c", "++", "+", "#", "_", " ", "é", "\x1f"])).map("".join))
def test_the_short_way_to_the_words_of_a_plain_text_finds_all_the_same(text: str) -> None:
    assert tokens(text) == TOKEN.findall(text)


@pytest.mark.parametrize("key", ["interests", "ambitions", "work_style", "values"])
def test_likeness_is_full_for_the_same_choice_and_none_for_another(key: str) -> None:
    assert value(key, {key: tags("a b")}, {key: tags("a b")}) == pytest.approx(1)
    assert value(key, {key: tags("a b")}, {key: tags("c")}) == 0
    assert judged(
        key, mentee(1, **{key: tags("b a")}), mentor(2, **{key: tags("a b c")})
    ).evidence == ("a", "b")


@pytest.mark.parametrize("key", ["interests", "ambitions", "work_style", "values"])
def test_ticking_everything_is_worth_less_than_ticking_what_is_shared(key: str) -> None:
    wants = {key: tags("a b")}
    assert value(key, wants, {key: tags("a b c d e f g h")}) < value(key, wants, {key: tags("a b")})


def test_function_and_sector_count_apart_and_something_else_is_no_sector() -> None:
    neutral = [strand.neutral for strand in BY_KEY["function_sector"].strands]
    same_function = value(
        "function_sector", {"function": "Teamleider zorg"}, {"function": "teamleider"}
    )
    assert same_function == pytest.approx((1 + neutral[1]) / 2)
    assert value("function_sector", {"sector": "it"}, {"sector": "it"}) > same_function - 0.1
    assert value("function_sector", {"sector": "it"}, {"sector": "law"}) == pytest.approx(
        neutral[0] / 2
    )
    assert value("function_sector", {"sector": "other"}, {"sector": "other"}) == pytest.approx(
        sum(neutral) / 2
    )
    # who tells only a function cannot be compared with who tells only a sector
    assert value("function_sector", {"function": "nurse"}, {"sector": "care"}) == pytest.approx(
        sum(neutral) / 2
    )


def test_one_shared_way_to_talk_is_enough() -> None:
    assert (
        value(
            "communication",
            {"communication": tags("video")},
            {"communication": tags("video phone")},
        )
        == 1
    )
    assert (
        value("communication", {"communication": tags("chat")}, {"communication": tags("phone")})
        == 0
    )


def test_a_wanted_style_is_found_whatever_else_is_offered() -> None:
    found = judged(
        "style",
        mentee(1, styles_wanted=tags("coach"), learning_style="talking"),
        mentor(2, styles_offered=tags("coach adviser"), qualities=tags("calm")),
    )
    assert (found.value, found.evidence) == (1, ("coach",))
    assert (
        value("style", {"styles_wanted": tags("coach")}, {"styles_offered": tags("sponsor")}) == 0
    )


def test_a_way_of_learning_meets_the_qualities_that_go_with_it() -> None:
    found = judged(
        "learning",
        mentee(1, learning_style="talking", styles_wanted=tags("coach")),
        mentor(2, qualities=tags("listens asks calm"), styles_offered=tags("sponsor")),
    )
    assert (found.value, found.evidence) == (1, ("asks", "listens"))
    half = value("learning", {"learning_style": "talking"}, {"qualities": tags("asks")})
    assert BY_KEY["learning"].neutral < half < 1
    assert value("learning", {"learning_style": "talking"}, {"qualities": tags("humour")}) == 0


def test_a_mentor_one_to_three_bands_above_is_best() -> None:
    gaps = {
        mentor - 2: value("seniority", {"seniority": 2}, {"seniority": mentor})
        for mentor in range(6)
    }
    assert gaps[1] == gaps[2] == gaps[3] == 1
    assert 1 > gaps[0] > gaps[-1] > gaps[-2] == 0
    assert 0 < value("seniority", {"seniority": 0}, {"seniority": 5}) < 1


@pytest.mark.parametrize("key", sorted(BY_KEY))
def test_silence_on_either_side_is_neutral_and_shows_nothing(key: str) -> None:
    silent = judged(key, mentee(1), mentor(2))
    assert silent.value == pytest.approx(BY_KEY[key].neutral)
    assert not silent.answered
    assert silent.evidence == ()
    for somebody in company(3, 3, silent=0):
        one_sided = judged(
            key,
            somebody if somebody.mentee else mentee(1),
            somebody if somebody.mentor else mentor(2),
        )
        assert one_sided.value == pytest.approx(BY_KEY[key].neutral)


def test_somebody_who_answers_nothing_neither_wins_nor_loses() -> None:
    profiles = company(120, 60, silent=0)
    mentees, mentors = profiles[60:], profiles[:60]
    scores = score_matrix([*mentees, mentee(998)], [*mentors, mentor(999)], weights_used({}))
    for typical in (scores[:-1, :-1].mean(axis=1), scores[:-1, :-1].mean(axis=0)):
        low, high = np.quantile(typical, [0.1, 0.9])
        assert low < scores[-1, -1] < high
    best = scores[:-1].argmax(axis=1)
    assert (best != len(mentors)).all()  # nobody's favourite, just for being silent
    assert scores[-1, -1] >= Rules().floor


def test_a_silent_mentee_is_placed_when_there_is_room_but_takes_nobodys_best_mentor() -> None:
    profiles = company(60, 60, silent=0)
    before = match(profiles)
    after = match([*profiles, mentee(999)])
    assert any(pair.mentee == 999 for pair in after.pairs)
    assert len(links(before) - links(after)) <= 6


def test_gender_age_and_performance_are_no_part_of_a_profile() -> None:
    names = {field.name for field in fields(Profile)}
    assert not names & {"gender", "sex", "age", "birthday", "performance", "salary", "rating"}
    assert not BY_KEY.keys() & {"gender", "age", "performance"}


def test_the_default_weights_add_up_to_one_and_proportions_are_what_counts() -> None:
    assert sum(criterion.weight for criterion in CRITERIA) == pytest.approx(1)
    assert sum(weights_used({}).values()) == 1
    doubled = {criterion.key: 2 * criterion.weight for criterion in CRITERIA}
    assert weights_used(doubled) == weights_used({})


def test_a_criterion_with_weight_zero_is_not_used_nor_told() -> None:
    _, contributions = score_pair(mentor(1), mentee(2), Rules(weights={"values": 0}))
    assert {c.criterion for c in contributions} == BY_KEY.keys() - {"values"}
    assert sum(c.weight for c in contributions) == 1


@pytest.mark.parametrize(
    "weights",
    [
        {"shoe size": 1},
        {"skills": -1},
        {"skills": float("nan")},
        {"skills": float("inf")},
        dict.fromkeys(BY_KEY, 0),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"criterion|weight"):
        match([mentor(1), mentee(2)], Rules(weights=weights))


def test_a_pair_alone_has_exactly_the_value_it_has_in_the_matrix() -> None:
    profiles = company(40, 30)
    mentees, mentors = profiles[30:], profiles[:30]
    scores = score_matrix(mentees, mentors, weights_used({}))
    for row in range(0, 40, 3):
        for column in range(30):
            alone, _ = score_pair(mentors[column], mentees[row])
            assert alone == scores[row, column]


def test_perfect_people_score_exactly_one_and_nobody_more() -> None:
    everything = company(1, 1, silent=0)
    learner = replace(
        everything[1],
        learning_style="talking",
        goal="negotiating",
        skills_wanted=tags("sales"),
        seniority=1,
        hours=frozenset(range(18, 66)),
        languages=tags("nl en"),
        location="Utrecht",
        country="NL",
        rhythm="weekly",
    )
    twin = replace(
        learner,
        id=3,
        person=3,
        mentor=True,
        mentee=False,
        seniority=3,
        skills_offered=learner.skills_wanted,
        offer=learner.goal,
        styles_offered=learner.styles_wanted,
        qualities=tags("listens asks"),
    )
    assert score_pair(twin, learner)[0] == pytest.approx(1, abs=3 * GRAIN)
    assert score_pair(twin, learner)[0] <= 1


def test_ten_thousand_skills_typed_by_one_person_do_no_harm() -> None:
    boaster = mentor(1, skills_offered=frozenset(f"skill {k}" for k in range(10_000)))
    shopper = mentee(2, skills_wanted=frozenset(f"skill {k}" for k in range(0, 20_000, 2)))
    assert 0 < score_pair(boaster, shopper)[0] < 1
