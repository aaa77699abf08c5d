"""Pulse surveys: answered once, in time, by whom they were meant for, and kept as typed."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, repeat

import pytest
from sqlmodel import select

from bot.cards.surveys import SendPulse
from bot.core.events import Click, Place, Who
from bot.core.messages import Ask, Note
from bot.platforms.local.platform import WORKSPACE
from bot.platforms.local.screen import LocalPerson, draw
from storage.models import (
    AuditEntry,
    InviteState,
    SurveyAnswer,
    Wave,
    WaveState,
)
from tests.cohort import (
    FIRST_SURVEY,
    answers,
    asked,
    at,
    cohort,
    invites,
    pair,
    waves,
    whose,
)
from tests.world import World

NUMBERS = count()


def stored(world: World) -> list[tuple[str, str]]:
    return sorted((one.question, one.value) for one in world.rows(select(SurveyAnswer)))


def presses(world: World, person: LocalPerson, invite: int, **fields: str) -> str:
    """A press on a button that is not on this person's screen: forged, or from long ago."""
    event = Click(
        id=f"forged-{next(NUMBERS)}",
        who=Who("local", WORKSPACE, person.user),
        place=Place(f"dm:{person.user}"),
        home=f"dm:{person.user}",
        action=SendPulse(invite),
        fields={name: (value,) for name, value in fields.items()},
    )
    card = world.dispatch(event)
    return draw(card) if card else ""


# --- the story ---


def test_two_weeks_into_the_programme_everyone_in_a_pair_is_asked_and_answers_on_one_card(
    world: World,
) -> None:
    people = cohort(world)
    world.person("Alone")
    world.joins("Alone", {"role": ("mentee",), "rhythm": ("weekly",)})
    at(world, FIRST_SURVEY - timedelta(days=1))
    assert not any(asked(people))
    at(world, FIRST_SURVEY)
    assert all(asked(people))
    assert world.people["Alone"].sees == ""

    one = people[0]
    assert "How is Grow going for you?" in one.sees
    answers(one, useful="5", on_track="3", tell="Good talks.")
    assert one.sees == "Thank you! Your answers about Grow are in. They help."
    assert stored(world) == [("on_track", "3"), ("tell", "Good talks."), ("useful", "5")]
    assert [i.state for i in invites(world)].count(InviteState.ANSWERED) == 1


def test_the_card_is_in_the_readers_language(world: World) -> None:
    world.programme()
    pair(world, world.person("Noor", "nl"), world.person("Sem", "en"))
    at(world, FIRST_SURVEY)
    assert "Hoe nuttig zijn de mentorgesprekken voor jou?" in world.people["Noor"].sees
    assert "How useful are your mentoring talks to you?" in world.people["Sem"].sees


def test_before_the_first_question_stands_who_will_read_the_answers_and_until_when(
    world: World,
) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    card = person.card
    assert card is not None
    [label] = [n for n, part in enumerate(card.parts) if isinstance(part, Note)]
    assert label < min(card.parts.index(ask) for ask in card.all(Ask))
    words = " ".join(person.sees.split())
    assert "stored without your name and without a time" in words
    assert "only when at least 5 people have answered" in words
    assert "until Thursday 26 March 18:00" in words


def test_a_survey_that_is_not_anonymous_names_its_readers(world: World) -> None:
    person = cohort(world, 1, 1)[0]
    world.coordinator("Thomas")
    world.coordinator("**Ada** L")
    with world.database.transaction() as session:
        session.get_one(Wave, 1).anonymous = False
    at(world, FIRST_SURVEY)
    assert "Confidential, seen by: Thomas and **Ada** L." in person.sees
    assert "nonymous" not in person.sees
    answers(person)
    with world.database.look() as session:
        mine = whose(session, person).id
        assert set(session.exec(select(SurveyAnswer.person_id))) == {mine}


def test_a_question_about_the_check_in_and_the_survey_come_together_and_stay_together(
    world: World,
) -> None:
    mentor, mentee = world.pair("Mara", "Sem")
    at(world, FIRST_SURVEY)
    assert {"It is planned", "Send my answers"} <= set(mentor.buttons)
    mentor.clicks("It is planned", pulse_1_tell="half a thought", pulse_1_useful="4")
    assert "Send my answers" in mentor.buttons
    assert mentor.inputs["pulse_1_tell"].value == ("half a thought",)
    assert mentor.inputs["pulse_1_useful"].value == ("4",)
    answers(mentor)
    assert mentor.buttons == []

    answers(mentee)
    assert "Yes, we met" in mentee.buttons
    assert "Send my answers" not in mentee.buttons


def test_two_programmes_ask_on_one_card_and_the_answers_are_kept_apart(world: World) -> None:
    for name in ("Grow", "Lead"):
        world.programme(name)
    mara, sem = world.person("Mara"), world.person("Sem")
    pair(world, mara, sem, programme=1)
    pair(world, sem, mara, programme=2)
    at(world, FIRST_SURVEY)
    assert mara.buttons == ["Send my answers", "Send my answers"]
    first, second = (w.id for w in waves(world) if w.state is WaveState.OPEN)
    names = {
        f"pulse_{wave}_{q}" for wave in (first, second) for q in ("useful", "on_track", "tell")
    }
    assert set(mara.inputs) == names
    values = {f"pulse_{first}_useful": "1", f"pulse_{second}_useful": "5"}
    mara.clicks("Send my answers", **values | {f"pulse_{first}_on_track": "2"})
    assert mara.inputs[f"pulse_{second}_useful"].value == ("5",)
    mara.clicks("Send my answers", **{f"pulse_{second}_on_track": "3"})
    rows = [(r.wave_id, r.question, r.value, r.part) for r in world.rows(select(SurveyAnswer))]
    assert sorted(rows) == [
        (first, "on_track", "2", "mentor"),
        (first, "useful", "1", "mentor"),
        (second, "on_track", "3", "mentee"),
        (second, "useful", "5", "mentee"),
    ]


