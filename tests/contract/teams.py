"""Teams as a stage: activities over HTTP to the bot, and a client that draws what Teams was told."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from urllib.parse import quote

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.core.platform import Platform
from bot.platforms.teams import playground
from bot.platforms.teams.answers import DONE
from bot.platforms.teams.names import MESSAGES, NAME
from bot.platforms.teams.serving import Teams
from bot.settings import load
from storage.database import Database
from storage.models import Organisation, Workspace
from tests.contract import teams_client as client
from tests.contract.stage import Given, HttpStage, Json, Script, Seen
from tests.teams import said
from tests.teams.fake_connector import BLOCKED, FakeConnector
from tests.teams.rules import check_card, sent
from tests.teams.said import CHANNEL, TENANT, Someone
from tests.teams.tenant import Activities, person

PEOPLE = {"noor": said.NOOR, "thomas": said.THOMAS}
SHOWS = "/activities"
Where = tuple[str, int]  # a conversation, and which of its messages


class TeamsStage(HttpStage):
    """Whoever clicks is shown what came back, as in Teams' client; an `older` one sends words."""

    whispers = False  # Teams has no answer for one pair of eyes, except on a card
    slash = False  # nor has it commands: in the private chat they are words

    def __init__(
        self, activities: Activities, platform: Platform, bot: Script, *, older: bool
    ) -> None:
        super().__init__(platform, TENANT, bot)
        self._activities, self._fake, self._older = activities, activities.fake, older
        self._replied = 0
        self._below: list[tuple[str, str]] = []
        self._last: Json = {}

    # --- what people do ---

    async def types(self, who: str, text: str) -> None:
        words = html.escape(text, quote=False)
        await self._deliver(said.message(PEOPLE[who], words, service=self._fake.service))

    async def calls(self, who: str, words: str, *, in_channel: bool = False) -> None:
        if not in_channel:
            await self.types(who, words)
            return
        words = html.escape(words, quote=False)
        await self._deliver(said.mention(PEOPLE[who], words, service=self._fake.service))

    async def clicks(
        self, who: str, label: str, *, in_channel: bool = False, **fields: Given
    ) -> None:
        someone = PEOPLE[who]
        conversation, at = self._place_of(label, self._places(someone, in_channel))
        card = client.card_of(self._fake.activities[conversation][at])
        execute, submit = sent(
            card, client.labels(card).index(label), client.choosing(card, fields)
        )
        if self._older:
            body = said.submit(someone, submit, service=self._fake.service)
        else:
            body = said.execute(someone, {}, service=self._fake.service) | {"value": execute}
        if in_channel:
            there = said.mention(someone, "")
            body |= {name: there[name] for name in ("conversation", "channelData")}
            body["conversation"]["id"] = conversation
        await self._deliver(body | {"replyToId": str(at + 1)})

    def _places(self, who: Someone, in_channel: bool) -> list[str]:
        """The conversations in which this person reads: a thread of a channel is one by itself."""
        threads = [each for each in self._fake.activities if each.startswith(CHANNEL)]
        return threads if in_channel else [who.chat]

    def _place_of(self, label: str, places: list[str]) -> Where:
        for place in reversed(places):
            for at, activity in reversed([*enumerate(self._fake.activities[place])]):
                if label in client.labels(client.card_of(activity)):
                    return place, at
        raise LookupError(f"nobody sees a button {label!r} in {places}")

    async def repeats(self) -> None:
        await self._deliver(self._last)

    async def another_bot_types(self) -> None:
        for sender in ({"id": "28:other", "name": "Other"}, {"id": "29:x", "role": "bot"}):
            body = said.message(said.NOOR, "hello", service=self._fake.service) | {"from": sender}
            assert (await self._activities.sends(body)).status == 202

    def leaves(self, who: str) -> None:
        place = quote(PEOPLE[who].chat, safe="")
        self._fake.always(f"conversations/{place}/activities", BLOCKED)

    async def replays(self, mangle: Callable[[Json], Iterable[Json]]) -> list[int]:
        return [(await self._activities.sends(each)).status for each in mangle(self._last)]

    async def _deliver(self, body: Json) -> None:
        self._last = body
        await self.settled(self._answered(body))

    async def _answered(self, body: Json) -> None:
        reply = await self._activities.sends(body)
        assert reply.status in (200, 202), reply.text
        if body["type"] == "invoke" and reply.json["type"] == client.CARD:
            drawn = {"attachments": [{"contentType": client.CARD, "content": reply.card}]}
            standing = self._fake.activities[body["conversation"]["id"]]
            standing[int(body["replyToId"]) - 1] = drawn
            self._replied += 1
        elif body["type"] == "invoke" and reply.json != DONE:  # words below the card, which stays
            self._below.append((body["conversation"]["id"], reply.json["value"]))
            self._replied += 1

    # --- what they see ---

    def sees(self, who: str) -> list[Seen]:
        return self._seen(self._places(PEOPLE[who], in_channel=False))

    def sees_in_channel(self, who: str) -> list[Seen]:
        return self._seen(self._places(PEOPLE[who], in_channel=True))

    def _seen(self, places: list[str]) -> list[Seen]:
        found = [each for place in places for each in self._fake.activities[place]]
        for activity in found:
            check_card(client.card_of(activity))
        below = [Seen(words) for place, words in self._below if place in places]
        return [client.seen(activity) for activity in found] + below

    def shown(self) -> int:
        return self._replied + len(self._fake.called(SHOWS))


@asynccontextmanager
async def stage(database: Database, *, older: bool = False) -> AsyncIterator[TeamsStage]:
    _know_the_tenant(database)
    bot, served = Script(), web.Application()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "teams.env"
        file.write_text("TEAMS_PLAYGROUND=true\n", encoding="utf-8")
        async with FakeConnector() as fake:
            for who in PEOPLE.values():
                fake.people[who.member] = person(who)
            # The Playground lets everybody in without a passport, but draws pictures unlike Teams.
            with patch.object(playground, "within", playground.as_it_is):
                teams = Teams(load(file), database)
            async with (
                teams.connected(),
                teams.working(bot, served.router, lambda: datetime.now(UTC)),
                TestServer(served, host="127.0.0.1") as server,
                ClientSession() as http,
            ):
                activities = Activities(fake, str(server.make_url(MESSAGES)), http)
                yield TeamsStage(activities, teams.platform, bot, older=older)


older = partial(stage, older=True)


def _know_the_tenant(database: Database) -> None:
    """Where to speak is written down only for tenants that have the bot."""
    with database.transaction() as session:
        waterkant = Organisation(name="Waterkant")
        session.add(waterkant)
        session.flush()
        session.add(Workspace(organisation_id=waterkant.id, platform=NAME, external=TENANT))
