"""One letter to Teams: where it goes, in what shape, and what is remembered of a closed door."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest

from bot.core.platform import Platform, TryLater, Unreachable, Why, group_of
from storage import teams
from tests.teams.fake_connector import (
    BLOCKED,
    BOT,
    Json,
    Outcome,
    limited,
)
from tests.teams.posting import GENERAL, MENTORS, POSTS, TEAM, Office, tell
from tests.teams.rules import check_message
from tests.world import World


async def unreachable(sending: Coroutine[Any, Any, None]) -> Why:
    with pytest.raises(Unreachable) as caught:
        await sending
    return caught.value.why


# --- where it goes ---


def test_teams_is_a_platform(world: World) -> None:
    async def story(office: Office) -> None:
        spoken: Platform = office.platform
        assert (spoken.name, spoken.room("T1"), spoken.room("T2")) == ("teams", 30, 30)

    tell(world, story)


def test_a_person_is_written_to_in_their_own_chat(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        await office.sends("noor")
        [call] = office.teams.called()
        assert call.path == "conversations/a%3Anoor/activities"
        assert call.said["from"] == {"id": BOT}
        assert call.said["recipient"] == {"id": "29:noor"}
        assert call.said["channelData"] == {"tenant": {"id": "T1"}}
        check_message({k: v for k, v in call.said.items() if k not in ADDRESSED})

    tell(world, story)


ADDRESSED = ("from", "recipient", "conversation", "channelData")


def test_a_conversation_is_written_to_by_its_id_and_under_a_message_of_it(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows(office.teams.channel(MENTORS), office.teams.personal("noor"))
        await office.sends(MENTORS)
        await office.sends("a:noor")
        await office.sends(f"#{MENTORS}")  # somebody gave the id where a name was asked
        await office.sends(f"{MENTORS};messageid=1700")
        assert office.teams.stands(MENTORS) == ["hello", "hello"]
        assert office.teams.stands("a:noor") == ["hello"]
        assert office.teams.stands(f"{MENTORS};messageid=1700") == ["hello"]

    tell(world, story)


def test_a_conversation_that_was_never_heard_of_is_tried_beside_the_others(world: World) -> None:
    async def story(office: Office) -> None:
        assert await unreachable(office.sends(MENTORS)) is Why.NOT_INVITED
        office.knows_people("noor")
        await office.sends(MENTORS)
        assert office.teams.stands(MENTORS) == ["hello"]
        office.teams.script(POSTS, Outcome(403, "BotNotInConversationRoster"))
        assert await unreachable(office.sends(MENTORS)) is Why.NOT_INVITED

    tell(world, story)


def test_a_chat_stays_whose_it_is_whoever_acts_in_it(world: World) -> None:
    """As when an administrator would add the bot for somebody else."""

    async def story(office: Office) -> None:
        chat = office.teams.personal("noor")
        office.knows(chat, replace(chat, user="admin", member="29:admin"))
        found = office.place("a:noor")
        assert found is not None
        assert (found.user, found.member) == ("noor", "29:noor")

    tell(world, story)


def test_somebody_without_a_chat_gets_one_which_is_remembered(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows(office.teams.channel())
        for user in ("29:bram", "6c1d0f6e-entra"):
            await office.sends(user)
            await office.sends(user)
        begun = [call.said for call in office.teams.called("POST conversations")]
        asked = [said["members"] for said in begun if "members" in said]
        assert asked == [[{"id": "29:bram"}], [{"id": "6c1d0f6e-entra"}]]
        assert office.teams.stands("a:bram") == ["hello", "hello"]
        bram = office.place("a:bram")
        assert bram and (bram.user, bram.member, bram.bot) == ("29:bram", "29:bram", BOT)

    tell(world, story)


@pytest.mark.parametrize("outcome", [Outcome(403, "ForbiddenOperationException"), BLOCKED])
def test_somebody_who_has_not_added_the_bot_is_not_reached(world: World, outcome: Outcome) -> None:
    async def story(office: Office) -> None:
        assert await unreachable(office.sends("29:bram")) is Why.CLOSED  # nobody to ask
        office.knows(office.teams.channel())
        office.teams.always("POST conversations", outcome)
        assert await unreachable(office.sends("29:bram")) is Why.CLOSED
        assert office.place("a:bram") is None

    tell(world, story)


def test_a_bot_begins_no_group_chat(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor", "bram")
        assert await unreachable(office.sends(group_of(["noor", "bram"]))) is Why.NOT_ALLOWED
        assert office.teams.calls == []

    tell(world, story)


# --- channels by name ---


def two_teams(office: Office) -> None:
    """Waterkant and Elders, of each of which the bot heard one channel."""
    general: Json = {"id": TEAM, "name": None}
    others: list[Json] = [{"id": MENTORS, "name": "Mentors"}, {"id": "19:x", "name": "Lunch"}]
    elders: list[Json] = [{"id": "19:e", "name": None}, {"id": "19:el", "name": "Lunch"}]
    office.teams.teams = {TEAM: ("Waterkant", [general, *others]), "19:e": ("Elders", elders)}
    office.knows(office.teams.channel(GENERAL), office.teams.channel("19:e", team="19:e"))


@pytest.mark.parametrize(
    ("address", "stands"),
    [
        ("#mentors", MENTORS),
        ("#Mentors ", MENTORS),
        ("#Waterkant/Mentors", MENTORS),
        ("#waterkant/lunch", "19:x"),
        ("#Elders/Lunch", "19:el"),
        ("#Elders/General", "19:e"),
        ("#Elders/Algemeen", "19:e"),
    ],
)
def test_a_channel_is_found_by_its_name_and_that_of_its_team(
    world: World, address: str, stands: str
) -> None:
    async def story(office: Office) -> None:
        two_teams(office)
        await office.sends(address)
        assert office.teams.stands(stands) == ["hello"]
        assert office.place(stands) is not None

    tell(world, story)


@pytest.mark.parametrize("address", ["#lunch", "#general", "#secret", "#Nobody/Mentors", "#"])
def test_a_channel_that_is_called_as_another_or_not_there_is_not_guessed(
    world: World, address: str
) -> None:
    async def story(office: Office) -> None:
        two_teams(office)
        assert await unreachable(office.sends(address)) is Why.NOT_INVITED
        assert office.teams.called(POSTS) == []

    tell(world, story)


def test_a_name_that_was_heard_of_is_not_asked_for(world: World) -> None:
    async def story(office: Office) -> None:
        office.knows(office.teams.channel(MENTORS, name="Mentors"))
        await office.sends("#mentors")
        assert len(office.teams.calls) == 1

    tell(world, story)


def test_a_team_that_the_bot_was_taken_out_of_hides_no_channel_of_another(world: World) -> None:
    async def story(office: Office) -> None:
        two_teams(office)
        office.teams.always("GET teams/19%3Ae/", Outcome(403, "BotNotInConversationRoster"))
        await office.sends("#lunch")
        assert office.teams.stands("19:x") == ["hello"]

    tell(world, story)


def test_a_name_leads_to_no_other_team_than_before(world: World) -> None:
    """Anybody can have a team with the bot and a channel that is called as the coordinators'."""

    async def story(office: Office) -> None:
        office.teams.teams = {"19:e": ("Elsewhere", [{"id": "19:x", "name": "Mentors"}])}
        office.knows(office.teams.channel(MENTORS, name="Mentors"))
        office.knows(office.teams.channel("19:e", team="19:e"))
        with world.database.transaction() as session:
            teams.leave(session, "T1", team=TEAM)
        assert await unreachable(office.sends("#mentors")) is Why.NOT_INVITED
        await office.sends("#Elsewhere/Mentors")
        assert office.teams.stands("19:x") == ["hello"]

    tell(world, story)


