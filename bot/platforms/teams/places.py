"""Where an address of ours is in Teams: which conversation, and which message to answer under."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlmodel import Session

from bot.core.platform import Unreachable, Why, members_of
from bot.platforms.teams.connector import Connector
from storage import teams
from storage.database import Database
from storage.models import ConversationKind
from storage.teams import Reference

R = TypeVar("R")
THREAD = ";messageid="
_ID = re.compile(r"#?((?:19|a):.+)")
_GENERAL = frozenset(("general", "algemeen"))  # Teams tells no name of it: clients translate it


class Place(NamedTuple):
    """A conversation, and the message of it to answer under, if any."""

    reference: Reference
    thread: str = ""


class Places:
    """Finds the conversations that the bot heard of, and begins chats with those it did not."""

    def __init__(
        self, database: Database, connector: Connector, now: Callable[[], datetime]
    ) -> None:
        self._database, self._connector, self._now = database, connector, now

    async def find(self, tenant: str, address: str) -> Place:
        """Where the bot may speak; raises Unreachable where it may not."""
        if members_of(address):
            raise Unreachable(Why.NOT_ALLOWED)  # in Teams, a bot begins no group chat
        name, _, thread = address.partition(THREAD)
        if id := _ID.fullmatch(name):
            found = await self._conversation(tenant, id[1])
        elif name.startswith("#"):
            found = await self._channel(tenant, name.removeprefix("#"))
        else:
            found = await self._chat(tenant, address)
        if not found.open:
            raise Unreachable(_closed(found.kind))
        return Place(found, thread)

    async def close(self, tenant: str, place: Reference) -> None:
        """Teams does not let the bot in any more, until it hears from there again."""
        id = place.conversation
        await self._write(lambda session: teams.leave(session, tenant, conversation=id))

    async def _conversation(self, tenant: str, id: str) -> Reference:
        """A conversation by Teams' own id; one that was never heard of may be there all the same."""
        known = await self._read(lambda session: teams.place(session, tenant, id))
        return known or await self._beside(tenant, id, _kind(id))

    async def _chat(self, tenant: str, user: str) -> Reference:
        """Somebody's own chat with the bot, which begins now if it has not."""
        if known := await self._read(lambda session: teams.personal(session, tenant, user)):
            return known
        near = await self._beside(tenant, "", ConversationKind.PERSONAL)
        begun = Reference(
            await self._connector.begin(near, tenant, user),
            ConversationKind.PERSONAL,
            near.service_url,
            bot=near.bot,
            user=user,
            member=user if user.startswith("29:") else "",
        )
        return await self._remember(tenant, begun)

    async def _channel(self, tenant: str, name: str) -> Reference:
        """The one channel of this name, or of this name in this team (`Team/Channel`). A name alone
        leads to no other team than before: anybody can have a team with such a channel."""
        team, _, channel = name.rpartition("/")
        left = await self._read(lambda session: teams.channels(session, tenant, open=False))
        if not team and any(_is_called(each, channel) for each in left):
            raise Unreachable(Why.NOT_INVITED)
        known = await self._read(lambda session: teams.channels(session, tenant))
        if team:
            known = [each for each in known if _same(await self._name(each), team)]
        found = [each for each in known if _is_called(each, channel)]
        if len(found) == 1:
            return found[0]
        found = found or await self._look(known, channel)
        if len(found) != 1:
            raise Unreachable(Why.NOT_INVITED)
        return await self._remember(tenant, found[0])

    async def _look(self, known: list[Reference], channel: str) -> list[Reference]:
        """The channels of this name in the teams of these."""
        found = []
        for of in {each.team: each for each in known if each.team}.values():
            for told in await self._told(of):
                id, name = str(told.get("id") or ""), str(told.get("name") or "")
                one = Reference(
                    id, ConversationKind.CHANNEL, of.service_url, of.bot, team=of.team, name=name
                )
                if id and _is_called(one, channel):
                    found.append(one)
        return found

    async def _told(self, of: Reference) -> list[dict[str, object]]:
        try:
            return await self._connector.channels(of)
        except Unreachable:  # taken out of this team: it may be in another
            return []

    async def _name(self, of: Reference) -> str:
        try:
            return str((await self._connector.team(of)).get("name") or "")
        except Unreachable:
            return ""

    async def _beside(self, tenant: str, id: str, kind: ConversationKind) -> Reference:
        """A conversation of the same service as the last that was heard of."""
        near = await self._read(lambda session: teams.any_place(session, tenant))
        if near is None:
            raise Unreachable(_closed(kind))
        return Reference(id, kind, near.service_url, bot=near.bot)

    # --- what is remembered ---

    async def _read(self, query: Callable[[Session], R]) -> R:
        def work() -> R:
            with self._database.look() as session:
                return query(session)

        return await self._database.read(work)

    async def _write(self, change: Callable[[Session], object]) -> None:
        def work() -> None:
            with self._database.transaction() as session:
                change(session)

        await self._database.write(work)

    async def _remember(self, tenant: str, reference: Reference) -> Reference:
        await self._write(lambda session: teams.remember(session, tenant, reference, self._now()))
        return reference


def _kind(id: str) -> ConversationKind:
    if id.startswith("a:"):
        return ConversationKind.PERSONAL
    channel = id.endswith(("@thread.tacv2", "@thread.skype"))
    return ConversationKind.CHANNEL if channel else ConversationKind.GROUP


def _closed(kind: ConversationKind) -> Why:
    return Why.CLOSED if kind is ConversationKind.PERSONAL else Why.NOT_INVITED


def _is_called(channel: Reference, name: str) -> bool:
    general = not channel.name and channel.conversation == channel.team
    return _same(channel.name, name) or (general and name.strip().casefold() in _GENERAL)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
