"""What Slack needs from time to time: who works there, and whether it lets us in again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.news import AccountsSeen, Installed
from bot.core.platform import Bot, Refused, TryLater
from bot.platforms.slack.accounts import everyone
from bot.platforms.slack.failures import KINDS, code
from bot.platforms.slack.tokens import OneToken, Tokens
from bot.platforms.slack.wire import NAME
from bot.platforms.tending import is_due, known
from bot.settings import Settings
from storage.database import Database
from storage.models import Workspace, WorkspaceState

log = structlog.get_logger()


class Tending:
    """Looks at every workspace once a minute, and at everybody in it once a day."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        bot: Bot,
        tokens: Tokens,
        client: Callable[[str], AsyncWebClient],
        now: Callable[[], datetime],
    ) -> None:
        """`client` speaks with a token; `tokens` knows whose."""
        self._admin = settings.admin
        self._database, self._bot, self._tokens = database, bot, tokens
        self._client, self._now = client, now
        self._cleared: set[str] = set()

    async def look(self) -> None:
        """Once: greet the workspace of the settings, knock where we were kept out, learn who is new."""
        if isinstance(self._tokens, OneToken) and not self._tokens.workspace:
            await self._greet(self._tokens.always)
        for workspace in await known(self._database, NAME):
            await self._look_at(workspace)

    async def _look_at(self, workspace: Workspace) -> None:
        id = workspace.external
        if workspace.state is WorkspaceState.GONE:
            if id not in self._cleared:  # should the process have died before it forgot the token
                self._cleared.add(id)
                await self._tokens.forget(id)
            return
        self._cleared.discard(id)
        try:
            token = await self._tokens.token(id)
        except (*KINDS, Refused, TryLater) as error:
            log.error("slack.no_token", workspace=id, why=type(error).__name__)
            return
        if workspace.state is WorkspaceState.PAUSED:
            await self._greet(token)
        elif is_due(workspace, self._now()):
            await self._learn(id, self._client(token))

    async def _greet(self, token: str) -> None:
        """Ask whether a workspace lets us in; then its queue goes on."""
        try:
            found = await self._client(token).auth_test()
        except KINDS as error:
            log.error("slack.keeps_us_out", why=code(error) or type(error).__name__)
            return
        name, id = str(found.get("team") or ""), str(found["team_id"])
        # Who is administrator may have been put right in the settings since everybody was seen.
        admin, only = "", isinstance(self._tokens, OneToken)
        if isinstance(self._tokens, OneToken):
            self._tokens.workspace, admin = id, self._admin
        await self._bot.hear(Installed(NAME, id, name=name, only=only, admin=admin))
        log.info("slack.welcomes_us", workspace=id)

    async def _learn(self, id: str, client: AsyncWebClient) -> None:
        """Who works there now. The first administrator is whom the settings name, else the owner."""
        owner = ""
        try:
            async for accounts in everyone(client, id):
                owner = owner or next((one.user for one in accounts if one.owner), "")
                await self._bot.hear(AccountsSeen(NAME, id, tuple(accounts)))
        except KINDS as error:
            why = code(error) or type(error).__name__
            log.warning("slack.people_not_seen", workspace=id, why=why)
            return
        await self._bot.hear(AccountsSeen(NAME, id, (), everyone=True))
        if isinstance(self._tokens, OneToken):
            by = "" if self._admin else owner
            await self._bot.hear(Installed(NAME, id, by=by, admin=self._admin))
