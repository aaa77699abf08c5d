"""The Playground itself, before our bot is in it: what it wants for an answer, and what it refuses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest

from tests.backstage import Loop
from tests.teams.playground.backstage import running
from tests.teams.playground.client import Client, sitting
from tests.teams.playground.config import BOT, CHANNEL, GROUP, PEOPLE, TEAM, TENANT, Json, Member
from tests.teams.playground.listener import Listener, activities, connector, listening
from tests.teams.playground.recording import CARD_MESSAGE, EXECUTE, NOOR, SUBMIT, replaced

ERROR = "application/vnd.microsoft.error"


class Stage:
    """A bot that listens, and the Playground of one person."""

    def __init__(self, loop: Loop, bot: Listener, client: Client) -> None:
        self.loop, self.bot, self.client, self.address = loop, bot, client, client.address

    def asks(self, path: str, method: str = "GET", body: Json | None = None) -> tuple[int, Any]:
        return self.loop(lambda: connector(self.address, path, method, body))

    def posts(self, message: Json, conversation: str = NOOR.personal) -> str:
        status, said = self.asks(activities(conversation), "POST", message)
        assert status == 201, said
        return str(said["id"])

    def sits(self, deed: Callable[[Client], Awaitable[Any]]) -> Any:
        return self.loop(lambda: deed(self.client))

    def executes(self) -> Json:
        """Press the button of a form, and give what the page learns of it."""
        card = self.posts(CARD_MESSAGE)
        done: Json = self.sits(lambda noor: noor.execute(NOOR.personal, card, EXECUTE))
        return done


@contextmanager
def playground() -> Iterator[Stage]:
    with Loop() as loop, listening(loop) as bot, running(loop, NOOR, bot.port) as address:
        seat = sitting(address, NOOR)
        try:
            yield Stage(loop, bot, loop(seat.__aenter__))
        finally:
            loop(lambda: seat.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    with playground() as found:
        found.sits(lambda noor: noor.install(NOOR.personal))
        found.loop(lambda: found.bot.hears(2))
        yield found


@pytest.fixture
def stage(shared: Stage) -> Stage:
    shared.bot.reset()
    return shared


def test_what_the_bot_says_is_seen(stage: Stage) -> None:
    async def looks(noor: Client) -> Json:
        await connector(stage.address, activities(NOOR.personal), "POST", CARD_MESSAGE)
        return await noor.sees(lambda frame: "Even voorstellen" in str(frame))

    assert stage.sits(looks)


def test_a_card_that_changes_is_seen_again(stage: Stage) -> None:
    card = stage.posts(CARD_MESSAGE)
    words = {"type": "message", "text": "Het is gelukt"}

    async def looks(noor: Client) -> Json:
        status, _ = await connector(stage.address, activities(NOOR.personal, card), "PUT", words)
        assert status == 200
        return await noor.sees(lambda frame: "Het is gelukt" in str(frame))

    assert card in str(stage.sits(looks))


def test_the_answer_to_a_button_reaches_the_page(stage: Stage) -> None:
    stage.bot.says = lambda _: (200, replaced("Dank je"))
    assert "Dank je" in str(stage.executes())


@pytest.mark.parametrize("status", [400, 500])
def test_a_button_that_fails_says_so(stage: Stage, status: int) -> None:
    value = {"code": "BadRequest", "message": "Dat lukte niet"}
    stage.bot.says = lambda _: (200, {"statusCode": status, "type": ERROR, "value": value})
    assert "Dat lukte niet" in str(stage.executes())


def test_submitting_brings_a_message_with_a_value(stage: Stage) -> None:
    card = stage.posts(CARD_MESSAGE)
    value = SUBMIT["data"] | {"topics": "lead,een"}
    stage.sits(lambda noor: noor.submit(NOOR.personal, card, value))
    [heard] = stage.loop(stage.bot.hears)
    assert (heard["value"], heard["replyToId"]) == (value, card)
    assert "text" not in heard


def test_a_channel_tells_the_bot_only_what_mentions_it(stage: Stage) -> None:
    async def says(noor: Client) -> None:
        await noor.install(CHANNEL)
        await noor.say(CHANNEL, "zonder te noemen")
        await noor.say(CHANNEL, "meedoen", mention=True)

    stage.sits(says)
    heard = stage.loop(lambda: stage.bot.hears(3))
    assert [a["text"] for a in heard if a["type"] == "message"] == ["<at>Koppel</at> meedoen"]
    assert heard[-1]["conversation"]["id"].startswith(f"{CHANNEL};messageid=")


def test_members_are_told_one_by_one_and_by_page(stage: Stage) -> None:
    chat = f"conversations/{NOOR.personal}"
    status, noor = stage.asks(f"{chat}/members/{NOOR.id}")
    assert (status, noor["userPrincipalName"], noor["aadObjectId"]) == (200, NOOR.email, NOOR.aad)
    assert (noor["userRole"], noor["tenantId"]) == ("user", TENANT)
    status, refused = stage.asks(f"{chat}/members/29:nobody")
    assert (status, refused["error"]["code"]) == (404, "MemberNotFoundInConversation")
    _, paged = stage.asks(f"conversations/{GROUP}/pagedmembers?pageSize=500")
    assert {member["id"] for member in paged["members"]} == {member.id for member in PEOPLE}
    _, team = stage.asks(f"teams/{TEAM}")
    assert (team["name"], team["tenantId"]) == ("Waterkant", TENANT)


def test_a_chat_is_created_for_who_sits_there_and_is_the_same_each_time(stage: Stage) -> None:
    asked = {"bot": {"id": BOT}, "members": [{"id": NOOR.id}], "tenantId": TENANT}
    assert stage.asks("conversations", "POST", asked) == (201, {"id": NOOR.personal})
    _, other = stage.asks("conversations", "POST", asked | {"members": [{"id": PEOPLE[1].id}]})
    assert other["id"] != NOOR.personal


def test_a_conversation_in_a_channel_starts_with_its_first_message(stage: Stage) -> None:
    first = {"type": "message", "text": "Goedemorgen"}
    data = {"channel": {"id": CHANNEL}}
    asked = {"isGroup": True, "channelData": data, "activity": first, "bot": {"id": BOT}}
    status, made = stage.asks("conversations", "POST", asked)
    assert (status, made["id"]) == (201, f"{CHANNEL};messageid={made['activityId']}")


def test_what_is_not_there_is_not_found(stage: Stage) -> None:
    words = {"type": "message", "text": "x"}
    status, said = stage.asks(activities("nowhere"), "POST", words)
    assert (status, said["error"]["code"]) == (404, "ConversationNotFound")
    status, said = stage.asks(activities(NOOR.personal, "none"), "PUT", words)
    assert (status, said["error"]["code"]) == (404, "ActivityNotFoundInConversation")
    status, said = stage.asks(activities(NOOR.personal, "none"), "DELETE")
    assert (status, said["error"]["code"]) == (501, "DeleteActivityAPINotImplemented")


async def _arrives(address: str, member: Member) -> None:
    async with sitting(address, member) as client:
        await client.install(member.personal)
        await client.say(member.personal, f"Hier is {member.first}")


def test_three_people_talk_to_one_bot_each_from_their_own_playground() -> None:
    with Loop() as loop, listening(loop) as bot, ExitStack() as stack:
        seats = [
            (member, stack.enter_context(running(loop, member, bot.port))) for member in PEOPLE[:3]
        ]
        for member, address in seats:
            loop(partial(_arrives, address, member))
        heard = loop(lambda: bot.hears(9))
    said = {a["from"]["id"]: (a["text"], a["serviceUrl"]) for a in heard if "text" in a}
    assert said == {
        member.id: (f"Hier is {member.first}", f"{address}/_connector") for member, address in seats
    }
