"""When the waves of a survey open and close, and who hears how it went."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from scheduler import surveys as job
from storage import surveys
from storage.models import (
    Delivery,
    Moment,
    Participant,
    ParticipantState,
    Programme,
    ProgrammeState,
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
    waves,
)
from tests.world import World

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def moments_of(world: World) -> list[Moment]:
    return [wave.moment for wave in waves(world) if wave.state is WaveState.OPEN]


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 800))
def test_waves_open_within_the_programme_in_order_and_well_apart(
    starts_on: date, days: int
) -> None:
    ends_on = starts_on + timedelta(days=days)
    found = surveys.moments(starts_on, ends_on)
    days_open = [found[moment] for moment in Moment if moment in found]
    assert days_open == sorted(days_open)
    assert all(starts_on <= day <= ends_on for day in days_open)
    assert all(late - early > surveys.OPEN_FOR for early, late in pairwise(days_open))
    assert Moment.END in found
    assert len(found) == 3 or days < 56


def test_a_half_year_has_a_wave_after_two_weeks_half_way_and_two_weeks_before_the_end() -> None:
    assert surveys.moments(date(2026, 3, 2), date(2026, 8, 31)) == {
        Moment.START: date(2026, 3, 16),
        Moment.MIDDLE: date(2026, 6, 1),
        Moment.END: date(2026, 8, 17),
    }


def test_waves_are_planned_once_by_the_programmes_own_clock(world: World) -> None:
    programme = world.programme(time_zone="America/New_York")
    with world.database.transaction() as session:
        surveys.plan_waves(session, session.get_one(Programme, programme))
    assert [wave.opens_at for wave in waves(world)] == [
        datetime(2026, 3, 16, 8, tzinfo=ZoneInfo("America/New_York")),
        datetime(2026, 6, 1, 8, tzinfo=ZoneInfo("America/New_York")),
        datetime(2026, 8, 17, 8, tzinfo=ZoneInfo("America/New_York")),
    ]


def test_the_first_wave_waits_until_pairs_have_had_two_weeks(world: World) -> None:
    programme = world.programme()
    at(world, FIRST_SURVEY)
    assert moments_of(world) == []
    world.now = FIRST_SURVEY + 3 * DAY
    cohort(world, programme=programme)
    at(world, FIRST_SURVEY + 16 * DAY)
    assert moments_of(world) == []
    at(world, FIRST_SURVEY + 17 * DAY)
    assert moments_of(world) == [Moment.START]
    assert waves(world)[0].closes_at == datetime(2026, 4, 12, 18, tzinfo=AMSTERDAM)


def test_a_wave_that_opens_late_is_open_for_its_ten_days_all_the_same(world: World) -> None:
    cohort(world)
    at(world, FIRST_SURVEY + 30 * DAY)
    assert moments_of(world) == [Moment.START]
    assert waves(world)[0].closes_at == datetime(2026, 4, 25, 18, tzinfo=AMSTERDAM)


def test_after_a_long_silence_only_the_latest_wave_opens(world: World) -> None:
    people = cohort(world)
    at(world, FIRST_SURVEY + 26 * WEEK)
    assert moments_of(world) == [Moment.END]
    assert all(person.buttons.count("Send my answers") == 1 for person in people)


def test_a_programme_that_never_made_a_pair_asks_nobody_and_stops_looking(world: World) -> None:
    world.programme()
    with world.database.transaction() as session:
        done = [
            job.open_and_close_waves(session, FIRST_SURVEY + day * DAY) for day in range(40 * 7)
        ]
    assert {wave.state for wave in waves(world)} == {WaveState.CLOSED}
    assert invites(world) == []
    assert not any(done[26 * 7 :])


def test_an_archived_programme_asks_nothing_more(world: World) -> None:
    people = cohort(world)
    world.now = FIRST_SURVEY - timedelta(hours=1)
    world.tick()
    with world.database.transaction() as session:
        session.get_one(Programme, 1).state = ProgrammeState.ARCHIVED
    at(world, FIRST_SURVEY)
    assert not any(asked(people))
    at(world, FIRST_SURVEY + 40 * WEEK)
    assert {wave.state for wave in waves(world)} == {WaveState.CLOSED}
    assert len(invites(world)) == 10


def test_the_results_wait_until_a_coordinator_is_at_work(world: World) -> None:
    cohort(world, 1, 1)
    thomas = world.coordinator("Thomas")
    at(world, FIRST_SURVEY)
    at(world, datetime(2026, 3, 26, 18, 5, tzinfo=AMSTERDAM))
    assert waves(world)[0].state is WaveState.CLOSED
    assert "what people told us" not in thomas.sees
    at(world, datetime(2026, 3, 27, 9, 5, tzinfo=AMSTERDAM))
    assert "what people told us" in "".join(thomas.all_seen)


def test_a_survey_that_reached_nobody_has_no_results(world: World) -> None:
    cohort(world, 1, 1)
    thomas = world.coordinator("Thomas")
    with world.database.transaction() as session:
        for participant in session.exec(select(Participant)):
            participant.state = ParticipantState.LEFT
    at(world, FIRST_SURVEY)
    at(world, AFTER_IT)
    assert waves(world)[0].state is WaveState.CLOSED
    assert "what people told us" not in "".join(thomas.all_seen)


def test_the_results_go_to_the_coordinators_alone(world: World) -> None:
    people = cohort(world)
    thomas = world.coordinator("Thomas", "nl")
    at(world, FIRST_SURVEY)
    for number, person in enumerate(people):
        answers(person, useful=str(1 + number % 5), on_track="3", tell=f"Comment {number}")
    at(world, AFTER_IT)
    assert "10 of 10" in thomas.sees or "10 van de 10" in thomas.sees
    assert all(f"Comment {number}" in thomas.sees for number in range(10))
    assert all("Comment" not in person.sees for person in people)
    channel = [d.message for d in world.rows(select(Delivery)) if d.person_id is None]
    assert "Comment" not in "".join(channel)
