"""What Teams needs from time to time: whether it lets us in, and who works there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.core.news import AccountsSeen, Installed
from bot.platforms.teams.adapter import Bot
from bot.platforms.teams.names import NAME
from bot.platforms.teams.newcomers import Newcomers
from storage import teams, workspaces
from storage.database import Database
from storage.models import Workspace, WorkspaceState
from storage.teams import Reference

EVERY = 60.0  # seconds
PEOPLE_EVERY = timedelta(days=1)
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

    async def run(self) -> None:
        """For as long as the bot works."""
        while True:
            try:
                await self.look()
            except Exception as error:  # the next look may go better
                log.error("teams.look_failed", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Once: greet the tenant, knock where we were kept out, learn who is new in a team."""
        known = await self._database.read(self._known)
        if self._tenant and not self._greeted:
            await self._greet(self._tenant)
        for workspace in known:
            if workspace.state is WorkspaceState.PAUSED:
                await self._greet(workspace.external)
            elif self._is_due(workspace):
                await self._learn(workspace.external)

    def _known(self) -> list[Workspace]:
        """The tenants that the token is for; one that the settings named before is not."""
        with self._database.look() as session:
            found = workspaces.on(session, NAME)
            session.expunge_all()
            return [each for each in found if self._tenant in ("", each.external)]

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

    def _is_due(self, workspace: Workspace) -> bool:
        seen = workspace.people_seen_at
        return seen is None or self._now() - seen >= PEOPLE_EVERY

    async def _learn(self, tenant: str) -> None:
        """Who is in the teams that have the bot. Nobody else is told of."""
        for team in await self._database.read(lambda: self._teams(tenant)):
            try:
                await self._newcomers.team(tenant, team)
            except Exception as error:  # one team that does not answer keeps nobody else waiting
                log.warning("teams.people_not_seen", error=type(error).__name__)
        await self._bot.hear(AccountsSeen(NAME, tenant, (), everyone=True))

    def _teams(self, tenant: str) -> list[Reference]:
        """One channel of each team."""
        with self._database.look() as session:
            found = teams.channels(session, tenant)
        return list({each.team: each for each in found if each.team}.values())
