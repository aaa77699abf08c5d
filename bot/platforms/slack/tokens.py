"""Which token opens which workspace, refreshed in time when tokens expire."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from datetime import timedelta
from typing import Protocol

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackClientError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.platform import Refused, TryLater
from bot.platforms.slack.installations import Installations, quiet
from bot.settings import Settings, SlackSettings
from storage.database import Database
from storage.sealing import Seal, WrongKey

log = structlog.get_logger()
EARLY = 120  # minutes before it expires that a token is refreshed
_PATIENCE = 10  # seconds for Slack to answer
_UNTIL_KNOWN = timedelta(seconds=5)
_TRANSIENT = {
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
}


class Tokens(Protocol):
    async def token(self, workspace: str) -> str:
        """The bot's token for a workspace; Refused where there is none any more."""

    async def forget(self, workspace: str) -> None:
        """The bot was removed from a workspace: keep no token of it."""


class OneToken:
    """One workspace, whose token stands in the settings; which one that is Slack must tell."""

    def __init__(self, token: str) -> None:
        self.always, self.workspace = token, ""

    async def token(self, workspace: str) -> str:
        """The token; Refused for any other workspace, such as the one of last year's token."""
        if not self.workspace:
            raise TryLater(_UNTIL_KNOWN)
        if workspace != self.workspace:
            raise Refused
        return self.always

    async def forget(self, workspace: str) -> None:
        """Nothing was stored."""


class StoredTokens:
    """Workspaces that installed the bot, each with a token that may expire after twelve hours."""

    def __init__(self, store: Installations, rotator: AsyncTokenRotator) -> None:
        self._store, self._rotator = store, rotator
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def token(self, workspace: str) -> str:
        """The bot's token for a workspace; Refused where it did not install the bot."""
        return str((await self.bot(workspace)).bot_token)

    async def bot(self, workspace: str) -> Bot:
        """The bot's account there, with a token that is good for a while."""
        bot = await self._stored(workspace)
        if not _expires_within(bot, EARLY * 60):
            return bot
        async with self._locks[workspace]:
            bot = await self._stored(workspace)  # somebody may have refreshed it while we waited
            return await self._refreshed(workspace, bot)

    async def forget(self, workspace: str) -> None:
        """Delete what a workspace gave us; a refresh that is under way cannot put it back."""
        async with self._locks[workspace]:
            await self._store.forget(workspace)

    async def _stored(self, workspace: str) -> Bot:
        try:
            bot = await self._store.bot_of(workspace)
        except WrongKey:  # what waits is kept until the key is back
            log.error("slack.token_not_opened", workspace=workspace, see="KOPPEL_SECRET_KEYS")
            bot = None
        if bot is None:
            raise Refused
        return bot

    async def _refreshed(self, workspace: str, bot: Bot) -> Bot:
        if not _expires_within(bot, EARLY * 60):
            return bot
        try:
            fresh = await self._rotator.perform_bot_token_rotation(
                bot=bot, minutes_before_expiration=EARLY
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            return await self._despite(error, workspace, bot)
        if fresh is None:
            return bot
        await self._store.async_save_bot(fresh)
        log.info("slack.token_refreshed", workspace=workspace)
        return fresh

    async def _despite(self, error: Exception, workspace: str, bot: Bot) -> Bot:
        """What to use when a token could not be refreshed."""
        now = await self._stored(workspace)
        if now.bot_token != bot.bot_token:
            return now  # another process was first
        log.warning("slack.token_not_refreshed", workspace=workspace, error=_code(error))
        if not _expires_within(bot, 60):
            return bot
        if isinstance(error, SlackTokenRotationError) and _code(error) not in _TRANSIENT:
            raise Refused from None
        raise error


class Authorize(AsyncAuthorize):
    """Tells Bolt which token goes with an event, from what is stored: no call to Slack for each."""

    def __init__(self, tokens: StoredTokens) -> None:
        self._tokens = tokens

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """The bot's token and account in the workspace the event came from; None when it is gone."""
        del context, user_id, actor_enterprise_id, actor_team_id, actor_user_id
        try:
            bot = await self._tokens.bot(team_id or "")
        except Refused:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=bot.bot_user_id,
            bot_id=bot.bot_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )


def api(slack: SlackSettings) -> AsyncWebClient:
    """Slack's Web API without a token, for what an app does in its own name."""
    return AsyncWebClient(base_url=slack.api_url, timeout=_PATIENCE, logger=quiet)


def seal(settings: Settings) -> Seal:
    """What the tokens are stored under."""
    return Seal([key.get_secret_value() for key in settings.secret_keys])


def installations(settings: Settings, database: Database) -> Installations:
    """Where the tokens of workspaces are kept."""
    assert settings.slack is not None
    return Installations(database, settings.slack.client_id, seal(settings))


def tokens(settings: Settings, database: Database) -> OneToken | StoredTokens:
    """The tokens of this installation, for one workspace or for many."""
    slack = settings.slack
    assert slack is not None
    if slack.bot_token is not None:
        return OneToken(slack.bot_token.get_secret_value())
    assert slack.client_secret is not None
    rotator = AsyncTokenRotator(
        client_id=slack.client_id,
        client_secret=slack.client_secret.get_secret_value(),
        client=api(slack),
    )
    return StoredTokens(installations(settings, database), rotator)


def _expires_within(bot: Bot, seconds: int) -> bool:
    expires = bot.bot_token_expires_at
    return expires is not None and expires <= time.time() + seconds


def _code(error: Exception) -> str:
    """What went wrong, in Slack's own word where it gives one; never what was sent."""
    if isinstance(error, SlackTokenRotationError):
        return str(error.api_error.response.get("error", "unknown"))
    return type(error).__name__
