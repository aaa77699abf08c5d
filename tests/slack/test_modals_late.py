"""Forms for which there is no window, or no time: they are shown as cards and mean the same."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlmodel import select

from storage.models import Programme
from tests.slack.fake_slack import Outcome
from tests.slack.office import TEAM, Office
from tests.slack.rules import shown
from tests.slack.test_adapter import tell
from tests.slack.windows import (
    BRAM,
    CHAT,
    GOAL,
    SAVE,
    USER,
    filled,
    kept,
    profile,
    runs,
    settings,
    told,
    window,
    wire,
)
from tests.world import World

EXPIRED = Outcome("expired_trigger_id")


def slowly(here: Office, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """From now on the bot answers when it is let."""
    act, gate = here.app.act, asyncio.Event()

    async def slow(event: Any) -> Any:
        await gate.wait()
        return await act(event)

    monkeypatch.setattr(here.app, "act", slow)
    return gate


# --- when a window does not open ---


def test_a_form_for_which_it_is_too_late_is_a_card_that_works_as_well(world: World) -> None:
    async def story(here: Office) -> None:
        here.fake.always("views.open", EXPIRED)
        url = here.response_url()
        await here.clicks(USER, await profile(here, world), response_url=url)
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert put["replace_original"]
        blocks = put["blocks"]
        before = kept(world)
        for goal in ("", GOAL):
            url = here.response_url()
            state = filled(blocks, goal=goal)
            await here.clicks(USER, wire(blocks, SAVE), state=state, response_url=url)
            [put] = await here.until(partial(here.fake.responses.get, url))
            if not goal:
                assert kept(world) == before
                blocks = put["blocks"]  # the form again, with what is wrong
        assert GOAL in shown(put["blocks"])
        assert told(world)["goal"] == [GOAL]

    tell(world, story, BRAM)


def test_settings_for_which_it_is_too_late_are_a_card_in_the_chat(world: World) -> None:
    async def story(here: Office) -> None:
        here.fake.always("views.open", EXPIRED)
        runs(world, "Bram Jansen")
        url = here.response_url()
        reply = await here.command(USER, "settings", channel=CHAT, response_url=url)
        assert reply.text == ""
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert put["response_type"] == "in_channel"
        state = filled(put["blocks"], name="Grow on")
        url = here.response_url()
        await here.clicks(USER, wire(put["blocks"], SAVE), state=state, response_url=url)
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert "Grow on" in shown(put["blocks"])
        assert world.rows(select(Programme))[0].name == "Grow on"

    tell(world, story, BRAM)


def test_settings_that_nothing_can_show_are_a_message(world: World) -> None:
    async def story(here: Office) -> None:
        here.fake.always("views.open", EXPIRED)
        here.fake.response_status = 500
        runs(world, "Bram Jansen")
        await here.command(USER, "settings", channel=CHAT)
        assert await here.until(lambda: here.in_chat(USER))

    tell(world, story, BRAM)


# --- when it takes long ---


def test_what_takes_too_long_closes_the_window_and_shows_on_the_card_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(here: Office) -> None:
        view, url = await window(here, world)
        gate = slowly(here, monkeypatch)
        reply = await here.submits(USER, view, filled(view["blocks"], goal=GOAL))
        assert (reply.status, reply.text) == (200, "")
        assert here.fake.responses == {}
        gate.set()
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert GOAL in shown(put["blocks"])
        assert told(world)["goal"] == [GOAL]

    tell(world, story, BRAM, guard=0.3)


@pytest.mark.parametrize(("name", "says"), [("Grow on", "Grow on"), ("", "Settings of Grow")])
def test_what_takes_too_long_in_a_window_of_a_command_is_told_in_the_chat(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, says: str
) -> None:
    async def story(here: Office) -> None:
        view = await settings(here, world)
        gate = slowly(here, monkeypatch)
        reply = await here.submits(USER, view, filled(view["blocks"], name=name))
        assert (reply.status, reply.text) == (200, "")
        assert here.in_chat(USER) == []
        gate.set()
        assert await here.until(lambda: here.in_chat(USER))
        [said] = here.fake.called("chat.postMessage", TEAM)
        assert says in str(said)

    tell(world, story, BRAM, guard=0.3)


def test_a_form_that_comes_too_late_for_its_window_is_a_card(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(here: Office) -> None:
        opens, url = await profile(here, world), here.response_url()
        gate = slowly(here, monkeypatch)
        here.fake.always("views.open", EXPIRED)
        assert (await here.clicks(USER, opens, response_url=url)).status == 200
        gate.set()
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert wire(put["blocks"], SAVE)

    tell(world, story, BRAM, guard=0.3)
