"""Survey waves: when they open, whom they reach, who hears of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from scheduler import surveys as job
from storage import programmes, surveys
from storage.models import (
    Delivery,
    Invite,
    ParticipantState,
    Programme,
    WaveState,
)
from tests.cohort import (
    AFTER_IT,
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
from tests.world import MONDAY, World

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


# --- whom, and when ---


def test_people_are_asked_at_ten_on_their_own_clock_and_on_a_day_they_work(world: World) -> None:
    world.programme()
    pair(
        world,
        world.person("Auckland", time_zone="Pacific/Auckland", country="NZ"),
        world.person("Tuesday", working_days="2"),
    )
    at(world, FIRST_SURVEY)
    times = {i.person_id: i.ask_at for i in invites(world)}
    assert times == {
        1: datetime(2026, 3, 17, 10, tzinfo=ZoneInfo("Pacific/Auckland")),
        2: datetime(2026, 3, 17, 10, tzinfo=AMSTERDAM),
    }
    assert asked([*world.people.values()]) == [False, False]
    at(world, datetime(2026, 3, 17, 9, 1, tzinfo=UTC))
    assert asked([*world.people.values()]) == [False, True]  # 22:01 in Auckland
    at(world, datetime(2026, 3, 17, 21, 1, tzinfo=UTC))
    assert asked([*world.people.values()]) == [True, True]


def test_who_is_paused_is_asked_when_back_if_the_survey_is_still_open(world: World) -> None:
    people = cohort(world, 3, 3)
    back = {0: FIRST_SURVEY + 4 * DAY, 1: FIRST_SURVEY + 20 * DAY, 2: FIRST_SURVEY + 20 * DAY}
    with world.database.transaction() as session:
        for number, until in back.items():
            person = whose(session, people[number])
            person.paused_from, person.paused_until = MONDAY, until
    at(world, FIRST_SURVEY)
    assert asked(people) == [False] * 3 + [True] * 3
    with world.database.transaction() as session:  # back earlier than they had thought
        whose(session, people[2]).paused_until = world.now + timedelta(hours=1)
    at(world, FIRST_SURVEY + DAY)
    assert asked(people) == [False, False] + [True] * 4
    at(world, FIRST_SURVEY + 4 * DAY)
    assert asked(people) == [True, False] + [True] * 4
    at(world, FIRST_SURVEY + 20 * DAY)
    assert asked(people) == [True, False] + [True] * 4


def test_who_left_before_being_asked_is_not_asked(world: World) -> None:
    people = cohort(world, 2, 2)
    world.now = FIRST_SURVEY - timedelta(hours=1)
    world.tick()  # invited; it is nine o'clock, too early to ask
    assert len(invites(world)) == 4
    with world.database.transaction() as session:
        programme = session.get_one(Programme, 1)
        gone = programmes.participation(session, whose(session, people[0]), programme)
        assert gone is not None
        gone.state = ParticipantState.LEFT
        whose(session, people[1]).active = False
    at(world, FIRST_SURVEY)
    assert asked(people) == [False, False, True, True]


def test_who_is_paired_after_the_opening_is_asked_the_next_time(world: World) -> None:
    cohort(world, 2, 2)
    at(world, FIRST_SURVEY)
    pair(world, world.person("Late"), world.person("Later"))
    at(world, FIRST_SURVEY + DAY)
    assert len(invites(world)) == 4
    assert world.people["Late"].sees == ""


def test_a_postponed_question_waits_and_never_comes_forward(world: World) -> None:
    cohort(world, 1, 1)
    world.now = FIRST_SURVEY - timedelta(hours=1)
    world.tick()
    ten = datetime(2026, 3, 16, 10, tzinfo=AMSTERDAM)
    with world.database.transaction() as session:
        surveys.postpone(session, 1, FIRST_SURVEY + DAY)
        surveys.postpone(session, 1, FIRST_SURVEY - DAY)
        surveys.postpone(session, 2, None)
    assert [i.ask_at for i in invites(world)] == [FIRST_SURVEY + DAY, None]
    with world.database.look() as session:
        assert surveys.people_due(session, ten + 2 * DAY, 9) == [1]


def test_nobody_is_asked_what_they_could_no_longer_answer(world: World) -> None:
    cohort(world, 1, 1)
    world.now = FIRST_SURVEY - timedelta(hours=1)
    world.tick()
    closes_at = waves(world)[0].closes_at
    with world.database.look() as session:
        assert surveys.people_due(session, closes_at - timedelta(seconds=1), 9) == [1, 2]
        assert surveys.people_due(session, closes_at, 9) == []


def test_those_who_wait_longest_are_asked_first_and_a_batch_is_bounded(world: World) -> None:
    cohort(world, 3, 3)
    world.now = FIRST_SURVEY - timedelta(hours=1)
    world.tick()
    with world.database.transaction() as session:
        for number, invite in enumerate(session.exec(select(Invite).order_by(col(Invite.id)))):
            invite.ask_at = FIRST_SURVEY - timedelta(minutes=number)
    with world.database.look() as session:
        assert surveys.people_due(session, FIRST_SURVEY, 4) == [6, 5, 4, 3]


def test_inviting_goes_in_batches_and_nobody_is_asked_before_everyone_is_invited(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "PEOPLE_A_RUN", 3)
    cohort(world, 4, 4)
    with world.database.transaction() as session:
        assert job.open_and_close_waves(session, FIRST_SURVEY) == 3
    with world.database.look() as session:
        assert surveys.people_due(session, FIRST_SURVEY + DAY, 9) == []
    with world.database.transaction() as session:
        assert job.open_and_close_waves(session, FIRST_SURVEY) == 3
        assert job.open_and_close_waves(session, FIRST_SURVEY) == 2
        assert job.open_and_close_waves(session, FIRST_SURVEY) == 0
    assert len({i.person_id for i in invites(world)}) == len(invites(world)) == 8
    assert waves(world)[0].state is WaveState.OPEN


def test_twenty_runs_of_the_job_do_what_one_does(world: World) -> None:
    people = cohort(world)
    world.coordinator("Thomas")
    for _ in range(20):
        at(world, FIRST_SURVEY)
    assert [len(person.all_seen) for person in people] == [1] * 10
    for person in people:
        answers(person)
    for _ in range(20):
        at(world, AFTER_IT)
    results = [d for d in world.rows(select(Delivery)) if ":results:" in d.key]
    assert len(results) == 1
    assert [len(person.all_seen) for person in people] == [1] * 10
