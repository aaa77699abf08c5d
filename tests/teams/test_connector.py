"""What is asked of Teams, over real HTTP and the real SDK: as it is, patiently, and never in the open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.core.platform import Unreachable, Why
from bot.platforms.teams.connector import MEMBERS_APART, Connector
from bot.platforms.teams.failures import NotArrived
from tests.teams.fake_connector import (
    BAD_GATEWAY,
    BOT,
    BUSY,
    FakeConnector,
    Json,
    Outcome,
    connected,
)
from tests.virtual_time import Time

Story = Callable[[FakeConnector, Connector], Coroutine[Any, Any, None]]
HELLO = {"type": "message", "text": "hello", "summary": "hello"}
POST = "/activities"


def tell(story: Story, time: Time | None = None, **given: Any) -> None:
    async def whole() -> None:
        clock = time or Time()
        async with connected(clock=clock, sleep=clock.sleep, **given) as (teams, connector):
            await story(teams, connector)

    asyncio.run(whole())


# --- what goes out ---


def test_a_message_goes_out_as_it_is_with_from_whom_and_to_whom() -> None:
    activity = {
        **HELLO,
        "channelData": {"tenant": {"id": "t1"}},
        "attachments": [{"contentType": "image/png", "contentUrl": "data:", "alt": "kept"}],
        "nobody": {"knows": ["this", None, 1.5, "é 🌱"]},
    }

    async def story(teams: FakeConnector, connector: Connector) -> None:
        assert await connector.send(teams.personal("noor"), activity) == "1"
        [call] = teams.called(POST)
        assert call.path == "conversations/a%3Anoor/activities"
        assert call.said == {
            **activity,
            "from": {"id": BOT},
            "recipient": {"id": "29:noor"},
            "conversation": {"id": "a:noor"},
        }

    tell(story)


def test_what_an_activity_says_of_itself_is_left_as_it_is() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        where = {"id": "a:noor", "tenantId": "t1"}  # which the SDK's model would lose
        await connector.send(teams.personal("noor"), {**HELLO, "conversation": where})
        assert teams.called(POST)[0].said["conversation"] == where

    tell(story)


def test_an_answer_in_a_channel_goes_under_its_message() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        await connector.send(teams.channel(), HELLO, thread="1700")
        assert teams.stands("19:general@thread.tacv2;messageid=1700") == ["hello"]

    tell(story)


@pytest.mark.parametrize("status", [200, 201, 202])
def test_teams_may_say_yes_in_three_ways(status: int) -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.accepts = status
        assert await connector.send(teams.personal("noor"), HELLO) == "1"

    tell(story)


def test_a_yes_without_words_is_a_yes() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.script(POST, Outcome(202, text="", after=True))
        assert await connector.send(teams.personal("noor"), HELLO) == ""

    tell(story)


def test_a_message_is_replaced_where_it_stands() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        noor = teams.personal("noor")
        id = await connector.send(noor, HELLO)
        teams.script("PUT", BUSY, BAD_GATEWAY)
        await connector.update(noor, id, {**HELLO, "summary": "thanks"})
        assert teams.stands("a:noor") == ["thanks"]
        teams.always("PUT", Outcome(404, "ActivityNotFoundInConversation"))
        with pytest.raises(NotArrived):
            await connector.update(noor, id, HELLO)

    tell(story)


# --- what comes back ---


def test_a_chat_with_somebody_begins_with_who_and_where() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        assert await connector.begin(teams.channel(), "t1", "29:noor") == "a:noor"
        [call] = teams.called("POST conversations")
        assert call.said["bot"] == {"id": BOT}
        assert call.said["members"] == [{"id": "29:noor"}]
        assert call.said["channelData"] == {"tenant": {"id": "t1"}}
        teams.script("POST conversations", Outcome(403, "ForbiddenOperationException"))
        with pytest.raises(Unreachable) as caught:
            await connector.begin(teams.channel(), "t1", "29:noor")
        assert caught.value.why is Why.CLOSED

    tell(story)


def test_members_come_page_by_page_and_no_faster_than_teams_likes() -> None:
    time = Time()

    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.pages["19:team@thread.tacv2"] = [[{"id": f"29:{n}"}] for n in range(20)]
        pages = connector.members(teams.channel(), "19:team@thread.tacv2")
        assert [page[0]["id"] async for page in pages] == [f"29:{n}" for n in range(20)]
        assert sum(time.slept) == pytest.approx(19 * MEMBERS_APART)
        assert "pageSize=500" in teams.calls[0].path

    tell(story, time)


def test_whoever_asks_for_members_at_the_same_time_waits_in_one_line() -> None:
    time = Time()

    async def story(teams: FakeConnector, connector: Connector) -> None:
        noor = teams.personal("noor")
        await asyncio.gather(*(connector.member(noor, "29:noor") for _ in range(16)))
        assert len(teams.calls) == 16
        assert time.slept == pytest.approx([MEMBERS_APART] * 15)  # each after the one before it

    tell(story, time)


def test_a_member_and_the_channels_of_a_team_are_told_as_they_are() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        general: Json = {"id": "19:team@thread.tacv2", "name": None}
        channels = [general, {"id": "19:b", "name": "Mentors"}]
        teams.teams["19:team@thread.tacv2"] = ("Waterkant", channels)
        told = await connector.member(teams.channel(), "29:noor")
        assert told["aadObjectId"] == "noor"
        assert await connector.channels(teams.channel()) == channels
        assert (await connector.team(teams.channel()))["name"] == "Waterkant"

    tell(story)


def test_whoever_gives_up_waiting_in_that_line_takes_no_turn() -> None:
    """Else a crowd that comes at once would keep everybody after it waiting for minutes."""
    time, asleep = Time(), asyncio.Event()

    async def story(teams: FakeConnector, connector: Connector) -> None:
        noor = teams.personal("noor")
        await connector.member(noor, "29:noor")
        connector._sleep = lambda _: asleep.wait()
        crowd = [asyncio.create_task(connector.member(noor, "29:noor")) for _ in range(50)]
        await asyncio.sleep(0.01)
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        connector._sleep = time.sleep
        await connector.member(noor, "29:noor")
        assert sum(time.slept) <= 2 * MEMBERS_APART

    tell(story, time)


@pytest.mark.parametrize("text", ["", "[]", "{", "<html>", '{"members": {"id": 1}}', "7"])
def test_rubbish_is_no_list_of_members(text: str) -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.always("GET", Outcome(200, text=text))
        found: list[Any] = []
        try:
            found = [page async for page in connector.members(teams.channel())]
        except NotArrived:
            return
        assert found == [[]]

    tell(story)


def test_a_list_that_never_ends_is_left_at_its_second_same_page() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        same = '{"members": [{"id": "29:noor"}], "continuationToken": "x"}'
        teams.always("GET", Outcome(200, text=same))
        assert len([page async for page in connector.members(teams.channel())]) == 2

    tell(story)
