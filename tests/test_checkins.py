"""Check-ins: at the pair's rhythm, in each one's own working hours, answered in one tap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.cards.checkins import AnswerCheckIn, RemindLater
from bot.cards.fit import AnswerFit
from bot.core.actions import RunCommand
from bot.core.working_time import is_open
from scheduler import clock
from storage import people
from storage.models import CheckIn, CheckInAnswer, Member
from tests.asking import HALF_AN_HOUR, answers, asked_at, check_ins, couple, days, days_pass
from tests.hands import meanings
from tests.world import World

pytestmark = pytest.mark.any_database

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
[NUDGES] = [job for job in clock.JOBS if job.name == "nudges"]


@pytest.fixture
def grow(world: World) -> World:
    """A programme that began today, Monday 2 March 2026, in Amsterdam."""
    world.programme()
    return world


# --- when ---


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        ("weekly", ["9 Mar 10:00", "16 Mar 10:00", "23 Mar 10:00", "30 Mar 10:00"]),
        ("every_two_weeks", ["16 Mar 10:00", "30 Mar 10:00"]),
        ("every_three_weeks", ["23 Mar 10:00"]),
        ("monthly", ["2 Apr 10:00"]),
    ],
)
def test_both_are_asked_at_their_rhythm_at_ten_o_clock(
    grow: World, rhythm: str, expected: list[str]
) -> None:
    bram, noor = couple(grow, rhythm)
    days_pass(grow, 32)  # over the change to summer time
    assert days(grow, bram) == days(grow, noor) == expected


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({}, "9 Mar 10:00"),
        ({"time_zone": "Asia/Kolkata", "country": "IN"}, "9 Mar 10:00"),
        (
            {
                "time_zone": "America/New_York",
                "country": "US",
                "working_days": "35",
                "work_start": time(13),
                "work_end": time(17),
            },
            "11 Mar 13:00",
        ),
        ({"work_start": time(22), "work_end": time(6)}, "9 Mar 22:00"),
        ({"working_days": "67", "work_start": time(11)}, "14 Mar 11:00"),
    ],
    ids=["Amsterdam", "Kolkata", "part-time in New York", "night shift", "weekends"],
)
def test_each_is_asked_in_their_own_working_hours(
    grow: World, about: dict[str, Any], expected: str
) -> None:
    bram, noor = couple(grow, noor=about)
    grow.now += 6 * DAY
    grow.passes(HALF_AN_HOUR, days=7)
    assert days(grow, noor) == [expected]
    assert days(grow, bram) == ["9 Mar 10:00"]
    [at] = asked_at(grow, noor)
    assert is_open(people.working_time(noor.row), at)


def test_nobody_is_asked_on_a_public_holiday_and_the_rhythm_stays(grow: World) -> None:
    bram, noor = couple(grow, noor={"country": "US", "time_zone": "Europe/Amsterdam"})
    days_pass(grow, 58)
    mondays = ["9 Mar", "16 Mar", "23 Mar", "30 Mar", "6 Apr", "13 Apr", "20 Apr", "27 Apr"]
    assert days(grow, noor) == [f"{day} 10:00" for day in mondays]
    moved = {"6 Apr": "7 Apr 09:00", "27 Apr": "28 Apr 09:00"}  # Easter Monday, King's Day
    assert days(grow, bram) == [moved.get(day, f"{day} 10:00") for day in mondays]


def test_nobody_is_asked_in_their_pause_and_after_it_once(grow: World) -> None:
    bram, noor = couple(grow)
    noor.types("/mentor pause until 31 March")
    days_pass(grow, 35)
    assert days(grow, noor) == ["31 Mar 09:00", "6 Apr 10:00"][:1]
    assert days(grow, bram) == ["31 Mar 09:00"]  # nor about talks with somebody who is away


def test_who_ends_a_pause_early_is_asked_the_next_working_day(grow: World) -> None:
    bram, noor = couple(grow)
    noor.types("/mentor pause until 30 June")
    days_pass(grow, 15)
    assert days(grow, bram) == days(grow, noor) == []
    noor.types("/mentor resume")  # Tuesday 17 March
    days_pass(grow, 2)
    assert [at.date().day for at in asked_at(grow, noor)] == [18]
    assert [at.date().day for at in asked_at(grow, bram)] == [18]


def test_who_was_deactivated_is_not_asked(grow: World) -> None:
    _, noor = couple(grow)
    with grow.database.transaction() as session:
        session.get_one(type(noor.row), noor.row.id).active = False
    days_pass(grow, 30)
    assert days(grow, noor) == []


# --- once ---


def test_however_often_the_jobs_run_each_is_asked_once(grow: World) -> None:
    bram, noor = couple(grow)
    grow.now += WEEK + HALF_AN_HOUR
    for _ in range(5):
        grow.tick()
    with ThreadPoolExecutor(4) as threads:
        done = [
            threads.submit(clock.run_job, grow.database, NUDGES, grow.content, grow.now)
            for _ in range(8)
        ]
        assert all(job.exception() is None for job in done)
    assert len(asked_at(grow, bram)) == len(asked_at(grow, noor)) == 1
    assert len(grow.rows(select(CheckIn))) == 2


def test_several_processes_at_the_same_moment_ask_each_person_once(grow: World) -> None:
    bram, noor = couple(grow)
    grow.now += WEEK + HALF_AN_HOUR
    with ThreadPoolExecutor(4) as threads:
        done = [
            threads.submit(clock.run_job, grow.database, NUDGES, grow.content, grow.now)
            for _ in range(8)
        ]
        assert all(job.exception() is None for job in done)
    assert len(asked_at(grow, bram)) == len(asked_at(grow, noor)) == 1
    assert len(grow.rows(select(CheckIn))) == 2


@pytest.mark.parametrize("weeks", [1, 5])
def test_after_a_long_silence_of_the_bot_each_is_asked_once_and_then_at_the_rhythm(
    grow: World, weeks: int
) -> None:
    bram, _ = couple(grow)
    grow.now += (1 + weeks) * WEEK + DAY  # a Tuesday
    days_pass(grow, 5)
    assert len(asked_at(grow, bram)) == 1
    days_pass(grow, 2)
    assert len(asked_at(grow, bram)) == 2
    assert asked_at(grow, bram)[1].strftime("%A %H:%M") == "Monday 10:00"


def test_after_the_programme_nothing_is_asked_however_late_it_is_noticed(world: World) -> None:
    world.programme(weeks=2)
    bram, noor = couple(world)
    days_pass(world, 8)
    assert days(world, bram) == ["9 Mar 10:00"]
    noor.presses(RemindLater)
    world.now += 9 * DAY  # the programme ended yesterday; a check-in fell due on its last day
    days_pass(world, 30)
    assert days(world, bram) == days(world, noor) == ["9 Mar 10:00"]
    assert {row.ask_at for row in world.rows(select(Member))} == {None}


def test_on_the_last_day_later_is_no_choice(world: World) -> None:
    world.programme(weeks=1)
    _, noor = couple(world)
    world.passes(days=7, hours=1)
    [mine] = check_ins(world, noor)
    assert {type(action) for action in noor.offers} == {AnswerCheckIn, RunCommand}
    noor.forges(RemindLater(mine.id))
    assert check_ins(world, noor)[0].remind_at is None
    answers(noor)
    assert check_ins(world, noor)[0].answer is CheckInAnswer.MET


# --- one tap ---


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize("answer", list(CheckInAnswer))
def test_one_tap_answers_for_oneself(grow: World, locale: str, answer: CheckInAnswer) -> None:
    bram, noor = couple(grow, locales=("en", locale))
    days_pass(grow, 8)
    assert "Bram" in noor.sees
    asked = [AnswerCheckIn] * 3 + [RemindLater, RunCommand]
    assert [type(action) for action in noor.offers] == asked
    answers(noor, answer.value)
    then = [AnswerFit] * 3 if answer is CheckInAnswer.MET else []
    assert [type(action) for action in noor.offers] == then
    [mine], [other] = check_ins(grow, noor), check_ins(grow, bram)
    assert (mine.answer, mine.answered_at) == (answer, grow.now)
    assert other.answer is None
    assert len(bram.received) == 2  # the announcement and the question: not what she answered


def test_the_last_tap_counts_and_the_two_may_disagree(grow: World) -> None:
    bram, noor = couple(grow)
    days_pass(grow, 8)
    [mine] = check_ins(grow, noor)
    answers(noor, "not_yet")
    noor.forges(AnswerCheckIn(mine.id, "met"))
    answers(bram, "not_yet")
    assert check_ins(grow, noor)[0].answer is CheckInAnswer.MET
    assert check_ins(grow, bram)[0].answer is CheckInAnswer.NOT_YET


def test_somebody_elses_or_a_made_up_check_in_cannot_be_answered(grow: World) -> None:
    bram, noor = couple(grow)
    days_pass(grow, 8)
    [mine] = check_ins(grow, noor)
    before = [row.model_dump() for row in grow.rows(select(CheckIn))]
    for id_ in (mine.id, 0, -1, 999, 2**31, 2**63, 10**30):
        for action in (AnswerCheckIn(id_, "met"), RemindLater(id_)):
            assert meanings(bram.forges(action))
    noor.forges(AnswerCheckIn(mine.id, "bananas"))
    assert [row.model_dump() for row in grow.rows(select(CheckIn))] == before


def test_after_leaving_a_question_is_closed_with_a_kind_word(grow: World) -> None:
    bram, noor = couple(grow, locales=("nl", "nl"))
    days_pass(grow, 8)
    [mine] = check_ins(grow, bram)
    noor.types("/mentor leave")
    noor.presses(noor.offers[0])
    for action in (AnswerCheckIn(mine.id, "met"), RemindLater(mine.id)):
        answer = bram.forges(action)
        assert answer is not None
        assert RunCommand("home") in meanings(answer)
    [row] = check_ins(grow, bram)
    assert (row.answer, row.remind_at) == (None, None)
    heard = len(bram.received)
    days_pass(grow, 21)
    assert len(bram.received) == heard


# --- later ---


def test_later_is_the_next_working_day_once(grow: World) -> None:
    _, noor = couple(grow, noor={"working_days": "135"})
    days_pass(grow, 8)  # Tuesday 10 March
    noor.presses(RemindLater)
    assert "Wednesday 11 March" in noor.sees
    assert noor.buttons == []
    days_pass(grow, 5)
    assert days(grow, noor) == ["9 Mar 10:00", "11 Mar 09:00"]
    assert {type(action) for action in noor.offers} == {AnswerCheckIn, RunCommand}
    answers(noor, "planned")
    assert check_ins(grow, noor)[0].answer is CheckInAnswer.PLANNED
    assert len(check_ins(grow, noor)) == 1


def test_who_works_at_night_is_not_asked_again_after_midnight(grow: World) -> None:
    _, noor = couple(grow, noor={"work_start": time(22), "work_end": time(6)})
    grow.passes(HALF_AN_HOUR, days=7, hours=12, minutes=30)  # 22:30 in Amsterdam
    noor.presses(RemindLater)
    grow.passes(HALF_AN_HOUR, days=2)
    assert days(grow, noor) == ["9 Mar 22:00", "10 Mar 22:00"]


def test_an_answer_meanwhile_makes_the_reminder_needless(grow: World) -> None:
    _, noor = couple(grow)
    days_pass(grow, 8)
    [mine] = check_ins(grow, noor)
    noor.presses(RemindLater)
    noor.forges(AnswerCheckIn(mine.id, "met"))
    days_pass(grow, 4)
    assert days(grow, noor) == ["9 Mar 10:00"]


def test_a_reminder_and_the_next_check_in_do_not_come_on_one_day(grow: World) -> None:
    _, noor = couple(grow, noor={"working_days": "1"})
    days_pass(grow, 8)
    noor.presses(RemindLater)  # her next working day is that of the next check-in
    days_pass(grow, 14)
    assert days(grow, noor) == ["9 Mar 10:00", "16 Mar 09:00", "23 Mar 09:00"]
    asked = {action.check_in for action in noor.offers if isinstance(action, AnswerCheckIn)}
    assert asked == {check_ins(grow, noor)[-1].id}
