"""Slack at work: requests over HTTP or a socket of our own, and an eye on every workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import parse_qsl

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.events import Who
from bot.core.news import Installed
from bot.core.platform import Bot
from bot.platforms.slack import oauth, scopes
from bot.platforms.slack.adapter import GUARD, Adapter
from bot.platforms.slack.homes import Homes
from bot.platforms.slack.installations import States, quiet
from bot.platforms.slack.newcomers import Newcomers
from bot.platforms.slack.sending import TAKES, SlackPlatform
from bot.platforms.slack.tending import Tending
from bot.platforms.slack.tokens import StoredTokens, installations, tokens
from bot.platforms.slack.wire import NAME
from bot.platforms.tending import again_and_again
from bot.settings import Settings
from storage import people
from storage.database import Database

_PATIENCE = 15  # seconds for Slack to answer
_TIMEOUT = aiohttp.ClientTimeout(total=_PATIENCE)  # the SDK sets none on a session it is given
_FORM = "application/x-www-form-urlencoded"
_PING = 10.0  # seconds between signs of life on the socket, and until it is asked for again
log = structlog.get_logger()


class Slack:
    """Everything of Slack, behind two doors: `platform` speaks, and while `working` it listens."""

    def __init__(self, settings: Settings, database: Database, guard: float = GUARD) -> None:
        assert settings.slack is not None
        self._guard = guard
        self._settings, self._slack, self._database = settings, settings.slack, database
        self._tokens = tokens(settings, database)
        self._session: aiohttp.ClientSession | None = None
        self._socket: AsyncSocketModeHandler | None = None
        limit = TAKES._replace(posts=settings.slack.messages_per_minute)
        self.platform = SlackPlatform(self.client, limit=limit)

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
    async def connected(self) -> AsyncIterator[None]:
        """Keeps connections to Slack for reuse; to be left last, when the post has finished."""
        # No answer waits for a connection behind letters to a workspace that hangs; how many are sent
        # at once is the post's business.
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=_TIMEOUT, connector=connector) as self._session:
            yield

    @asynccontextmanager
    async def working(
        self, bot: Bot, routes: web.UrlDispatcher, now: Callable[[], datetime]
    ) -> AsyncIterator[None]:
        """Listens while the body runs, by `routes` or by a socket; then lets answers finish."""
        homes = Homes(bot.act, self.client)
        self.platform.sent = lambda workspace, user: homes.changed(Who(NAME, workspace, user))
        newcomers = Newcomers(bot.hear, self._is_known)
        adapter = Adapter(bot, newcomers, homes, self._tokens.forget, self._guard)
        app = self._app(bot)
        adapter.listen(app)
        if self._slack.signing_secret:  # without one, anybody could speak for Slack
            _hear(app, routes)
        _invite(app, routes)
        tending = Tending(self._settings, self._database, bot, self._tokens, self._client, now)
        running = [asyncio.create_task(again_and_again(tending.look, NAME))]
        if self._slack.app_token:
            token = self._slack.app_token.get_secret_value()
            running.append(asyncio.create_task(self._listen(app, token)))
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await adapter.finish()
            await homes.finish()

    async def listening(self) -> bool:
        """Whether people are heard now; over HTTP it is Slack that comes to us."""
        if self._slack.app_token is None:
            return True
        return self._socket is not None and await self._socket.client.is_connected()

    async def _is_known(self, who: Who) -> bool:
        return await self._database.asked(lambda session: people.is_introduced(session, who))

    def _app(self, bot: Bot) -> AsyncApp:
        secret = self._slack.signing_secret
        signing = secret.get_secret_value() if secret else ""
        if not isinstance(self._tokens, StoredTokens):
            assert self._slack.bot_token is not None
            client = self._client(self._slack.bot_token.get_secret_value())
            return AsyncApp(
                signing_secret=signing, client=client, process_before_response=True, logger=quiet
            )

        async def installed(workspace: str, name: str, by: str) -> None:
            await bot.hear(Installed(NAME, workspace, name=name, by=by))

        store = installations(self._settings, self._database)
        states = States(self._database)
        return AsyncApp(
            signing_secret=signing,
            client=self._client(),
            oauth_flow=oauth.flow(self._settings, store, states, self._tokens, installed),
            process_before_response=True,
            logger=quiet,
        )

    async def _listen(self, app: AsyncApp, token: str) -> None:
        """Keep a line to Slack open. The SDK asks for one until it has one, and renews it."""
        web_client = self._client(token)
        self._socket = socket = AsyncSocketModeHandler(
            app, token, logger=quiet, web_client=web_client, ping_interval=_PING
        )
        try:
            await socket.connect_async()  # type: ignore[no-untyped-call]
            log.info("slack.listening", by="socket")
            await asyncio.Event().wait()
        finally:
            await socket.close_async()  # type: ignore[no-untyped-call]


def _hear(app: AsyncApp, routes: web.UrlDispatcher) -> None:
    """Slack's requests, each with a signature."""

    async def events(request: web.Request) -> web.StreamResponse:
        try:
            return await to_aiohttp_response(await app.async_dispatch(await _read(request)))
        except web.HTTPException:
            raise
        except Exception as error:  # Bolt raises many kinds for what is no request of Slack's
            log.warning("slack.no_request", error=type(error).__name__)
            return web.Response(status=400, text="This is no request of Slack's.")

    routes.add_post(scopes.REQUESTS, events)


async def _read(request: web.Request) -> AsyncBoltRequest:
    """The request as Bolt wants it. By itself Bolt takes any form in which the word «payload» stands
    for a click, so a command that says it, or a channel called so, would be lost."""
    raw = await request.text()
    if request.content_type == _FORM and "payload" in raw:
        fields = dict(parse_qsl(raw, keep_blank_values=True))
        if "command" in fields:
            read = AsyncBoltRequest(body=fields, headers=dict(request.headers), mode="socket_mode")
            read.raw_body, read.mode = raw, "http"  # its signature is checked all the same
            return read
    return await to_bolt_request(request)


def _invite(app: AsyncApp, routes: web.UrlDispatcher) -> None:
    """The pages of an installation, where workspaces install the bot themselves."""
    flow = app.oauth_flow
    if flow is not None:

        async def install(request: web.Request) -> web.StreamResponse:
            found = await flow.handle_installation(await to_bolt_request(request))
            return await to_aiohttp_response(found)

        async def back(request: web.Request) -> web.StreamResponse:
            found = await flow.handle_callback(await to_bolt_request(request))
            return await to_aiohttp_response(found)

        routes.add_get(scopes.INSTALL, install)
        routes.add_get(scopes.REDIRECT, back)
