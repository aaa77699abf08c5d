"""What Teams needs from time to time: whether it lets us in, and who works there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.core.news import AccountsSeen, Installed
from bot.core.platform import Bot
from bot.platforms.teams.names import NAME
from bot.platforms.teams.newcomers import Newcomers
from bot.platforms.tending import is_due, known
from storage import teams
from storage.database import Database
from storage.models import WorkspaceState

log = structlog.get_logger()


class Tending:
    """Looks at the tenant once a minute, and at everybody in its teams once a day."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        newcomers: Newcomers,
        lets_in: Callable[[], Awaitable[object]],
        tenant: str,
        now: Callable[[], datetime],
        admin: str = "",
    ) -> None:
        """`lets_in` asks Microsoft for a token, and raises when there is none; `tenant` is that of the
        settings, "" in the Playground."""
        self._database, self._bot, self._newcomers = database, bot, newcomers
        self._lets_in, self._now = lets_in, now
        self._tenant, self._admin = tenant, admin
        self._greeted = False

    async def look(self) -> None:
        """Once: greet the tenant, knock where we were kept out, learn who is new in a team."""
        found = await known(self._database, NAME)
        if self._tenant and not self._greeted:
            await self._greet(self._tenant)
        for workspace in found:
            if self._tenant not in ("", workspace.external):
                continue  # one that the settings named before: our token is not for it
            if workspace.state is WorkspaceState.PAUSED:
                await self._greet(workspace.external)
            elif is_due(workspace, self._now()):
                await self._learn(workspace.external)

    async def _greet(self, tenant: str) -> None:
        """Ask whether Microsoft lets us in; then the tenant's queue goes on."""
        try:
            await self._lets_in()
        except Exception as error:
            log.error("teams.keeps_us_out", why=type(error).__name__)
            return
        await self._bot.hear(Installed(NAME, tenant, only=True, admin=self._admin))
        self._greeted = True
        log.info("teams.welcomes_us", tenant=tenant)

    async def _learn(self, tenant: str) -> None:
        """Who is in the teams that have the bot. Nobody else is told of."""
        channels = await self._database.asked(lambda session: teams.channels(session, tenant))
        for team in {each.team: each for each in channels if each.team}.values():
            try:
                await self._newcomers.team(tenant, team)
            except Exception as error:  # one team that does not answer keeps nobody else waiting
                log.warning("teams.people_not_seen", error=type(error).__name__)
        await self._bot.hear(AccountsSeen(NAME, tenant, (), everyone=True))
