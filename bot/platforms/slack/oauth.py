"""Installing by web page: Slack's own flow, our stores, our pages, and who is welcome."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urljoin

import aiohttp
import structlog
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Installation

from bot.platforms.slack import pages, scopes
from bot.platforms.slack.installations import STATE_SECONDS, Installations, States, quiet
from bot.platforms.slack.tokens import Authorize, StoredTokens, api
from bot.settings import Settings, SlackSettings

log = structlog.get_logger()
_EXPIRED = {"invalid_browser", "invalid_state", "missing_code", "invalid_code"}
# The workspace's id and name, and who installed the bot there.
Installed = Callable[[str, str, str], Awaitable[None]]


class Unwelcome(BoltError):
    """This installation is not kept; the word is the page that says why."""

    def __init__(self, page: str, name: str) -> None:
        super().__init__(page)
        self.page, self.name = page, name


class Installing(AsyncOAuthFlow):
    """Bolt's flow, except that only the welcome are stored and that every failure has a page."""

    def __init__(self, slack: SlackSettings, settings: AsyncOAuthSettings) -> None:
        super().__init__(client=api(slack), logger=quiet, settings=settings)
        self._slack = slack

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        """The page with the button, whose cookie ties what follows to this browser."""
        try:
            response = await super().handle_installation(request)
        except Exception as error:
            return self._failed(error)
        response.headers.update({name.lower(): [value] for name, value in pages.HEADERS.items()})
        return response

    async def handle_callback(self, request: AsyncBoltRequest) -> BoltResponse:
        """What somebody sees who comes back from Slack."""
        try:
            return await super().handle_callback(request)
        except Exception as error:
            return self._failed(error)

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Our page instead of Bolt's."""
        del request
        return pages.page("begin", link=url)

    async def store_installation(
        self, request: AsyncBoltRequest, installation: Installation
    ) -> None:
        """Keep it when it is welcome; otherwise give the token back and keep nothing."""
        refusal = self._refusal(installation)
        if refusal:
            with contextlib.suppress(SlackClientError, aiohttp.ClientError, TimeoutError):
                await self.client.auth_revoke(token=installation.bot_token)
            log.info("slack.not_installed", why=refusal, workspace=installation.team_id)
            raise Unwelcome(refusal, installation.team_name or "")
        await super().store_installation(request, installation)

    def _refusal(self, installation: Installation) -> str:
        if installation.is_enterprise_install or not installation.team_id:
            return "org_wide"
        return "" if self._slack.welcomes(installation.team_id) else "not_welcome"

    def _failed(self, error: Exception) -> BoltResponse:
        """Where to look is in the log; what was said may hold a secret."""
        reference = secrets.token_hex(3).upper()
        log.error("slack.install_failed", reference=reference, error=type(error).__name__)
        body = pages.page("failed", link=self.install_path, detail=reference)
        return _response(500, body, self.settings)


def oauth_settings(
    settings: Settings, store: Installations, states: States, installed: Installed
) -> AsyncOAuthSettings:
    """What Bolt's flow wants to know; `installed` hears of each workspace that is stored."""
    slack = settings.slack
    assert slack is not None
    assert slack.client_secret is not None

    async def success(args: AsyncSuccessArgs) -> BoltResponse:
        new = args.installation
        await installed(str(new.team_id), new.team_name or "", new.user_id or "")
        link = (
            f"https://slack.com/app_redirect?app={_quoted(new.app_id)}&team={_quoted(new.team_id)}"
        )
        body = pages.page("installed", link=link, name=new.team_name or "")
        return _response(200, body, args.settings)

    return AsyncOAuthSettings(
        client_id=slack.client_id,
        client_secret=slack.client_secret.get_secret_value(),
        scopes=list(scopes.BOT),
        user_scopes=[],
        redirect_uri=f"{settings.public_url}{scopes.REDIRECT}",
        install_path=scopes.INSTALL,
        redirect_uri_path=scopes.REDIRECT,
        callback_options=AsyncCallbackOptions(success=success, failure=_failure),
        authorization_url=urljoin(slack.api_url, "../oauth/v2/authorize"),
        installation_store=store,
        installation_store_bot_only=True,
        state_store=states,
        state_expiration_seconds=STATE_SECONDS,
        logger=quiet,
    )


def flow(
    settings: Settings,
    store: Installations,
    states: States,
    tokens: StoredTokens,
    installed: Installed,
) -> Installing:
    """The flow for `AsyncApp(oauth_flow=…)`; it also tells Bolt which token answers which event."""
    assert settings.slack is not None
    about = oauth_settings(settings, store, states, installed)
    about.authorize = Authorize(tokens)
    return Installing(settings.slack, about)


async def _failure(args: AsyncFailureArgs) -> BoltResponse:
    log.info("slack.install_stopped", reason=args.reason[:60])
    again = args.settings.install_path
    match args.error, args.reason:
        case Unwelcome() as refusal, _:
            link = again if refusal.page == "org_wide" else ""
            body = pages.page(refusal.page, link=link, name=refusal.name)
            return _response(403, body, args.settings)
        case _, "access_denied":
            body = pages.page("access_denied", link=again)
        case _, reason if reason in _EXPIRED:
            body = pages.page("expired", link=again)
        case _, reason:
            body = pages.page("failed", link=again, detail=reason[:60])
    return _response(args.suggested_status_code, body, args.settings)


def _response(status: int, body: str, settings: AsyncOAuthSettings) -> BoltResponse:
    cookie = settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(status=status, body=body, headers={**pages.HEADERS, "Set-Cookie": cookie})


def _quoted(value: str | None) -> str:
    return quote(value or "", safe="")
