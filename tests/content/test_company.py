"""The invented company: whole, plausible, and the same each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, time
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.content import company, skills, standard
from bot.content.company import Colleague, crowd, people, plausible_answers
from bot.core.answers import read
from bot.core.messages import Kind
from bot.core.questions import applicable, required
from bot.core.working_time import working_time

CAST = people()
BY_USER = {person.user: person for person in CAST}
CROWD = crowd(1_500, seed=7)
INTAKE = standard().intake
LANGUAGES = {c.value for q in INTAKE if q.key == "languages" for c in q.choices}


def depth(person: Colleague, everyone: dict[str, Colleague]) -> int:
    return 1 + depth(everyone[person.manager], everyone) if person.manager else 1


def test_the_cast_is_forty_with_the_people_that_the_stories_need() -> None:
    assert len(CAST) == 40
    assert BY_USER["thomas"].role == "coordinator"
    assert BY_USER["noor"].name.startswith("Noor") and BY_USER["noor"].locale == "nl"
    assert Counter(person.role for person in CAST if person.role)["admin"] == 1
    assert Counter(person.kind for person in CAST) == {"employee": 38, "guest": 1, "bot": 1}
    assert any(person.end < person.start for person in CAST), "somebody works at night"
    assert len({person.time_zone for person in CAST}) >= 7
    assert sum(len(person.working_days) < 5 for person in CAST) >= 6
    assert max(depth(person, BY_USER) for person in CAST) >= 4


@pytest.mark.parametrize("everyone", [CAST, CROWD], ids=["cast", "crowd"])
def test_everyone_is_somebody_with_a_manager_who_comes_first(everyone: Sequence[Colleague]) -> None:
    seen: set[str] = set()
    assert len({person.name for person in everyone}) == len(everyone)
    for person in everyone:
        assert person.user not in seen
        assert person.manager in seen or (not person.manager and not seen)
        assert person.email == f"{person.user}@waterkant.example"
        assert person.name and person.department and person.function and person.location
        assert person.locale in {"nl", "en"} and person.locale in person.languages
        assert set(person.languages) <= LANGUAGES
        assert person.kind in {"employee", "guest", "bot"}
        seen.add(person.user)


@pytest.mark.parametrize("everyone", [CAST, CROWD], ids=["cast", "crowd"])
def test_everyone_has_a_week_that_exists(everyone: Sequence[Colleague]) -> None:
    for person in everyone:
        ZoneInfo(person.time_zone)
        assert person.working_days == tuple(sorted(set(person.working_days)))
        working_time(
            person.time_zone, person.working_days, person.start, person.end, person.country
        )
    assert BY_USER["henk"].start == time(22)


def test_managers_are_employees_and_lead_no_more_people_than_they_can() -> None:
    reports = Counter(person.manager for person in CROWD[1:])
    managers = {person.user: person for person in CROWD if person.user in reports}
    assert {person.kind for person in managers.values()} == {"employee"}
    heads = reports.pop(CROWD[0].user)
    assert heads == len({person.department for person in CROWD[1:]})
    assert max(reports.values()) <= 8 + 1
    assert max(depth(person, {p.user: p for p in CROWD}) for person in CROWD) >= 4


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 12, 60])
def test_a_small_crowd_is_whole_too(n: int) -> None:
    some = crowd(n, seed=n)
    assert len(some) == n
    assert [person.role for person in some].count("admin") == min(n, 1)
    assert [person.role for person in some].count("coordinator") == min(max(n - 1, 0), 1)


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert crowd(200, seed=3) == crowd(200, seed=3) != crowd(200, seed=4)
    with pytest.raises(ValueError, match="0 people or more"):
        crowd(-1, seed=1)


def test_a_crowd_is_spread_over_places_weeks_and_tongues() -> None:
    countries = Counter(person.country for person in CROWD)
    assert countries.most_common(1)[0][0] == "NL" and len(countries) >= 7
    assert 0.55 < sum(person.locale == "nl" for person in CROWD) / len(CROWD) < 0.85
    assert 0.2 < sum(len(person.working_days) < 5 for person in CROWD) / len(CROWD) < 0.4
    assert any("nl" not in person.languages for person in CROWD)
    assert any("en" not in person.languages for person in CROWD)
    assert any(person.end < person.start for person in CROWD)


ANSWERS = [plausible_answers(person, rng) for rng in [Random(5)] for person in CROWD]


def test_answers_are_ones_that_the_intake_takes_and_none_that_is_required_is_missing() -> None:
    for said in ANSWERS:
        given = {key: tuple(text.split(company.JOIN)) for key, text in said.items()}
        asked = {question.key: question for question in applicable(INTAKE, given)}
        assert set(said) <= set(asked)
        assert {question.key for question in required(INTAKE, given)} <= set(said)
        for key, text in said.items():
            question = asked[key]
            choice = question.kind in (Kind.CHOICE, Kind.CHOICES)
            values = given[key] if choice else (text,)
            found = read(question, values, typed=not choice, today=date(2026, 3, 2))
            assert isinstance(found, tuple), (key, text, found)


def test_about_as_many_mentors_as_mentees_join_and_seniors_mentor_juniors() -> None:
    roles = Counter(said["role"] for said in ANSWERS)
    assert 0.40 < roles["mentee"] / len(ANSWERS) < 0.50
    assert 0.35 < roles["mentor"] / len(ANSWERS) < 0.45
    assert 0.10 < roles["both"] / len(ANSWERS) < 0.20
    pairs = list(zip(CROWD, ANSWERS, strict=True))
    juniors = [said["role"] for person, said in pairs if person.function.startswith("Junior")]
    seniors = [said["role"] for person, said in pairs if person.function.startswith("Senior")]
    assert juniors.count("mentee") > 0.8 * len(juniors)
    assert seniors.count("mentor") > 0.6 * len(seniors)


def test_people_name_skills_that_are_mostly_understood_in_the_words_of_their_language() -> None:
    lexicon = skills.standard()
    hows = Counter(
        one.how
        for said in ANSWERS
        for key in ("skills_offered", "skills_wanted")
        for one in lexicon.read(said.get(key, ""))
    )
    assert hows[skills.How.EXACT] > 0.85 * hows.total()
    assert hows[skills.How.TYPO] and hows[skills.How.FREE]


def test_answers_vary_and_repeat_with_the_same_chance() -> None:
    goals = {said["goal"] for said in ANSWERS if "goal" in said}
    assert len(goals) > 80
    noor = BY_USER["noor"]
    assert plausible_answers(noor, Random(1)) == plausible_answers(noor, Random(1))
    avoided = {plausible_answers(noor, Random(n), ["Bas"]).get("avoid", "") for n in range(100)}
    assert avoided == {"", "Bas"}


def test_the_phrase_book_is_rich_and_stands_in_both_languages() -> None:
    book = company.phrases()
    assert len(book["goals"]) >= 40
    for subject, phrases in book.items():
        for phrase in phrases:
            assert set(phrase) == {"en", "nl"}, subject
            assert phrase["en"].count("{skill}") == phrase["nl"].count("{skill}")
        for language in ("en", "nl"):
            assert len({phrase[language] for phrase in phrases}) == len(phrases)
