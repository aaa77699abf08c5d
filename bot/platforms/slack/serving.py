"""Slack at work: requests over HTTP or a socket of our own, and an eye on every workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.events import Who
from bot.core.news import Account, AccountsSeen, Installed
from bot.core.platform import Letter, Refused
from bot.platforms.slack import oauth
from bot.platforms.slack.accounts import everyone
from bot.platforms.slack.adapter import Adapter, Bot
from bot.platforms.slack.failures import read
from bot.platforms.slack.homes import Homes
from bot.platforms.slack.installations import quiet
from bot.platforms.slack.newcomers import Newcomers
from bot.platforms.slack.sending import SlackPlatform
from bot.platforms.slack.tokens import Authorize, OneToken, tokens
from bot.platforms.slack.wire import NAME
from bot.settings import Settings
from storage import people, workspaces
from storage.database import Database
from storage.models import Workspace, WorkspaceState

LOOK_EVERY = timedelta(minutes=1)  # at workspaces that keep us out
LOOK_AT_ALL_EVERY = timedelta(days=1)  # at who works there
_PATIENCE = 15  # seconds for Slack to answer
log = structlog.get_logger()


class Slack:
    """Everything of Slack, behind the two doors that the rest has for it: `platform`, which speaks,
    and the bot given to `working`, which is spoken to."""

    def __init__(self, settings: Settings, database: Database) -> None:
        assert settings.slack is not None
        self._settings, self._slack, self._database = settings, settings.slack, database
        self._tokens = tokens(settings, database)
        self._session: aiohttp.ClientSession | None = None
        self.platform = _Platform(self.client, per_minute=settings.slack.messages_per_minute)

    async def client(self, workspace: str) -> AsyncWebClient:
        """The Web API in the name of the bot in a workspace; Refused where it has no token."""
        return self._client(await self._tokens.token(workspace))

    def _client(self, token: str | None = None) -> AsyncWebClient:
        return AsyncWebClient(
            token=token,
            base_url=self._slack.api_url,
            timeout=_PATIENCE,
            session=self._session,
            logger=quiet,
        )

    @asynccontextmanager
    async def working(
        self, bot: Bot, routes: web.UrlDispatcher, now: Callable[[], datetime]
    ) -> AsyncIterator[None]:
        """Listens while the body runs, by `routes` or by a socket; then lets answers finish."""
        async with aiohttp.ClientSession() as self._session:
            homes = Homes(bot.act, self.client)
            self.platform.homes = homes
            adapter = Adapter(bot, Newcomers(bot.hear, self._is_known), homes, self._tokens.forget)
            app = self._app(bot)
            adapter.listen(app)
            self._serve(app, routes)
            tending = asyncio.create_task(self._tend(bot, now))
            socket = await self._connect(app)
            try:
                yield
            finally:
                if socket:
                    await socket.close_async()  # type: ignore[no-untyped-call]
                tending.cancel()
                await asyncio.gather(tending, return_exceptions=True)
                await adapter.finish()
                await homes.finish()

    async def _is_known(self, who: Who) -> bool:
        def look() -> bool:
            with self._database.look() as session:
                return people.is_introduced(session, who)

        return await self._database.read(look)

    # --- being spoken to ---

    def _app(self, bot: Bot) -> AsyncApp:
        secret = self._slack.signing_secret
        shared = {
            "signing_secret": secret.get_secret_value() if secret else None,
            "client": self._client(),
            "process_before_response": True,
            "logger": quiet,
        }
        if isinstance(self._tokens, OneToken):
            shared["client"] = None
            token = self._slack.bot_token
            assert token is not None
            return AsyncApp(**shared | {"client": self._client(token.get_secret_value())})

        async def installed(workspace: str, name: str, by: str) -> None:
            await bot.hear(Installed(NAME, workspace, name=name, by=by))

        return AsyncApp(
            **shared,
            authorize=Authorize(self._tokens),
            oauth_flow=oauth.flow(self._settings, self._database, installed),
        )
