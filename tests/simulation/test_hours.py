"""A clock that is wound passes over quiet hours, and over nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.core.messages import say
from bot.simulation.hours import AT_A_LOOK, ahead
from bot.simulation.tour import left_to
from storage import outbox
from storage.models import Person
from tests.simulation.office import MONDAY, office

pytestmark = pytest.mark.any_database


def test_the_clock_stops_where_a_job_or_a_letter_waits(tmp_path: Path) -> None:
    with office(tmp_path) as place:
        place.bot.tick()
        week = [MONDAY + timedelta(hours=n) for n in range(1, 7 * 24)]
        digest = datetime(2026, 3, 6, 8, tzinfo=UTC)  # Friday at nine, in Amsterdam
        assert week[place.bot.idle(week)] == digest
        with place.database.transaction() as session:
            mila = session.exec(select(Person).where(Person.name == "Mila Steenbergen")).one()
            outbox.promise(session, mila, say("Hello"), key="x:1", now=week[20])
        assert place.bot.idle(week) == 20
        assert place.bot.idle(week[:20]) == 20


def test_at_the_end_stands_what_was_left_to_the_visitor(tmp_path: Path) -> None:
    def left(visited: set[str]) -> list[str]:
        with place.database.look() as session:
            return [one.one for one in left_to(visited, session, place.now)]

    with office(tmp_path) as place:
        assert left({"noor"}) == []
        [nobody_yet] = left({"thomas"})
        assert "nobody is matched yet" in nobody_yet
        for user in ("kavya", "mila", "joris", "fatima"):
            actor = place.autopilot.actors[user]
            actor.hands = place.bot.person(user)
            actor.joins()
        place.bot.person("thomas").types("/mentor match")
        place.bot.tick()
        [review] = left({"thomas"})
        assert "review and announce" in review


def test_hours_are_whole_and_end_where_they_should() -> None:
    begin = MONDAY + timedelta(minutes=17)
    assert ahead(begin, MONDAY + timedelta(minutes=150)) == [
        MONDAY + timedelta(hours=1),
        MONDAY + timedelta(hours=2),
        MONDAY + timedelta(minutes=150),
    ]
    assert len(ahead(begin, begin + timedelta(weeks=1))) == AT_A_LOOK
    assert ahead(begin, MONDAY) == [begin]  # what was due before is due now
