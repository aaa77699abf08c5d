"""One message a day at most, with everything that is open in it; silence reaches the coordinators."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.cards.checkins import AnswerCheckIn, RemindLater
from bot.cards.surveys import SendPulse
from storage.models import CheckIn, Delivery, Mentorship, Person, SurveyAnswer
from tests.asking import answers, asked_at, check_ins, couple, days, days_pass
from tests.hands import Hands
from tests.reviewing import coordinator, goes_round, mentee, mentor
from tests.world import MENTEE, MENTOR, World

pytestmark = pytest.mark.any_database

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def stuck(world: World) -> list[Delivery]:
    """What coordinators heard of pairs that let questions pass."""
    query = select(Delivery).where(col(Delivery.key).startswith("stuck:"))
    return list(world.rows(query.order_by(col(Delivery.id))))


def open_check_ins(hands: Hands) -> set[int]:
    return {action.check_in for action in hands.offers if isinstance(action, AnswerCheckIn)}


@pytest.fixture
def bram(world: World) -> Hands:
    """Mentors Noor and Sem; in two weeks there is a check-in with each, and a survey."""
    world.programme()
    thomas = coordinator(world)
    bram = mentor(world, "Bram", capacity=("2",))
    for name in ("Noor", "Sem"):
        mentee(world, name)
    goes_round(world, thomas)
    days_pass(world, 14)
    world.passes(hours=2)
    return bram


# --- together ---


def test_what_falls_due_together_comes_together(world: World, bram: Hands) -> None:
    assert days(world, bram) == ["16 Mar 10:00"]
    assert len(open_check_ins(bram)) == 2
    assert any(isinstance(action, SendPulse) for action in bram.offers)
    assert "Noor" in bram.sees
    assert "Sem" in bram.sees


def test_answering_one_keeps_the_others_with_what_was_typed_in_them(
    world: World, bram: Hands
) -> None:
    first, second = sorted(open_check_ins(bram))
    typed = {"pulse_1_useful": "4", "pulse_1_tell": "Half a thought"}
    bram.presses(AnswerCheckIn(second, "planned"), **typed)
    assert open_check_ins(bram) == {first}
    assert {name: ask.value for name, ask in bram.inputs.items() if ask.value} == {
        name: (value,) for name, value in typed.items()
    }
    bram.presses(RemindLater(first))
    assert open_check_ins(bram) == set()
    assert bram.inputs["pulse_1_tell"].value == ("Half a thought",)
    bram.presses(SendPulse, pulse_1_on_track="3")
    assert bram.buttons == []
    assert sorted(row.value for row in world.rows(select(SurveyAnswer))) == [
        "3",
        "4",
        "Half a thought",
    ]
    assert [row.answer for row in check_ins(world, bram)] == [None, "planned"]

    world.passes(days=1, hours=2)
    assert open_check_ins(bram) == {first}
    answers(bram, "planned")
    assert [row.answer for row in check_ins(world, bram)] == ["planned", "planned"]


def test_answering_the_survey_first_keeps_the_check_ins(bram: Hands) -> None:
    both = open_check_ins(bram)
    bram.presses(SendPulse, pulse_1_useful="5", pulse_1_on_track="5")
    assert open_check_ins(bram) == both
    assert not any(isinstance(action, SendPulse) for action in bram.offers)


def test_nobody_gets_two_messages_with_questions_on_one_day(world: World, bram: Hands) -> None:
    """Eight weeks of two programmes, with reminders, surveys, and jobs that run at odd times."""
    world.programme("Lead", weeks=9)
    Hands(world, "Kim")
    for name, about in (("Kim", MENTOR), ("Bram", MENTEE)):
        world.joins(name, about | {"rhythm": ("weekly",)}, programme=2)
    joost = coordinator(world, "Joost", programme=2)
    goes_round(world, joost)
    people = [hands for hands in world.people.values() if isinstance(hands, Hands)]
    for day in range(56):
        world.passes(timedelta(hours=3, minutes=20), days=1)
        bram = people[1]
        if day % 3 == 0 and any(isinstance(action, RemindLater) for action in bram.offers):
            bram.presses(RemindLater)
    for hands in people:
        per_day = Counter(at.date() for at in asked_at(world, hands))
        assert max(per_day.values(), default=0) <= 1
    assert len(asked_at(world, people[1])) > 10


# --- silence ---


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_two_silent_rounds_of_both_reach_the_coordinators_once(world: World, locale: str) -> None:
    world.programme()
    bram, noor = couple(world)
    joost = coordinator(world, "Joost", locale)
    days_pass(world, 20)  # two rounds, no answer
    assert stuck(world) == []
    days_pass(world, 2)  # the third is asked
    thomas = world.people["Thomas"]
    assert isinstance(thomas, Hands)
    told = {row.person_id for row in stuck(world)}
    assert told == {thomas.row.id, joost.row.id}
    assert "Bram" in joost.sees
    assert "Noor" in joost.sees
    word = {"nl": "twee", "en": "two"}[locale]
    assert word in joost.sees.casefold()
    days_pass(world, 21)
    assert len(stuck(world)) == 2
    assert not [text for hands in (bram, noor) for text in hands.all_seen if "check-ins" in text]


def test_one_answer_of_one_partner_keeps_a_pair_from_being_stuck(world: World) -> None:
    world.programme()
    _, noor = couple(world)
    for _ in range(4):
        days_pass(world, 8)
        if open_check_ins(noor):
            newest = max(open_check_ins(noor))
            noor.presses(AnswerCheckIn(newest, "not_yet"))
    assert stuck(world) == []


def test_an_answer_ends_it_and_a_new_silence_is_told_again(world: World) -> None:
    world.programme()
    bram, _ = couple(world)
    days_pass(world, 23)
    assert len(stuck(world)) == 1
    answers(bram, "met")
    [mentorship] = world.rows(select(Mentorship))
    assert mentorship.stuck_since is None
    days_pass(world, 13)
    assert len(stuck(world)) == 1
    days_pass(world, 8)
    assert len(stuck(world)) == 2


def test_a_pause_is_no_silence(world: World) -> None:
    world.programme()
    _, noor = couple(world)
    noor.types("/mentor pause 1-5-2026")
    days_pass(world, 50)
    assert stuck(world) == []
    assert not world.rows(select(CheckIn))


def test_a_hundred_and_fifty_who_are_asked_on_one_morning_are_all_asked(world: World) -> None:
    """More than one batch; whoever cannot be asked now does not stand in the others' way."""
    world.programme()
    thomas = coordinator(world)
    for number in range(75):
        mentor(world, f"Mentor{number}", rhythm=("weekly",))
        mentee(world, f"Mentee{number}", rhythm=("weekly",))
    goes_round(world, thomas)
    with world.database.transaction() as session:
        for person in session.exec(select(Person).where(Person.id < 60)):
            person.working_days = ""  # never at work
    world.now += WEEK + timedelta(hours=1)
    world.tick()
    nudges = [row for row in world.rows(select(Delivery)) if row.key.startswith("nudge:")]
    never = len([row for row in world.rows(select(Person)) if not row.working_days])
    assert len(nudges) == 151 - never
    world.tick()
    assert len([row for row in world.rows(select(Delivery)) if "nudge:" in row.key]) == len(nudges)
