"""Who may speak to us: only Microsoft's service, in a token that it signed for this bot.

The SDK checks the token; what it raises for a bad one, which would be our failure, becomes a no.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import jwt
import structlog
from botbuilder.integration.aiohttp import ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConstants,
    BotFrameworkAuthentication,
    ServiceClientCredentialsFactory,
)
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor

from bot.platforms.teams.keys import Keys, Unavailable

ISSUER = AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
KEYS = AuthenticationConstants.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
_LOGIN = AuthenticationConstants.TO_CHANNEL_FROM_BOT_LOGIN_URL_PREFIX
_SCOPE = AuthenticationConstants.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE
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


class _Sdk(ConfigurationBotFrameworkAuthentication):  # type: ignore[misc]
    """Makes no clients. The SDK would make two for every turn, each with a session and sockets of its
    own, which takes longer than all the rest; we call out by `connector.py`."""

    async def create_user_token_client(self, claims_identity: object) -> object:
        del claims_identity
        return _UNUSED

    async def create(self, service_url: str, audience: str) -> object:
        """As the SDK asks its connector factory."""
        del service_url, audience
        return _UNUSED


_UNUSED = object()


class Gate:
    """Checks each activity; `sdk` is what the SDK's adapter wants to authenticate with."""

    def __init__(
        self,
        credentials: ServiceClientCredentialsFactory,
        *,
        keys_url: str = KEYS,
        keys: Keys | None = None,
    ) -> None:
        self.sdk: BotFrameworkAuthentication = _Sdk(
            _Configuration(keys_url), credentials_factory=credentials
        )
        self._credentials = credentials
        # The SDK's place for such stores, one for each address.
        JwtTokenExtractor.metadataCache[keys_url] = keys or Keys(keys_url)

    async def check(self, body: dict[str, Any], header: str | None) -> AuthenticateRequestResult:
        """What the SDK goes on with. Raises Denied or Unsettled, and never says why to who asks."""
        try:
            if not await self._credentials.is_authentication_disabled():
                _must_be_from_the_service(header, body)
            activity = Activity().deserialize(body)
            checked = await self.sdk.authenticate_request(activity, header)
            checked.connector_factory = self.sdk
            return checked
        except Unavailable as error:
            log.error("teams.keys_unavailable", why=str(error))
            raise Unsettled from error
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whatever a stranger sends, it is not us who fail
            log.warning("teams.denied", why=type(error).__name__)
            raise Denied from error


def _must_be_from_the_service(header: str | None, body: dict[str, Any]) -> None:
    """Other issuers would have the SDK ask elsewhere, and without an address it would not compare the
    one in the token."""
    scheme, _, token = (header or "").partition(" ")
    said = jwt.decode(token, options={"verify_signature": False})
    if scheme != "Bearer" or said.get("iss") != ISSUER:
        raise PermissionError
    if not isinstance(body.get("serviceUrl"), str) or not body["serviceUrl"]:
        raise PermissionError
