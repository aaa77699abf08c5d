"""Workspaces do not wait for each other, and none gets more than it takes."""

from __future__ import annotations

from scheduler.delivery import BATCH
from tests.posting import SENT
from tests.slack.fake_slack import (
    limited,
)
from tests.slack.posting import POST, Office, tell
from tests.world import World


def test_a_workspace_that_asks_to_wait_does_not_slow_another_down(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", "U1")
        office.slack.script(POST, limited(30))
        await office.goes_round()
        office.promises("T1", *(f"U{n}" for n in range(9)))
        office.promises("T2", *(f"U{n}" for n in range(9)))
        await office.goes_round()
        assert len(office.posted("T1")) == 1
        assert len(office.posted("T2")) == 9
        office.passes(29)
        await office.goes_round()
        assert len(office.posted("T1")) == 1
        office.passes(2)
        await office.goes_round()
        assert office.states() == [SENT] * len(office.rows())

    tell(world, story)


def test_one_letter_need_not_wait_for_five_hundred_of_another_workspace(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", *(f"U{n}" for n in range(500)))
        office.promises("T2", "U1")
        await office.goes_round()
        teams = [call.team for call in office.slack.calls]
        assert teams.index("T2") <= 2 * BATCH
        assert teams.count("T1") == 200  # as much as a minute holds
        office.passes(61)
        await office.goes_round()
        office.passes(61)
        await office.goes_round()
        assert office.states() == [SENT] * 501
        assert len(office.posted()) == 500

    tell(world, story)


def test_more_than_a_minute_holds_waits_for_the_next_and_is_no_failure(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", *(f"U{n}" for n in range(25)))
        for rounds in (10, 20, 25):
            await office.goes_round()
            assert office.states().count(SENT) == rounds
            office.passes(61)
        assert {row.attempts for row in office.rows()} == {1}

    tell(world, story, per_minute=10)


def test_in_one_channel_all_arrives_in_order_a_second_apart(world: World) -> None:
    async def story(office: Office) -> None:
        office.promises("T1", *["C1"] * (BATCH + 5))
        await office.goes_round()
        office.passes(1)  # a channel rests before another process may write in it
        await office.goes_round()
        words = [f"letter {number}" for number in range(BATCH + 5)]
        assert office.slack.stands("C1") == words
        assert office.time.now >= BATCH + 4

    tell(world, story)
