"""What Slack sends, recorded, read as what people do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.actions import Expired, RunCommand
from bot.core.events import Command, Event, HomeOpened, Place, Typed, Who
from bot.core.messages import Ask, Kind, Message, Style, button
from bot.platforms.slack import blocks, wire
from bot.platforms.slack.wire import Origin

PAYLOADS = Path(__file__).parent / "payloads"


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def who(user: str) -> Who:
    return Who("slack", "T01TEST", user)


@pytest.mark.parametrize(
    "name", ["command_in_channel", "command_in_dm", "command_in_private_channel"]
)
def test_a_slash_command_is_a_command_with_its_arguments(name: str) -> None:
    body = payload(name) | {"text": " join  grow &amp; learn "}
    event = wire.command(body)
    assert event == Command(
        body["trigger_id"],
        who(body["user_id"]),
        Place(body["channel_id"], private=False),
        body["user_id"],
        name="join",
        args="grow & learn",
    )


def test_a_command_without_words_has_no_name() -> None:
    assert wire.command(payload("command_in_channel") | {"text": ""}).name == ""


def test_a_socket_brings_the_same_as_a_request() -> None:
    command = wire.command(payload("socket_slash_commands")["payload"])
    assert command.who.workspace == "T01TEST"
    click = wire.click(payload("socket_interactive_click")["payload"])
    assert click is not None
    assert click.place.private
    event, _ = wire.submission(payload("socket_interactive_view_submission")["payload"])
    assert event.place == Place(event.who.user)


def test_words_in_the_private_chat_are_typed_words() -> None:
    body = payload("message_im")
    body["event"]["text"] = "hello &lt;b&gt; &amp;amp; <mailto:a@b.nl|a@b.nl> <!channel> <@U1|Noor>"
    event = wire.typed(body)
    assert isinstance(event, Typed)
    assert event.text == "hello <b> &amp; a@b.nl @channel Noor"
    assert (event.id, event.home) == (body["event_id"], body["event"]["user"])
    assert event.place == Place(body["event"]["channel"])


@pytest.mark.parametrize("name", ["message_im_edited", "message_in_channel"])
def test_what_was_changed_or_said_in_a_channel_is_not_for_the_bot(name: str) -> None:
    assert wire.typed(payload(name)) is None


@pytest.mark.parametrize(
    "more", [{"bot_id": "B1"}, {"subtype": "message_deleted"}, {"user": None}, {"app_id": "A1"}]
)
def test_what_no_person_typed_is_not_for_the_bot(more: dict[str, Any]) -> None:
    body = payload("message_im")
    body["event"] |= more
    assert wire.typed(body) is None


def test_a_picture_that_somebody_sends_is_an_answer_without_words() -> None:
    body = payload("message_im")
    body["event"] |= {"subtype": "file_share", "text": ""}
    event = wire.typed(body)
    assert event is not None
    assert event.text == ""


def test_a_mention_in_a_channel_is_a_command_that_others_saw() -> None:
    body = payload("app_mention")
    body["event"]["text"] = "<@U0BOT> help me <@U2>"
    event = wire.mention(body)
    assert event is not None
    assert (event.name, event.args) == ("help", "me @U2")
    assert not event.place.private


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"user": None}, {"app_id": "A1"}])
def test_an_app_that_mentions_the_bot_is_nobody(more: dict[str, Any]) -> None:
    body = payload("app_mention")
    body["event"] |= more
    assert wire.mention(body) is None


def test_a_look_at_the_home_tab_is_one_and_at_another_tab_is_not() -> None:
    body = payload("app_home_opened")
    event = wire.home_opened(body)
    assert isinstance(event, HomeOpened)
    assert event.place == Place(event.who.user)
    body["event"]["tab"] = "messages"
    assert wire.home_opened(body) is None


def pressed(name: str, wire_: str) -> dict[str, Any]:
    body = payload(name)
    body["actions"][0]["value"] = wire_
    return body


def test_a_press_on_a_button_means_what_the_button_meant() -> None:
    action = RunCommand("join", "grow")
    event = wire.click(pressed("click_in_message", action.encode()))
    assert event is not None
    assert event.action == action
    assert event.place.private


def test_a_press_on_an_ephemeral_card_is_answered_in_the_private_chat() -> None:
    body = pressed("click_in_ephemeral", RunCommand("help").encode())
    body["container"]["is_ephemeral"] = True
    body["channel"]["id"] = "D999"  # between two colleagues
    event = wire.click(body)
    assert event is not None
    assert not event.place.private


@pytest.mark.parametrize("emulated", [True, False])
def test_a_press_on_the_home_tab_is_private(emulated: bool) -> None:
    body = pressed("click_in_home", RunCommand("help").encode())
    if not emulated:  # as Slack documents it
        del body["channel"]
        body["container"] = {"type": "view", "view_id": "V1"}
        body["view"] = {"id": "V1", "type": "home", "state": {"values": {}}}
    event = wire.click(body)
    assert event is not None
    assert event.place == Place(event.who.user)


def test_a_choice_in_a_list_is_no_press_on_a_button() -> None:
    assert wire.click(payload("select_in_message")) is None


def test_a_button_of_an_older_version_is_known_as_such() -> None:
    event = wire.click(pressed("click_in_message", '["Gone",{}]'))
    assert event is not None
    assert event.action == Expired()


def test_a_modal_brings_back_its_answers_and_where_it_came_from() -> None:
    ask = Ask("goal", "Your goal", Kind.LONG_TEXT, value=("before",))
    send = button("Save", RunCommand("save"), Style.PRIMARY)
    origin = Origin("n1", "D1", "12.3", "https://hooks.example/1")
    view = blocks.view(Message("Form", (ask, send)), nonce="n1", private_metadata=origin.pack())
    [block] = [b for b in view["blocks"] if b["type"] == "input"]
    typed = {"type": "plain_text_input", "value": "after & <!here>"}
    values = {block["block_id"]: {block["element"]["action_id"]: typed}}
    body = payload("view_submission")
    body["view"] |= {"private_metadata": view["private_metadata"], "state": {"values": values}}
    event, found = wire.submission(body)
    assert found == origin
    assert event.action == RunCommand("save")
    assert event.fields == {"goal": ("after & <!here>",)}


@given(st.text(max_size=3000))
def test_metadata_that_is_not_ours_brings_no_origin(packed: str) -> None:
    assert Origin.unpack(packed) == Origin() or packed.startswith("{")


def test_an_organisation_wide_install_names_the_workspace_beside_the_person() -> None:
    body = pressed("click_in_message", RunCommand("help").encode())
    body["team"] = None
    event = wire.click(body)
    assert event is not None
    assert event.who.workspace == body["user"]["team_id"]


@given(st.text(max_size=400))
def test_any_words_are_read(text: str) -> None:
    body = payload("message_im")
    body["event"]["text"] = text
    event: Event | None = wire.typed(body)
    assert isinstance(event, Typed)
    wire.command(payload("command_in_channel") | {"text": text})
