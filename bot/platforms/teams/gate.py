"""Who may speak to us: only Microsoft's service, in a token that it signed for this bot; and where
nobody proves anything, in the Playground, only a program on this machine.

The SDK checks the token; what it raises for a bad one, which would be our failure, becomes a no.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import jwt
import structlog
from botbuilder.integration.aiohttp import ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConstants,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
    ServiceClientCredentialsFactory,
)
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor

from bot.platforms.teams.keys import Keys, Unavailable
from bot.platforms.teams.transport import is_on_this_machine

ISSUER = AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
KEYS = AuthenticationConstants.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
_LOGIN = AuthenticationConstants.TO_CHANNEL_FROM_BOT_LOGIN_URL_PREFIX
_SCOPE = AuthenticationConstants.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE
_NO_CLIENT = object()
_PASSED_ON = ("Origin", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via")
log = structlog.get_logger()


class Denied(Exception):
    """Not let in: 401."""


class Unsettled(Exception):
    """Who it is cannot be told now: 503, so that Teams tries again."""


@dataclass(frozen=True)
class _Configuration:
    """What the SDK reads by these names."""

    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL: str
    TO_CHANNEL_FROM_BOT_LOGIN_URL: str = _LOGIN
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE: str = _SCOPE
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER: str = ISSUER
    OAUTH_URL: str = AuthenticationConstants.OAUTH_URL
    TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL: str = (
        AuthenticationConstants.TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL
    )


class _Authentication(ConfigurationBotFrameworkAuthentication):  # type: ignore[misc] # no types
    """The SDK makes two clients for every turn, which takes longer than all else we do for it. Nobody
    uses them: what we say goes through our own connector."""

    async def authenticate_request(
        self, activity: Activity, auth_header: str | None
    ) -> AuthenticateRequestResult:
        checked = await super().authenticate_request(activity, auth_header)
        checked.connector_factory = _NoClients()
        return checked

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> object:
        del claims_identity
        return _NO_CLIENT


class _NoClients(ConnectorFactory):  # type: ignore[misc] # no types
    async def create(self, service_url: str, audience: str | None = None) -> object:
        del service_url, audience
        return _NO_CLIENT


class Gate:
    """Checks each activity; `sdk` is what the SDK's adapter wants to authenticate with."""

    def __init__(
        self,
        credentials: ServiceClientCredentialsFactory,
        *,
        keys_url: str = KEYS,
        keys: Keys | None = None,
    ) -> None:
        self.sdk: BotFrameworkAuthentication = _Authentication(
            _Configuration(keys_url), credentials_factory=credentials
        )
        self._credentials = credentials
        # The SDK's place for such stores, one for each address.
        JwtTokenExtractor.metadataCache[keys_url] = keys or Keys(keys_url)

    async def check(
        self, activity: Activity, headers: Mapping[str, str]
    ) -> AuthenticateRequestResult:
        """What the SDK goes on with. Raises Denied or Unsettled, and never says why to who asks."""
        header = headers.get("Authorization")
        try:
            if await self._credentials.is_authentication_disabled():
                _must_be_from_this_machine(headers, activity)
            else:
                _must_be_from_the_service(header, activity)
            return await self.sdk.authenticate_request(activity, header)
        except Unavailable as error:
            log.error("teams.keys_unavailable", why=str(error))
            raise Unsettled from error
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whatever a stranger sends, it is not us who fail
            log.warning("teams.denied", why=type(error).__name__)
            raise Denied from error


def _must_be_from_the_service(header: str | None, activity: Activity) -> None:
    """Other issuers would have the SDK ask elsewhere, and without an address it would not compare the
    one in the token."""
    scheme, _, token = (header or "").partition(" ")
    said = jwt.decode(token, options={"verify_signature": False})
    if scheme != "Bearer" or said.get("iss") != ISSUER:
        raise PermissionError
    if not activity.service_url:
        raise PermissionError


def _must_be_from_this_machine(headers: Mapping[str, str], activity: Activity) -> None:
    """A proxy would let the internet in, and any page in this machine's browser can post here: it
    could be whom it likes, and have the answers sent to itself."""
    proper = headers.get("Content-Type", "").partition(";")[0].strip() == "application/json"
    passed_on = any(name in headers for name in _PASSED_ON)
    at_home = is_on_this_machine(f"http://{headers.get('Host', '')}")
    if not proper or passed_on or not at_home:
        raise PermissionError
    if not is_on_this_machine(activity.service_url or ""):
        raise PermissionError
