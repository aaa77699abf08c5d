"""Koppel at work in a small tenant of Teams: people do things by activities, as Teams sends them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlmodel import select

from bot.app import App
from bot.platforms.teams.adapter import GUARD
from bot.platforms.teams.names import MESSAGES
from bot.platforms.teams.serving import Teams
from bot.settings import load
from storage.models import Person
from tests import scripted
from tests.scripted import until
from tests.teams import said
from tests.teams.fake_connector import FakeConnector
from tests.teams.said import Json, Someone
from tests.world import World


class Reply(scripted.Reply):
    """What Teams got as the answer to an activity."""

    @property
    def card(self) -> Json:
        """The card that takes the place of the clicked one."""
        assert self.json["type"] == "application/vnd.microsoft.card.adaptive", self.text
        found: Json = self.json["value"]
        return found


class Activities:
    """What people do in one tenant, as Teams sends it to this address."""

    def __init__(self, fake: FakeConnector, url: str, http: ClientSession) -> None:
        self.fake = fake
        self._url, self._http = url, http

    async def sends(self, body: Json) -> Reply:
        """An activity, just as it is."""
        async with self._http.post(self._url, json=body) as response:
            return Reply(response.status, await response.text())

    async def says(self, who: Someone, text: str, **more: Any) -> Reply:
        return await self.sends(said.message(who, text, service=self.fake.service, **more))

    async def mentions(self, who: Someone, text: str, **more: Any) -> Reply:
        return await self.sends(said.mention(who, text, service=self.fake.service, **more))

    async def installs(self, who: Someone, action: str = "add", **more: Any) -> Reply:
        return await self.sends(said.installed(who, action, service=self.fake.service, **more))

    async def clicks(self, who: Someone, data: Json, card: str = "1", **more: Any) -> Reply:
        body = said.execute(who, data, card, service=self.fake.service, **more)
        return await self.sends(body)

    async def submits(self, who: Someone, data: Json, card: str = "1", **more: Any) -> Reply:
        body = said.submit(who, data, card, service=self.fake.service, **more)
        return await self.sends(body)

    until = staticmethod(until)

    def in_chat(self, who: Someone) -> list[str]:
        """The notifications that stand in somebody's chat with the bot."""
        return self.fake.stands(who.chat)

    def last_card(self, who: Someone) -> Json:
        """The newest card in somebody's chat with the bot."""
        found: Json = self.fake.activities[who.chat][-1]["attachments"][0]["content"]
        return found


class Tenant(Activities):
    """One tenant, and the bot in it; everybody is known to the connector."""

    def __init__(self, app: App, fake: FakeConnector, url: str, http: ClientSession) -> None:
        super().__init__(fake, url, http)
        self.app = app


def buttons(card: Json) -> dict[str, Json]:
    """What each button of a card sends, by its words."""
    return {
        action["title"]: action["data"]
        for element in card["body"]
        for action in element.get("actions", ())
    }


def words(card: Json) -> str:
    """Everything there is to read on a card."""
    found: list[str] = []

    def read(part: Any) -> None:
        if isinstance(part, dict):
            found.extend(str(part[name]) for name in ("text", "title", "label") if name in part)
            for name in ("body", "items", "columns", "inlines", "facts", "choices", "actions"):
                for each in part.get(name, ()):
                    read(each)

    read(card)
    return "\n".join(found)


@asynccontextmanager
async def tenant(
    world: World, *people: Someone, admin: str = "", guard: float = GUARD
) -> AsyncIterator[Tenant]:
    """Everything that serves Teams, on the database of a story; the connector knows these people."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "teams.env"
        file.write_text(f"TEAMS_PLAYGROUND=true\nKOPPEL_ADMIN={admin}\n", encoding="utf-8")
        settings = load(file)
        async with FakeConnector() as fake:
            for who in people:
                fake.people[who.member] = person(who)
            teams = Teams(settings, world.database, guard=guard)
            app = App(world.database, {"teams": teams.platform}, now=lambda: world.now)
            served = web.Application()
            working = teams.working(app, served.router, app.now)
            async with (
                teams.connected(),
                app.working(),
                working,
                TestServer(served, host="127.0.0.1") as server,
                ClientSession() as http,
            ):
                yield Tenant(app, fake, str(server.make_url(MESSAGES)), http)


def person(who: Someone, **more: Any) -> Json:
    """Somebody as the connector tells of them."""
    first, _, last = who.name.partition(" ")
    return {
        "id": who.member,
        "aadObjectId": who.user,
        "name": who.name,
        "givenName": first,
        "surname": last,
        "email": f"{who.word}@example.com",
        "userPrincipalName": f"{who.word}@example.com",
        "tenantId": said.TENANT,
        "userRole": "user",
        **more,
    }


def tell(world: World, story: Callable[[Tenant], Awaitable[None]], **given: Any) -> None:
    """A story of Noor, Thomas and Priya."""

    async def told() -> None:
        async with tenant(world, said.NOOR, said.THOMAS, said.PRIYA, **given) as here:
            await story(here)

    asyncio.run(told())


def people(world: World) -> dict[str, Person]:
    """Everybody the bot knows, by name."""
    return {person.name: person for person in world.rows(select(Person))}
