"""Four bots on one PostgreSQL, and one of them is killed again and again: nothing is lost, and nothing
arrives twice where a platform can be asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.platform import Limit
from storage.database import Database
from tests import sealed
from tests.counting import Habits, counting_slack
from tests.replica import Circumstances
from tests.replicas import CHANNELS, PEOPLE, promise, replicas, until

LETTERS, KILLS, AT_LEAST = 100, 2, 5  # each kind's; and on its way when one is killed
HABITS = Habits(Limit(40, 0.5), takes=0.1, silent=25, closes=30)


@pytest.fixture
def server(url: str) -> Iterator[Database]:
    database = sealed.opened(url)
    yield database
    database.close()


@pytest.mark.only_a_server
def test_whoever_is_killed_at_any_moment_loses_nothing_and_keeps_the_pace(
    server: Database, tmp_path: Path
) -> None:
    promise(server, LETTERS, workspaces=2)
    with counting_slack(HABITS) as slack:
        given = Circumstances(
            server.url,
            slack.url,
            HABITS.limit,
            lease=3.0,
            patience=1.0,
            began=time.time(),
            speed=60,
            log=str(tmp_path / "log"),
        )
        with replicas(server, slack, given, 4) as bots:
            for _ in range(KILLS):
                before = sum(slack.arrived.values())
                assert until(lambda: max(slack.busy.values(), default=0) >= AT_LEAST, 20)
                assert until(lambda: sum(slack.arrived.values()) > before, 20)  # noqa: B023
                bots.kill()
            assert until(lambda: bots.left() == 0, 40, every=0.2), bots.left()
            people, channels = bots.came_of(PEOPLE), bots.came_of(CHANNELS)
    for kind in (people, channels):
        assert kind.promised == kind.delivered == kind.noted == LETTERS
    assert people.twice == 0
    assert channels.twice <= channels.at_kills + channels.ambiguous
    assert people.at_kills + channels.at_kills > 0
    assert people.ambiguous > 0
    assert slack.too_many == 0
    assert slack.told_to_wait > 0
