"""What stands in Teams in the end, however it dislikes what was drawn, and whatever it answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.core.messages import Button, Fields, Heading, Message, Note, Text, say
from bot.core.platform import Refused, Unsure
from bot.platforms.teams import plainly
from bot.platforms.teams.failures import NotArrived
from storage.models import ConversationKind
from storage.teams import Reference
from tests.teams.fake_connector import BOT, BUSY, DROPPED_AFTER, Outcome
from tests.teams.posting import POSTS, Office, tell
from tests.world import World

CARD = Message(
    "A match for *you*",
    (
        Heading("A match"),
        Text("Meet **Noor**\non Monday"),
        Fields((("When", "ten"), ("", "https://evil.example"))),
        Button("Yes", "x"),
        Note("why"),
    ),
)


# --- in what shape ---


@pytest.mark.parametrize("outcome", [Outcome(400, "BadSyntax"), Outcome(413, "MessageSizeTooBig")])
def test_a_message_that_teams_does_not_take_as_drawn_arrives_in_plain_words(
    world: World, outcome: Outcome
) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, *[outcome] * (2 if outcome.status == 413 else 1))
        with capture_logs() as logs:
            await office.sends("noor", CARD)
        [said] = office.teams.activities["a:noor"]
        assert "attachments" not in said
        assert said["textFormat"] == "plain"
        assert said["text"].split("\n\n") == [
            "A match for \u2217you\u2217",
            "A match",
            "Meet Noor",
            "on Monday",
            "When: ten",
            "https:\u200b//evil\u200b.example",
            "why",
        ]
        assert "teams.misdrawn" in {entry["event"] for entry in logs}

    tell(world, story)


def test_what_teams_takes_in_no_way_is_tried_again_as_any_failure(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.always(POSTS, Outcome(413, "MessageSizeTooBig"))
        with pytest.raises(NotArrived):
            await office.sends("noor", CARD)
        assert len(office.teams.called(POSTS)) == 3

    tell(world, story)


@pytest.mark.parametrize("words", ["&<>" * 20_000, "word " * 9_000, "👩🏽‍💻" * 9_000, " \n\0"])
def test_plain_words_always_fit(world: World, words: str) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, Outcome(400, "BadSyntax"))
        message = say("hello", *(Text(line) for line in [words] * 40))
        await office.sends("noor", message)
        [said] = office.teams.activities["a:noor"]
        assert 0 < len(said["text"]) <= plainly.MOST

    tell(world, story)


# --- what teams answers ---


def test_a_doubt_costs_one_repeat_for_nobody_can_look(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        for outcome in (DROPPED_AFTER, Outcome(502, "ServiceError", after=True)):
            office.teams.script(POSTS, outcome)
            with pytest.raises(Unsure):
                await office.sends("noor")
        await office.sends("noor", again=True)
        assert office.teams.stands("a:noor") == ["hello"] * 3

    tell(world, story)


def test_a_conversation_in_which_much_happens_gets_it_all_the_same(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, BUSY)
        await office.sends("noor")
        assert office.teams.stands("a:noor") == ["hello"]

    tell(world, story)


def test_credentials_that_are_wrong_keep_the_message(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, Outcome(401, "BotNotRegistered"))
        with pytest.raises(Refused):
            await office.sends("noor")

    tell(world, story)


def test_a_place_in_another_tenant_is_another_place(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.knows(office.teams.channel(), tenant="T2")
        reference = Reference(
            "a:other", ConversationKind.PERSONAL, office.teams.service, user="noor"
        )
        office.knows(replace(reference, bot=BOT), tenant="T2")
        await office.sends("noor", workspace="T2")
        assert office.teams.stands("a:other") == ["hello"]
        assert office.teams.stands("a:noor") == []

    tell(world, story)
