"""What Teams sends, read as what people do."""

from __future__ import annotations

import time

import pytest

from bot.core.actions import Expired, RunCommand
from bot.core.events import Place, Who
from bot.core.messages import Ask, Kind, Message, button
from bot.platforms.teams import cards, wire
from storage.models import ConversationKind
from tests.teams import said
from tests.teams.said import CHANNEL, TEAM, TENANT, Json

NOOR = Who("teams", TENANT, said.NOOR.user)


def test_words_in_the_private_chat_are_typed() -> None:
    typed = wire.typed(said.message(said.NOOR, "meedoen"))
    assert typed is not None
    assert (typed.who, typed.text, typed.home) == (NOOR, "meedoen", NOOR.user)
    assert typed.place == Place("a:noor", private=True)


def test_the_same_number_in_another_chat_is_another_message() -> None:
    here = said.message(said.NOOR, "hoi")
    there = said.message(said.THOMAS, "hoi", id=here["id"])
    first, second = wire.typed(here), wire.typed(there)
    assert first is not None
    assert second is not None
    assert first.id != second.id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("meer &lt; minder &amp; zo", "meer < minder & zo"),
        ("hoi&nbsp;daar", "hoi daar"),
        ("  veel   ruimte  ", "veel   ruimte"),
        ("eerst\n\ndan", "eerst\n\ndan"),
        ("<at>Koppel</at> status", "Koppel status"),  # not ours to take away: no entity says so
        ("=1+1 <!channel> 👋🏽 שלום", "=1+1 <!channel> 👋🏽 שלום"),
        ("x" * 10_000, "x" * 10_000),
    ],
)
def test_words_are_read_as_they_were_meant(text: str, words: str) -> None:
    typed = wire.typed(said.message(said.NOOR, text))
    assert typed is not None
    assert typed.text == words


@pytest.mark.parametrize("text", ["", " ", "\n", None])
def test_a_message_without_words_is_nothing(text: str | None) -> None:
    assert wire.typed(said.message(said.NOOR, "") | {"text": text}) is None


@pytest.mark.parametrize(
    ("text", "name", "args"),
    [
        ("<at>Koppel</at> digest leadership", "digest", "leadership"),
        ("<at>Koppel</at>&nbsp;mentor digest", "digest", ""),
        ("<at>Koppel</at> /mentor help", "help", ""),
        ("<at>Koppel</at>", "", ""),
        ("status <at>Koppel</at>", "status", ""),
        ("<at>Koppel</at> mentorship", "mentorship", ""),
    ],
)
def test_a_mention_in_a_channel_is_a_command(text: str, name: str, args: str) -> None:
    command = wire.mention(said.mention(said.NOOR, "") | {"text": text})
    assert command is not None
    assert (command.name, command.args) == (name, args)
    assert command.place == Place(CHANNEL, private=False, whispers=False)
    assert command.home == NOOR.user


def test_what_is_said_under_a_message_of_a_channel_belongs_to_the_channel() -> None:
    body = said.mention(said.NOOR, "help", thread="1700000000000")
    command = wire.mention(body)
    assert command is not None
    assert command.place.address == CHANNEL
    assert wire.thread(body) == "1700000000000"


def test_a_click_carries_its_action_and_what_was_filled_in() -> None:
    ask = Ask("goal", "Doel", Kind.TEXT)
    drawn = cards.card(
        Message("?", (ask, button("Verder", RunCommand("status", "x")))), nonce="abc"
    )
    [typed] = [each["id"] for each in drawn["body"] if each["type"] == "Input.Text"]
    [row] = [each for each in drawn["body"] if each["type"] == "ActionSet"]
    data = row["actions"][0]["data"] | {typed: "Leren vragen"}

    clicked = wire.executed(said.execute(said.NOOR, data))
    assert clicked is not None
    assert clicked.action == RunCommand("status", "x")
    assert clicked.fields == {"goal": ("Leren vragen",)}
    assert clicked.place.whispers

    submit = wire.submitted(said.submit(said.NOOR, data))
    assert submit is not None
    assert (submit.action, submit.fields) == (clicked.action, clicked.fields)


def test_a_click_on_somebody_elses_card_is_out_of_date() -> None:
    execute = said.execute(said.NOOR, {"wire": '["RunCommand",{}]'})
    execute["value"]["action"]["verb"] = "other"
    clicked = wire.executed(execute)
    assert clicked is not None
    assert clicked.action == Expired()
    assert wire.executed(execute | {"name": "task/fetch"}) is None


def test_a_click_in_a_channel_is_answered_in_private() -> None:
    channel = said.mention(said.NOOR, "")
    where = {name: channel[name] for name in ("conversation", "channelData")}
    execute = said.execute(said.NOOR, {}) | where
    clicked = wire.executed(execute)
    assert clicked is not None
    assert clicked.place == Place(CHANNEL, private=False, whispers=False)
    older = wire.submitted(channel | {"value": {"wire": "x"}})
    assert older is not None
    assert not older.place.whispers


@pytest.mark.parametrize("tag", ["<at>", "<at ", "</at", "<at></"])
def test_words_full_of_mentions_keep_nobody_waiting(tag: str) -> None:
    began = time.monotonic()
    wire.words(said.message(said.NOOR, tag * 20_000))
    assert time.monotonic() - began < 1


def test_bots_do_nothing() -> None:
    for person in ({"id": "28:another-bot"}, {"id": "29:x", "role": "bot"}, {}, None):
        assert wire.typed(said.message(said.NOOR, "hoi") | {"from": person}) is None
        assert wire.mention(said.mention(said.NOOR, "hoi") | {"from": person}) is None
        assert wire.executed(said.execute(said.NOOR, {}) | {"from": person}) is None


def test_where_to_speak_later() -> None:
    personal = wire.reference(said.message(said.NOOR, "hoi"))
    assert personal.kind is ConversationKind.PERSONAL
    assert (personal.conversation, personal.user, personal.member) == (
        "a:noor",
        NOOR.user,
        said.NOOR.member,
    )
    assert personal.bot == "28:koppel"
    channel = wire.reference(said.mention(said.NOOR, "hoi"))
    assert channel.kind is ConversationKind.CHANNEL
    assert (channel.team, channel.user, channel.member) == (TEAM, "", "")


@pytest.mark.parametrize(
    "rubbish",
    [
        {},
        {"from": 7, "conversation": [], "channelData": "x", "entities": [7, {"type": "mention"}]},
        {"from": {"id": None, "aadObjectId": 7}, "conversation": {"id": 7}},
        {"text": 7, "value": 7, "recipient": None, "entities": None},
    ],
)
def test_rubbish_is_read_without_harm(rubbish: Json) -> None:
    for whole in (
        said.message(said.NOOR, "hoi"),
        said.mention(said.NOOR, "hoi"),
        said.execute(said.NOOR, {}),
        said.update(said.NOOR),
    ):
        body = whole | rubbish
        wire.typed(body)
        wire.mention(body)
        wire.submitted(body)
        wire.executed(body)
        wire.welcomed(body)
        wire.reference(body)
        wire.members(body, "membersAdded")
