"""Tokens for speaking to Teams' connector: one fetch for all who wait, and the next near its end.

The SDK makes new credentials for every turn and every message, each with an empty cache. Here they
are made once, ask Microsoft in a thread, and know by themselves when to ask again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import msal
import requests
import structlog
from botframework.connector.auth import (
    AppCredentials,
    AuthenticationConstants,
    ServiceClientCredentialsFactory,
)

from bot.core.platform import Refused
from bot.platforms.teams.failures import NotArrived

SCOPE: str = AuthenticationConstants.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE
LOGIN: str = AuthenticationConstants.TO_CHANNEL_FROM_BOT_LOGIN_URL_PREFIX
MARGIN = 240.0  # seconds before a token's end; msal itself gives none that ends within 300
_WITHIN = 10.0  # seconds for one request
_REFUSED = frozenset(
    ("invalid_client", "unauthorized_client", "invalid_request", "invalid_tenant", "access_denied")
)
log = structlog.get_logger()

Fetch = Callable[[], Mapping[str, Any]]


class Credentials(AppCredentials):  # type: ignore[misc] # the SDK has no types
    """One app's right to speak to one service; `fetch` asks for a token as msal answers."""

    def __init__(
        self,
        app_id: str,
        scope: str,
        fetch: Fetch | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(app_id=app_id, oauth_scope=scope)
        self._fetch, self._clock = fetch, clock
        self._token, self._until = "", float("-inf")
        self._turn, self._lock = asyncio.Lock(), Lock()

    @property
    def are_needed(self) -> bool:
        """Whether whoever speaks has to prove who they are."""
        return self._fetch is not None

    async def token(self) -> str | None:
        """A token that is good for a while; None where nobody asks for one (the playground).

        Raises Refused when Microsoft knows no such app or secret, NotArrived when it cannot be
        asked.
        """
        if self._fetch is None:
            return None
        if kept := self._kept():
            return kept
        async with self._turn:
            return self._kept() or await asyncio.to_thread(self.get_access_token)

    def get_access_token(self, force_refresh: bool = False) -> str:
        """The same for the SDK, which asks from a thread of its own."""
        if self._fetch is None:
            return ""
        with self._lock:
            if force_refresh or not self._kept():
                self._keep(_fetched(self._fetch))
            return self._token

    def forget(self) -> None:
        """Teams did not take the token: the next one is fetched anew."""
        self._until = float("-inf")

    def _kept(self) -> str:
        return self._token if self._clock() < self._until else ""

    def _keep(self, found: Mapping[str, Any]) -> None:
        lasts = float(found.get("expires_in") or 0)
        self._token = str(found["access_token"])
        self._until = self._clock() + max(lasts - MARGIN, lasts / 2)


class CredentialsFactory(ServiceClientCredentialsFactory):  # type: ignore[misc] # no types
    """The same credentials for the same app, scope and endpoint, however often one asks.

    A single-tenant app proves itself with its secret, a managed identity by where it runs.
    """

    def __init__(
        self,
        app_id: str,
        *,
        password: str = "",
        tenant_id: str = "",
        managed_identity: bool = False,
        playground: bool = False,
        clock: Callable[[], float] = time.monotonic,
        http: Any = None,
    ) -> None:
        """`http` takes the place of the client by which msal asks; ValueError without a way to
        prove who we are."""
        if not playground and not (app_id and (managed_identity or (password and tenant_id))):
            raise ValueError("an app needs its secret and tenant, or a managed identity")
        self._app_id, self._password, self._tenant = app_id, password, tenant_id
        self._managed, self._playground = managed_identity, playground
        self._clock, self._http = clock, http
        self._made: dict[tuple[str, str, str], Credentials] = {}

    async def is_valid_app_id(self, app_id: str) -> bool:
        return bool(app_id) and app_id == self._app_id

    async def is_authentication_disabled(self) -> bool:
        return self._playground

    async def create_credentials(
        self, app_id: str, oauth_scope: str, login_endpoint: str, validate_authority: bool
    ) -> Credentials:
        """What the SDK asks for at each turn; ValueError for another app than ours."""
        del validate_authority  # msal knows Microsoft's own
        if not self._playground and not await self.is_valid_app_id(app_id):
            raise ValueError("these are credentials of another app")
        return self._credentials(oauth_scope or SCOPE, login_endpoint or LOGIN)

    def connector(self) -> Credentials:
        """For speaking to the connector."""
        return self._credentials(SCOPE, LOGIN)

    def _credentials(self, scope: str, endpoint: str) -> Credentials:
        key = self._app_id, scope, endpoint
        if key not in self._made:
            fetch = None if self._playground else self._fetch(scope, endpoint)
            app_id = "" if self._playground else self._app_id
            self._made[key] = Credentials(app_id, scope, fetch, self._clock)
        return self._made[key]

    def _fetch(self, scope: str, endpoint: str) -> Fetch:
        resource = scope.removesuffix("/.default")
        if self._managed:
            return lambda: self._identity().acquire_token_for_client(resource=resource)
        authority = f"https://{urlsplit(endpoint).netloc}/{self._tenant}"
        scopes = [f"{resource}/.default"]
        return lambda: self._secretive(authority).acquire_token_for_client(scopes)

    def _secretive(self, authority: str) -> Any:
        """Made anew for each fetch, an hour apart: what it keeps in between, Credentials keeps."""
        return msal.ConfidentialClientApplication(
            self._app_id,
            client_credential=self._password,
            authority=authority,
            http_client=self._http,
            timeout=_WITHIN,
        )

    def _identity(self) -> Any:
        identity = msal.UserAssignedManagedIdentity(client_id=self._app_id)
        return msal.ManagedIdentityClient(identity, http_client=self._http or _Patient())


class _Patient(requests.Session):
    """A client that does not wait for ever."""

    def request(self, method: str, url: str, **given: Any) -> requests.Response:  # type: ignore[override]
        return super().request(method, url, **{"timeout": _WITHIN, **given})


def _fetched(fetch: Fetch) -> Mapping[str, Any]:
    try:
        found = fetch()
    except Exception as error:  # msal's, requests', or what the machine's own service does
        log.warning("teams.no_token", error=type(error).__name__)
        raise NotArrived(type(error).__name__) from None  # it may hold the request
    if "access_token" in found:
        return found
    what = str(found.get("error") or "unknown")[:60]
    log.error("teams.no_token", error=what, codes=found.get("error_codes"))
    raise (Refused if what in _REFUSED else NotArrived)(what)