def test_while_teams_cannot_tell_the_channels_the_letter_waits(world: World) -> None:
    async def story(office: Office) -> None:
        two_teams(office)
        office.teams.always("GET teams", limited(60))
        with pytest.raises(TryLater):
            await office.sends("#mentors")

    tell(world, story)


# --- closed doors ---


@pytest.mark.parametrize(
    "outcome",
    [
        BLOCKED,
        *(
            Outcome(403, code)
            for code in ("ConversationBlockedByUser", "BotNotInConversationRoster")
        ),
        Outcome(403, "ForbiddenOperationException"),
    ],
)
def test_who_took_the_bot_out_is_not_asked_again_until_they_are_heard(
    world: World, outcome: Outcome
) -> None:
    async def story(office: Office) -> None:
        office.knows(office.teams.personal("noor"), office.teams.channel(GENERAL))
        office.teams.script(POSTS, outcome, outcome)
        assert await unreachable(office.sends("noor")) is Why.CLOSED
        assert await unreachable(office.sends("noor")) is Why.CLOSED
        assert await unreachable(office.sends(GENERAL)) is Why.NOT_INVITED
        assert await unreachable(office.sends(GENERAL)) is Why.NOT_INVITED
        assert len(office.teams.called(POSTS)) == 2
        office.knows_people("noor")
        await office.sends("noor")
        assert office.teams.stands("a:noor") == ["hello"]

    tell(world, story)


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Outcome(403, "BotDisabledByAdmin"), Why.NOT_ALLOWED),
        (Outcome(404, "ConversationNotFound"), Why.GONE),
    ],
)
def test_what_an_administrator_may_mend_is_asked_again(
    world: World, outcome: Outcome, why: Why
) -> None:
    async def story(office: Office) -> None:
        office.knows_people("noor")
        office.teams.script(POSTS, outcome)
        assert await unreachable(office.sends("noor")) is why
        await office.sends("noor")
        assert office.teams.stands("a:noor") == ["hello"]

    tell(world, story)
