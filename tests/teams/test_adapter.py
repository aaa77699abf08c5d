"""What people do in Teams, from the activity to what they see."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlmodel import select

from bot.core.actions import RunCommand
from bot.core.messages import Message
from bot.dispatcher import Dispatcher
from bot.platforms.teams import adapter, answers
from bot.platforms.teams.places import Places
from storage.models import Identity, SeenEvent, Workspace
from tests.teams import said
from tests.teams.fake_connector import Outcome
from tests.teams.rules import check_card
from tests.teams.said import CHANNEL, NOOR, PRIYA, THOMAS
from tests.teams.tenant import Tenant, buttons, tell, words
from tests.world import World

pytestmark = pytest.mark.any_database


def test_words_are_answered_in_the_private_chat(world: World) -> None:
    async def story(here: Tenant) -> None:
        assert (await here.says(NOOR, "help")).status == 202
        assert await here.until(lambda: here.in_chat(NOOR))
        assert "Iedereen" in words(here.last_card(NOOR)) or "iedereen" in words(
            here.last_card(NOOR)
        )

    tell(world, story)


def test_a_click_is_answered_in_the_place_of_the_card(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        helping = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        reply = await here.clicks(NOOR, helping)
        assert reply.status == 200
        assert reply.json["statusCode"] == 200
        check_card(reply.card)
        assert len(here.in_chat(NOOR)) == 1  # nothing new below

    tell(world, story)


def test_a_click_that_teams_sends_again_gets_the_same_answer_and_counts_once(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        body = said.execute(NOOR, data, service=here.fake.service)
        first, second = await here.sends(body), await here.sends(body)
        assert words(first.card) == words(second.card)

    tell(world, story)
    seen = [row.id for row in world.rows(select(SeenEvent))]
    assert len(seen) == len(set(seen)) == 2


def test_a_click_of_an_older_client_changes_the_card(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        before = here.in_chat(NOOR)
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        assert (await here.submits(NOOR, data, "1")).status == 202
        assert await here.until(lambda: here.in_chat(NOOR) != before)
        assert len(here.in_chat(NOOR)) == 1

    tell(world, story)


def test_a_card_that_cannot_be_changed_any_more_is_answered_below(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        here.fake.always("PUT", Outcome(404, "ActivityNotFoundInConversation"))
        await here.submits(NOOR, data, "1")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)


def test_nothing_private_is_said_in_a_channel(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.mentions(NOOR, "status")
        assert await here.until(lambda: here.fake.stands(CHANNEL) or here.fake.activities)
        await here.until(lambda: here.in_chat(NOOR))
        in_channel = [
            text for place in here.fake.activities if place.startswith("19:")
            for text in here.fake.stands(place)
        ]  # fmt: skip
        assert [text for text in in_channel if "privébericht" not in text] == []
        assert len(in_channel) == 1
        assert len(here.in_chat(NOOR)) == 1

    tell(world, story)


def test_words_that_answer_openly_elsewhere_are_private_in_a_channel_of_teams(
    world: World,
) -> None:
    """In Slack a channel's answer can be for one pair of eyes; in Teams it cannot."""

    async def story(here: Tenant) -> None:
        await here.mentions(NOOR, "language")
        await here.until(lambda: here.in_chat(NOOR))
        assert "taal" in here.in_chat(NOOR)[0].casefold()

    tell(world, story)


@pytest.mark.parametrize("guard", [8.0, 0.3])
def test_a_click_in_a_channel_is_answered_in_private_however_long_it_takes(
    world: World, monkeypatch: pytest.MonkeyPatch, guard: float
) -> None:
    """What comes late is a message in the channel, for all to read."""
    told = Dispatcher.__call__

    def slow(self: Dispatcher, event: object) -> Message | None:
        time.sleep(0.6 if guard < 1 else 0)
        return told(self, event)  # type: ignore[arg-type]

    async def story(here: Tenant) -> None:
        where = {n: said.mention(NOOR, "")[n] for n in ("conversation", "channelData")}
        data = {"wire": RunCommand("language").encode()}
        reply = await here.clicks(NOOR, data, **where)
        assert await here.until(lambda: here.in_chat(NOOR))
        assert "taal" in here.in_chat(NOOR)[0].casefold()
        assert "taal" not in reply.text.casefold()
        await here.until(lambda: guard > 1 or here.fake.stands(CHANNEL), 1.0)
        assert all("privébericht" in text for text in here.fake.stands(CHANNEL))

    monkeypatch.setattr(Dispatcher, "__call__", slow)
    tell(world, story, guard=guard)


