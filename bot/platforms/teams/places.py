"""Where an address of ours is in Teams: which conversation, and which message to answer under."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bot.core.platform import Unreachable, Why, members_of
from bot.platforms.teams.connector import Connector
from storage import teams
from storage.database import Database
from storage.models import ConversationKind
from storage.teams import Reference

THREAD = ";messageid="
_ID = re.compile(r"#?((?:19|a):.+)")
_GENERAL = frozenset(("general", "algemeen"))  # Teams tells no name of it: clients translate it


class Place(NamedTuple):
    """A conversation, and the message of it to answer under, if any."""

    reference: Reference
    thread: str = ""


class Places:
    """Remembers where the bot can speak: finds the conversations that it heard of, and begins chats
    with those it did not."""

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

    async def _conversation(self, tenant: str, id: str) -> Reference:
        """A conversation by Teams' own id; one that was never heard of may be there all the same."""
        known = await self._database.asked(lambda session: teams.place(session, tenant, id))
        return known or await self._beside(tenant, id, _kind(id))

    async def _chat(self, tenant: str, user: str) -> Reference:
        """Somebody's own chat with the bot, which begins now if it has not."""
        known = await self._database.asked(lambda session: teams.personal(session, tenant, user))
        if known:
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
        left = await self._channels(tenant, open=False)
        if not team and any(_is_called(each, channel) for each in left):
            raise Unreachable(Why.NOT_INVITED)
        known = await self._channels(tenant)
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
        near = await self._database.asked(lambda session: teams.any_place(session, tenant))
        if near is None:
            raise Unreachable(_closed(kind))
        return Reference(id, kind, near.service_url, bot=near.bot)

    # --- what is remembered ---

    async def heard(self, tenant: str, reference: Reference) -> None:
        """Something was said here, so here the bot can speak, also where it could not before. What is
        known already is only looked up."""
        id = reference.conversation
        known = await self._database.asked(lambda session: teams.place(session, tenant, id))
        if id and not (known and known.tells(reference)):
            await self._remember(tenant, reference)

    async def left(self, tenant: str, *, conversation: str = "", team: str = "") -> None:
        """The bot was taken out, of a conversation or of a whole team, until it hears from there
        again."""
        await self._database.changed(
            lambda session: teams.leave(session, tenant, conversation=conversation, team=team)
        )

    async def _channels(self, tenant: str, *, open: bool = True) -> list[Reference]:
        return await self._database.asked(
            lambda session: teams.channels(session, tenant, open=open)
        )

    async def _remember(self, tenant: str, reference: Reference) -> Reference:
        await self._database.changed(
            lambda session: teams.remember(session, tenant, reference, self._now())
        )
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
