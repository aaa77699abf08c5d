"""What Slack needs from time to time: who works there, and whether it lets us in again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.news import AccountsSeen, Installed
from bot.core.platform import Refused
from bot.platforms.slack.accounts import everyone
from bot.platforms.slack.adapter import Bot
from bot.platforms.slack.failures import KINDS, code
from bot.platforms.slack.wire import NAME
from bot.settings import Settings
from storage import workspaces
from storage.database import Database
from storage.models import Workspace, WorkspaceState

EVERY = 60.0  # seconds
PEOPLE_EVERY = timedelta(days=1)
log = structlog.get_logger()


class Tending:
    """Looks at every workspace once a minute, and at everybody in it once a day."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        bot: Bot,
        clients: Callable[[str], Awaitable[AsyncWebClient]],
        now: Callable[[], datetime],
    ) -> None:
        assert settings.slack is not None
        self._token = settings.slack.bot_token
        self._admin = settings.admin
        self._database, self._bot, self._clients, self._now = database, bot, clients, now
        self._greeted = False

    async def run(self) -> None:
        """For as long as the bot works."""
        while True:
            try:
                await self.look()
            except Exception as error:  # the next look may go better
                log.error("slack.look_failed", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Once: greet the workspace of the settings, knock where we were kept out, learn who is new."""
        if self._token and not self._greeted:
            self._greeted = await self._greet("")
        for workspace in await self._database.read(self._known):
            if workspace.state is WorkspaceState.PAUSED:
                await self._greet(workspace.external)
            elif self._is_due(workspace):
                await self._learn(workspace)

    def _known(self) -> list[Workspace]:
        with self._database.look() as session:
            found = workspaces.active(session, NAME)
            session.expunge_all()
            return found

    def _is_due(self, workspace: Workspace) -> bool:
        seen = workspace.people_seen_at
        return seen is None or self._now() - seen >= PEOPLE_EVERY

    async def _greet(self, workspace: str) -> bool:
        """Whether a workspace lets us in; then its queue goes on."""
        try:
            client = await self._clients(workspace)
            found = await client.auth_test()
        except (*KINDS, Refused) as error:
            why = code(error) or type(error).__name__
            log.error("slack.keeps_us_out", workspace=workspace, why=why)
            return False
        name, id = str(found.get("team") or ""), str(found["team_id"])
        # Who is administrator may have been put right in the settings since everybody was seen.
        admin = self._admin if self._token else ""
        await self._bot.hear(Installed(NAME, id, name=name, only=bool(self._token), admin=admin))
        log.info("slack.welcomes_us", workspace=id)
        return True

    async def _learn(self, workspace: Workspace) -> None:
        """Who works there now. The first administrator is whom the settings name, else the owner."""
        id, owner = workspace.external, ""
        try:
            client = await self._clients(id)
            async for accounts in everyone(client, id):
                owner = owner or next((one.user for one in accounts if one.owner), "")
                await self._bot.hear(AccountsSeen(NAME, id, tuple(accounts)))
        except (*KINDS, Refused) as error:
            why = code(error) or type(error).__name__
            log.warning("slack.people_not_seen", workspace=id, why=why)
            return
        await self._bot.hear(AccountsSeen(NAME, id, (), everyone=True))
        if self._token:
            by = "" if self._admin else owner
            await self._bot.hear(Installed(NAME, id, by=by, admin=self._admin))