def test_a_channel_that_was_only_talked_in_is_remembered_as_a_channel(world: World) -> None:
    async def story(here: Tenant) -> None:
        await here.mentions(NOOR, "help", thread="1700000000001")
        await here.until(lambda: here.in_chat(NOOR))
        [call] = [c for c in here.fake.called("POST") if "19%3Amentoring" in c.path]
        assert "messageid%3D1700000000001" in call.path

    tell(world, story)


def test_what_takes_long_is_answered_after_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = Dispatcher.__call__

    def slow(self: Dispatcher, event: object) -> Message | None:
        time.sleep(0.6)
        return slowly(self, event)  # type: ignore[arg-type]

    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        before = here.in_chat(NOOR)
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        began = time.monotonic()
        reply = await here.clicks(NOOR, data, "1")
        assert time.monotonic() - began < 0.55
        assert reply.json == answers.WAIT
        assert await here.until(lambda: here.in_chat(NOOR) != before)
        assert len(here.in_chat(NOOR)) == 1

    monkeypatch.setattr(Dispatcher, "__call__", slow)
    tell(world, story, guard=0.3)


def test_what_fails_says_so_kindly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        monkeypatch.setattr(Dispatcher, "__call__", lambda *_: 1 / 0)
        reply = await here.clicks(NOOR, data)
        assert "misgegaan" in words(reply.card) or "mis" in words(reply.card)
        await here.says(NOOR, "help")
        assert await here.until(lambda: len(here.in_chat(NOOR)) == 2)

    tell(world, story)


def test_a_click_is_answered_also_when_where_it_was_cannot_be_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise OSError

    async def story(here: Tenant) -> None:
        await here.installs(NOOR)
        await here.until(lambda: here.in_chat(NOOR))
        data = buttons(here.last_card(NOOR))["Wat kun jij allemaal?"]
        monkeypatch.setattr(Places, "heard", fails)
        check_card((await here.clicks(NOOR, data)).card)

    tell(world, story)


def test_a_button_of_another_time_is_out_of_date(world: World) -> None:
    async def story(here: Tenant) -> None:
        for wire in ('["NoSuchAction",{}]', "rubbish", ""):
            check_card((await here.clicks(NOOR, {"wire": wire})).card)

    tell(world, story)


@pytest.mark.parametrize(
    "more",
    [
        {"channelId": "webchat"},
        {"conversation": {}},
        {"from": {"id": "28:robot", "name": "Robot"}},
        {"type": "messageReaction"},
        {"type": "typing"},
        {"channelData": {}, "conversation": {"id": "a:noor"}},
    ],
)
def test_what_is_not_for_us_is_heard_and_left_alone(world: World, more: said.Json) -> None:
    async def story(here: Tenant) -> None:
        assert (await here.says(NOOR, "help", **more)).status == 202
        await asyncio.sleep(0.1)
        assert not here.fake.called("POST")

    tell(world, story)
    assert world.rows(select(Identity)) == []


def test_the_bot_stops_in_time_also_while_teams_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "GUARD", 0.3)

    async def story(here: Tenant) -> None:
        here.fake.always("/members/", Outcome(hang=True))
        await here.installs(NOOR)

    began = time.monotonic()
    tell(world, story)
    assert time.monotonic() - began < 8


def test_many_people_at_once_are_each_answered_in_their_own_chat(world: World) -> None:
    async def story(here: Tenant) -> None:
        crowd = (NOOR, THOMAS, PRIYA)
        await asyncio.gather(*(here.says(who, "help") for who in crowd for _ in range(2)))
        for who in crowd:
            assert await here.until(lambda who=who: len(here.in_chat(who)) == 2)  # type: ignore[misc]

    tell(world, story)
    assert [w.platform for w in world.rows(select(Workspace))].count("teams") == 1
