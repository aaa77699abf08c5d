"""Who people are in Teams: asked when they are met, and again once a day."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog

from bot.core.events import Who
from bot.core.news import Account, AccountsSeen, Installed, Kind, News
from bot.platforms.teams import wire
from bot.platforms.teams.accounts import account
from bot.platforms.teams.names import NAME
from storage.teams import Reference

PATIENCE = 1.5  # seconds for a question to Teams while somebody waits for an answer
FRESH, SOON = 86_400.0, 60.0  # seconds that an introduction holds, and the lack of one
MOST = 20_000  # kept in memory
log = structlog.get_logger()


class Roster(Protocol):
    """What tells who is in a conversation."""

    async def member(self, of: Reference, member: str) -> dict[str, Any]: ...
    def members(
        self, of: Reference, conversation: str = ""
    ) -> AsyncIterator[list[dict[str, Any]]]: ...


class Newcomers:
    """Introduces people to the bot. `is_known` tells whether somebody was introduced before, `admin`
    is whom the settings name as first administrator."""

    def __init__(
        self,
        hear: Callable[[News], Awaitable[object]],
        roster: Roster,
        is_known: Callable[[Who], Awaitable[bool]],
        admin: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hear, self._roster, self._is_known = hear, roster, is_known
        self._admin, self._clock = admin, clock
        self._known: OrderedDict[Who, float] = OrderedDict()  # until when

    async def know(self, who: Who, body: Mapping[str, Any], *, patience: float = PATIENCE) -> None:
        """Learn somebody's name, address, language and time zone before they are first spoken to.
        Should Teams not tell, what came along with their words must do for who is new; of others it
        would take away that they are guests."""
        now = self._clock()
        if self._known.get(who, now) > now:
            return
        member = dict(body.get("from") or {})
        told: dict[str, Any] = {}
        try:
            async with asyncio.timeout(patience):
                told = await self._roster.member(wire.reference(body), str(member.get("id")))
        except Exception as error:  # an introduction, no more: the answer must not wait for it
            log.info("teams.unknown_account", error=type(error).__name__)
        if told or not await self._is_known(who):
            await self.introduce(who.workspace, account({**member, **told}, who.workspace, body))
        self._keep(who, now + (FRESH if told else SOON))

    def _keep(self, who: Who, until: float) -> None:
        self._known[who] = until
        self._known.move_to_end(who)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    async def met(self, tenant: str, of: Reference, member: Mapping[str, Any]) -> None:
        """Somebody came to a team: not that they said anything, but colleagues may name them."""
        told = await self._roster.member(of, str(member.get("id")))
        await self.introduce(tenant, account({**member, **told}, tenant))

    async def team(self, tenant: str, of: Reference) -> None:
        """Everybody of a team that has the bot."""
        async for members in self._roster.members(of, of.team):
            await self.introduce(tenant, *(account(member, tenant) for member in members))

    async def introduce(self, tenant: str, *accounts: Account) -> None:
        """These people exist; the one whom the settings name becomes administrator."""
        people = tuple(each for each in accounts if each.user and each.kind is not Kind.BOT)
        if not people:
            return
        await self._hear(AccountsSeen(NAME, tenant, people))
        if self._admin and any(self._admin in (each.email.lower(), each.user) for each in people):
            await self._hear(Installed(NAME, tenant, only=True, admin=self._admin))
