"""Whether two people can meet and talk: languages, place, hours, how often."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.rhythm import Rhythm
from bot.matching import reasons, score_pair
from tests.matching.crowd import mentee, mentor, tags
from tests.matching.judging import BY_KEY, judged, value


def speak(wants: str, offers: str) -> float:
    return value("languages", {"languages": tags(wants)}, {"languages": tags(offers)})


def test_two_common_languages_are_better_than_one_and_more_add_nothing() -> None:
    assert speak("nl", "en") == 0
    assert 0 < speak("nl", "nl") == speak("nl", "nl en") < speak("nl en", "nl en")
    assert speak("nl en", "nl en") == speak("nl en de fr", "nl en de fr") == 1


def test_a_single_common_language_goes_without_saying() -> None:
    _, one = score_pair(mentor(1, languages=tags("nl en")), mentee(2, languages=tags("nl de")))
    assert "languages" not in {c.criterion for c in reasons(one, 20)}
    _, two = score_pair(mentor(1, languages=tags("nl en")), mentee(2, languages=tags("nl en de")))
    told = {c.criterion: c.evidence for c in reasons(two, 20)}
    assert told["languages"] == ("en", "nl")


def test_the_same_place_is_better_than_the_same_country_is_better_than_abroad() -> None:
    here = {"location": "Utrecht", "country": "NL"}

    def with_somebody_in(place: str, land: str) -> float:
        return value("location", here, {"location": place, "country": land})

    assert with_somebody_in("Utrecht", "NL") == 1
    assert with_somebody_in("Zwolle", "NL") == 0.5
    assert with_somebody_in("Gent", "BE") == 0


@pytest.mark.parametrize("typed", ["utrecht", " Utrecht ", "UTRECHT", "Utrécht"])
def test_a_place_is_the_same_however_it_is_typed(typed: str) -> None:
    found = judged(
        "location",
        mentee(1, location="Utrecht", country="NL"),
        mentor(2, location=typed, country="nl"),
    )
    assert (found.value, found.evidence) == (1, ("Utrecht",))


def test_a_place_without_letters_is_no_place() -> None:
    assert not judged("location", mentee(1, location="  "), mentor(2, location=" ")).answered


def test_the_same_country_alone_is_no_reason_worth_telling() -> None:
    found = judged("location", mentee(1, country="NL"), mentor(2, country="NL"))
    assert found.answered
    assert found.evidence == ()


def test_who_would_meet_as_often_fits_best_and_each_step_apart_costs_more() -> None:
    weekly = {"rhythm": "weekly"}
    found = [value("rhythm", weekly, {"rhythm": rhythm}) for rhythm in Rhythm]
    assert found[0] == 1
    assert found[-1] == 0
    assert found == sorted(set(found), reverse=True)
    turned = [value("rhythm", {"rhythm": rhythm}, weekly) for rhythm in Rhythm]
    assert turned == found


def test_only_the_same_rhythm_is_a_reason() -> None:
    same = judged("rhythm", mentee(1, rhythm="monthly"), mentor(2, rhythm="monthly"))
    assert same.evidence == ("monthly",)
    near = judged("rhythm", mentee(1, rhythm="monthly"), mentor(2, rhythm="every_three_weeks"))
    assert near.value > BY_KEY["rhythm"].neutral
    assert near.evidence == ()


@pytest.mark.parametrize("answers", [{}, {"rhythm": ""}, {"rhythm": "at full moon"}])
def test_a_rhythm_that_nobody_knows_is_no_answer(answers: dict[str, Any]) -> None:
    found = judged("rhythm", mentee(1, **answers), mentor(2, rhythm="weekly"))
    assert not found.answered
    assert found.value == pytest.approx(BY_KEY["rhythm"].neutral)


def test_four_shared_hours_a_day_are_plenty() -> None:
    def week(first: int, last: int) -> dict[str, Any]:
        slots = (48 * day + slot for day in range(5) for slot in range(first, last))
        return {"hours": frozenset(slots)}

    nine_to_five = week(18, 34)
    assert value("hours", nine_to_five, week(26, 42)) == 1
    assert value("hours", nine_to_five, week(30, 46)) == pytest.approx(0.5)
    assert value("hours", nine_to_five, week(34, 48)) == 0
    found = judged("hours", mentee(1, **nine_to_five), mentor(2, **week(32, 45)))
    assert found.evidence == ("10",)
