"""Requests signed as Slack signs them, to the running bot; what comes back, and by which way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select

from bot.core.actions import RunCommand
from storage.models import SeenEvent
from tests.slack.fake_slack import Json, Outcome
from tests.slack.office import SECRET, TEAM, Office, account, office
from tests.slack.test_wire import payload
from tests.world import World

pytestmark = pytest.mark.any_database

NOOR = account("U01NOOR", "Noor Visser", "nl-NL")
BRAM = account("U02BRAM", "Bram Jansen")
HELP = RunCommand("help").encode()
Story = Callable[[Office], Awaitable[None]]


def tell(world: World, story: Story, *people: Json, **options: Any) -> None:
    async def told() -> None:
        async with office(world, *(people or (NOOR, BRAM)), **options) as here:
            await story(here)

    asyncio.run(told())


def seen(blocks_: object) -> str:
    return str(blocks_)


# --- who is let in ---


@pytest.mark.parametrize("how", [{"secret": "another"}, {"age": 301}, {"secret": SECRET + " "}])
def test_a_request_that_slack_did_not_sign_now_changes_nothing(
    world: World, how: dict[str, Any]
) -> None:
    async def story(here: Office) -> None:
        body = {"command": "/mentor", "user_id": "U9", "channel_id": "C1", "trigger_id": "t"}
        reply = await here.sends({**body, "team_id": TEAM, "text": "help"}, form=True, **how)
        assert reply.status == 401

    tell(world, story)
    assert not world.rows(select(SeenEvent))


def test_a_body_that_is_no_request_is_refused_and_hurts_nobody(world: World) -> None:
    async def story(here: Office) -> None:
        for body in ({"type": "event_callback"}, {"type": "block_actions"}, {"type": "nonsense"}):
            assert (await here.sends(body)).status < 500
        assert (await here.command("U01NOOR", "help")).status == 200

    tell(world, story)


# --- answers ---


def test_a_command_in_a_channel_is_answered_to_one_person_and_the_rest_in_private(
    world: World,
) -> None:
    async def story(here: Office) -> None:
        reply = await here.command("U01NOOR", "help")
        assert reply.json["response_type"] == "ephemeral"
        assert "privébericht" in reply.json["text"]
        assert await here.until(lambda: here.in_chat("U01NOOR"))

    tell(world, story)


def test_a_command_in_the_private_chat_is_answered_there(world: World) -> None:
    async def story(here: Office) -> None:
        reply = await here.command("U02BRAM", "help", channel="DU02BRAM")
        assert reply.json["response_type"] == "in_channel"
        assert "mentor join" in seen(reply.json["blocks"])
        assert here.in_chat("U02BRAM") == []

    tell(world, story)


def test_a_command_between_two_colleagues_is_not_answered_before_both(world: World) -> None:
    async def story(here: Office) -> None:
        reply = await here.command("U02BRAM", "help", channel="D_OF_TWO")
        assert reply.json["response_type"] == "ephemeral"
        assert "mentor join" not in seen(reply.json["blocks"])

    tell(world, story)


def test_words_in_the_private_chat_are_answered_there_once(world: World) -> None:
    async def story(here: Office) -> None:
        for retry in range(3):
            reply = await here.types("U02BRAM", "help", event_id="Ev-same")
            assert (reply.status, retry) == (200, retry)
        await here.until(lambda: here.in_chat("U02BRAM"))
        await asyncio.sleep(0.3)
        assert len(here.in_chat("U02BRAM")) == 1

    tell(world, story)


def test_a_press_on_a_button_changes_the_card_it_was_on(world: World) -> None:
    async def story(here: Office) -> None:
        url = here.response_url()
        assert (await here.clicks("U01NOOR", HELP, response_url=url)).status == 200
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert put["replace_original"]
        assert "mentor join" in seen(put["blocks"])

    tell(world, story)


def test_a_card_that_cannot_be_changed_any_more_is_followed_by_a_message(world: World) -> None:
    async def story(here: Office) -> None:
        here.fake.response_status = 404
        await here.clicks("U01NOOR", HELP)
        assert await here.until(lambda: here.in_chat("U01NOOR"))

    tell(world, story)


def test_a_press_on_a_card_that_one_person_sees_changes_that_card(world: World) -> None:
    async def story(here: Office) -> None:
        url = here.response_url()
        container = {
            "type": "message",
            "message_ts": "1.2",
            "channel_id": "C1",
            "is_ephemeral": True,
        }
        whispered = {"container": container, "channel": {"id": "C1"}, "response_url": url}
        body = payload("click_in_message")
        del body["message"]  # Slack sends none of an ephemeral card
        body |= {"user": {"id": "U02BRAM", "team_id": TEAM}, "trigger_id": "t-whisper"}
        body["actions"][0]["value"] = HELP
        assert (await here.sends(body | whispered)).status == 200
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert put["replace_original"]
        assert "mentor join" not in seen(put["blocks"])  # that is told in private
        assert here.fake.modals == []

    tell(world, story)


def test_a_button_of_an_older_version_shows_how_things_stand(world: World) -> None:
    async def story(here: Office) -> None:
        url = here.response_url()
        await here.clicks("U02BRAM", '["NoSuchAction",{}]', response_url=url)
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert "out of date" in seen(put["blocks"])

    tell(world, story)


def test_a_mention_in_a_channel_is_answered_to_one_person(world: World) -> None:
    async def story(here: Office) -> None:
        await here.event("U02BRAM", "app_mention", text="<@U0BOT> help", channel="C01GEN")
        [whisper] = await here.until(lambda: here.fake.whispers)
        assert (whisper["channel"], whisper["user"]) == ("C01GEN", "U02BRAM")

    tell(world, story)


# --- the home tab and modals ---


def test_the_home_tab_is_drawn_when_it_is_opened_and_again_when_something_changed(
    world: World,
) -> None:
    async def story(here: Office) -> None:
        await here.event("U01NOOR", "app_home_opened")
        [first] = await here.until(lambda: here.fake.homes.get("U01NOOR"))
        assert "Noor" in seen(first)
        await here.command("U01NOOR", "language en")
        await here.until(lambda: len(here.fake.homes["U01NOOR"]) > 1)
        assert seen(here.fake.homes["U01NOOR"][-1]) != seen(first)
        assert "U02BRAM" not in here.fake.homes

    tell(world, story)


def test_a_press_on_the_home_tab_is_answered_in_a_window(world: World) -> None:
    async def story(here: Office) -> None:
        home = {"view": {"type": "home", "id": "V0"}, "message": None, "channel": None}
        await here.clicks("U01NOOR", HELP, **home)
        [modal] = await here.until(lambda: here.fake.modals)
        assert modal["type"] == "modal"
        assert "mentor join" in seen(modal["blocks"])

    tell(world, story)


def test_a_press_in_a_window_changes_the_window(world: World) -> None:
    async def story(here: Office) -> None:
        view = {"type": "modal", "id": "V1", "private_metadata": "\n{}"}
        await here.clicks("U01NOOR", HELP, view=view, message=None, channel=None)
        await here.until(lambda: here.fake.modals)
        assert here.fake.called("views.update", TEAM)[0]["view_id"] == "V1"

    tell(world, story)


def test_a_window_that_was_closed_meanwhile_is_followed_by_a_message(world: World) -> None:
    async def story(here: Office) -> None:
        here.fake.always("views.update", Outcome("not_found"))
        view = {"type": "modal", "id": "V1", "private_metadata": "\n{}"}
        await here.clicks("U01NOOR", HELP, view=view, message=None, channel=None)
        assert await here.until(lambda: here.in_chat("U01NOOR"))

    tell(world, story)


# --- when it takes long, or goes wrong ---


def test_what_takes_longer_than_slack_waits_is_acknowledged_and_answered_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(here: Office) -> None:
        act = here.app.act
        gate = asyncio.Event()

        async def slow(event: Any) -> Any:
            await gate.wait()
            return await act(event)

        monkeypatch.setattr(here.app, "act", slow)
        url = here.response_url()
        reply = await here.command("U02BRAM", "help", channel="DU02BRAM", response_url=url)
        assert (reply.status, reply.text) == (200, "")
        assert url not in here.fake.responses
        gate.set()
        [put] = await here.until(lambda: here.fake.responses.get(url))
        assert "mentor join" in seen(put["blocks"])

    tell(world, story, guard=0.1)


def test_a_handler_that_fails_is_told_kindly_with_a_number_that_the_log_has_too(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(here: Office) -> None:
        async def broken(*_: object) -> None:
            raise ZeroDivisionError("secret words")

        monkeypatch.setattr(here.app.database, "write", broken)
        for way in (
            here.command("U01NOOR", "help", channel="DU01NOOR"),
            here.clicks("U01NOOR", HELP),
            here.types("U01NOOR", "hallo"),
        ):
            assert (await way).status == 200
        said = await here.until(lambda: here.in_chat("U01NOOR"))
        assert "er ging bij mij iets mis" in said[0]

    tell(world, story)
    logged = capsys.readouterr()
    assert "ZeroDivisionError" in logged.out + logged.err
    assert "secret words" not in logged.out + logged.err