# --- wrong input, and input that looks wrong ---


def test_what_is_missing_is_said_beside_the_question_and_nothing_typed_is_lost(
    world: World,
) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    answers(person, useful="", on_track="2", tell="I typed all this.")
    assert person.inputs["pulse_1_useful"].error == "Please give an answer first."
    assert person.inputs["pulse_1_on_track"].error == ""
    assert person.inputs["pulse_1_on_track"].value == ("2",)
    assert person.inputs["pulse_1_tell"].value == ("I typed all this.",)
    assert "Nothing has been sent yet" in person.sees
    assert stored(world) == []
    answers(person, useful="3", on_track="2", tell="I typed all this.")
    assert len(stored(world)) == 3


def test_a_comment_of_ten_thousand_characters_comes_back_with_the_limit(world: World) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    answers(person, tell="x" * 10_000)
    assert "10000 characters; at most 1000" in person.inputs["pulse_1_tell"].error
    assert person.inputs["pulse_1_tell"].value == ("x" * 10_000,)
    assert stored(world) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<!channel> **all**, _look_ \\*", "<!channel> **all**, _look_ \\*"),
        ("👩🏽‍🏫🎉", "👩🏽‍🏫🎉"),
        ("مرحبا\nhallo", "مرحبا\nhallo"),
        ("nul\0 and half \ud83d", "nul and half "),
        ("'; DROP TABLE wave; --", "'; DROP TABLE wave; --"),
    ],
)
def test_a_comment_is_kept_as_it_was_typed(world: World, typed: str, kept: str) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    invite = invites(world)[0].id
    presses(world, person, invite, pulse_1_useful="4", pulse_1_on_track="4", pulse_1_tell=typed)
    assert ("tell", kept.strip()) in stored(world)


def test_an_empty_comment_is_no_comment(world: World) -> None:
    people = cohort(world, 1, 1)
    at(world, FIRST_SURVEY)
    answers(people[0], tell="")
    presses(
        world, people[1], invites(world)[1].id, pulse_1_useful="4", pulse_1_on_track="4",
        pulse_1_tell=" \n ",
    )  # fmt: skip
    assert [question for question, _ in stored(world)] == ["on_track"] * 2 + ["useful"] * 2


def test_an_answer_that_was_not_offered_is_not_taken(world: World) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    words = presses(world, person, invites(world)[0].id, pulse_1_useful="99", pulse_1_on_track="-1")
    assert "“99” is not one of the options" in words
    assert stored(world) == []


# --- once, in time, by whom it was meant for ---


def test_nobody_answers_twice(world: World) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    answers(person, useful="2")
    invite = invites(world)[0].id
    before = stored(world)
    words = presses(world, person, invite, pulse_1_useful="5", pulse_1_on_track="5")
    assert "already answered the questions about Grow" in words
    assert stored(world) == before


def test_an_event_that_the_platform_sends_again_shows_how_things_stand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    invite = invites(world)[0].id
    fields = {"pulse_1_useful": "5", "pulse_1_on_track": "5"}
    monkeypatch.setattr("tests.test_surveys.NUMBERS", repeat(7))
    assert "Thank you!" in presses(world, person, invite, **fields)
    assert "already answered" in presses(world, person, invite, **fields)
    assert len(stored(world)) == 2


def test_after_the_closing_an_answer_is_kindly_refused(world: World) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    invite = invites(world)[0].id
    closes_at = waves(world)[0].closes_at
    fields = {"pulse_1_useful": "5", "pulse_1_on_track": "5"}
    world.now = closes_at  # no job has run yet
    assert "have closed in the meantime" in presses(world, person, invite, **fields)
    world.tick()
    answers(person)  # the button is still on the old card
    assert "have closed in the meantime" in person.sees
    assert stored(world) == []
    assert [i.state for i in invites(world)] == [InviteState.ASKED] * 2


def test_one_second_before_the_closing_an_answer_counts(world: World) -> None:
    person = cohort(world, 1, 1)[0]
    at(world, FIRST_SURVEY)
    world.now = waves(world)[0].closes_at - timedelta(seconds=1)
    answers(person)
    assert len(stored(world)) == 2


def test_a_button_made_for_somebody_else_stores_nothing_and_is_noted(world: World) -> None:
    people = cohort(world, 1, 1)
    stranger = world.person("Stranger")
    at(world, FIRST_SURVEY)
    fields = {"pulse_1_useful": "1", "pulse_1_on_track": "1"}
    for person, invite in ((people[1], 1), (stranger, 1), (people[0], 999), (people[0], -1)):
        assert "meant for somebody else" in presses(world, person, invite, **fields)
    assert "meant for somebody else" in presses(world, people[0], 2**70, **fields)
    assert stored(world) == []
    assert InviteState.ANSWERED not in {i.state for i in invites(world)}
    refused = world.rows(select(AuditEntry).where(AuditEntry.did == "refused SendPulse"))
    assert {entry.subject for entry in refused} == {"invite:1"}  # the others name nothing
    assert len(refused) == 2
    assert not any(entry.allowed for entry in refused)
