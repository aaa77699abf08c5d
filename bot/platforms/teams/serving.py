"""Teams at work: activities at one address, and an eye on who is where."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web

from bot.core.events import Who
from bot.core.news import Installed
from bot.core.platform import Bot
from bot.platforms.teams import playground, wire
from bot.platforms.teams.adapter import GUARD, Adapter
from bot.platforms.teams.answers import Speaking
from bot.platforms.teams.connector import Connector
from bot.platforms.teams.door import Door
from bot.platforms.teams.gate import KEYS, Gate
from bot.platforms.teams.names import MESSAGES, NAME
from bot.platforms.teams.newcomers import Newcomers
from bot.platforms.teams.sending import TeamsPlatform
from bot.platforms.teams.tending import Tending
from bot.platforms.teams.tokens import CredentialsFactory
from bot.platforms.tending import again_and_again
from bot.settings import Settings
from storage import people
from storage.database import Database

log = structlog.get_logger()


class Teams:
    """Everything of Teams, behind two doors: `platform` speaks, and while `working` it listens."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        guard: float = GUARD,
        keys_url: str = KEYS,
        microsoft: object = None,
    ) -> None:
        """`microsoft` takes the place of the client by which tokens are asked for."""
        assert settings.teams is not None
        self._settings, self._teams, self._database = settings, settings.teams, database
        self._guard = guard
        password = self._teams.app_password
        factory = CredentialsFactory(
            self._teams.app_id,
            password=password.get_secret_value() if password else "",
            tenant_id=self._teams.tenant_id,
            managed_identity=self._teams.managed_identity,
            playground=self._teams.playground,
            http=microsoft,
        )
        self._gate = Gate(factory, keys_url=keys_url)
        self._credentials = factory.connector()
        shown = playground.within if self._teams.playground else playground.as_it_is
        self.connector = Connector(self._credentials, shown=shown)
        self.platform = TeamsPlatform(self.connector, database)
        self._tenants: set[str] = set()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Keeps connections for reuse; to be left last, when the post has finished."""
        try:
            yield
        finally:
            await self.connector.close()

    @asynccontextmanager
    async def working(
        self, bot: Bot, routes: web.UrlDispatcher, now: Callable[[], datetime]
    ) -> AsyncIterator[None]:
        """Listens while the body runs; then lets answers finish."""
        newcomers = Newcomers(bot.hear, self.connector, self._is_known, self._settings.admin)

        async def welcomes(body: Mapping[str, Any]) -> bool:
            return await self._welcomes(bot, body)

        places, speaking = self.platform.places, Speaking(self.connector)
        adapter = Adapter(bot, newcomers, places, speaking, welcomes, self._guard)
        routes.add_post(MESSAGES, Door(self._gate, adapter.turn).receive)
        tending = Tending(
            self._database,
            bot,
            newcomers,
            self._credentials.token,
            self._teams.tenant_id,
            now,
            self._settings.admin,
        )
        running = asyncio.create_task(again_and_again(tending.look, NAME))
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await adapter.finish()

    async def listening(self) -> bool:
        """Whether people are heard now: it is Teams that comes to us."""
        return True

    async def _welcomes(self, bot: Bot, body: Mapping[str, Any]) -> bool:
        """Only the tenant of the settings is served; in the Playground, whichever it invents."""
        tenant = wire.tenant(body)
        if self._teams.playground and tenant:
            await self._meet(bot, tenant, body)
            return True
        if not tenant or tenant != self._teams.tenant_id:
            log.warning("teams.other_tenant", tenant=tenant[:40])
            return False
        return True

    async def _is_known(self, who: Who) -> bool:
        return await self._database.asked(lambda session: people.is_introduced(session, who))

    async def _meet(self, bot: Bot, tenant: str, body: Mapping[str, Any]) -> None:
        """The first to come in the Playground is administrator there: somebody must be."""
        first = wire.who(body)
        if tenant in self._tenants or first is None:
            return
        self._tenants.add(tenant)
        by = "" if self._settings.admin else first.user
        await bot.hear(Installed(NAME, tenant, name="Agents Playground", only=True, by=by))
