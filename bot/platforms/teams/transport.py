"""Requests to Teams' services: the SDK's pipeline over one session that never blocks the loop.

Bodies go out as the JSON they are: the SDK's models lose what they do not know, such as the tenant
of a conversation. Nothing is sent in the open, except to this machine where no token goes along,
and no redirect is followed.
"""

from __future__ import annotations

import json
import re
from typing import Any

import structlog
from aiohttp import ClientSession, ClientTimeout
from botframework.connector.aio import ConnectorClient
from botframework.connector.aiohttp_bf_pipeline import AsyncBfPipeline
from botframework.connector.bot_framework_sdk_client_async import BotFrameworkConnectorConfiguration
from msrest.pipeline import Request, Response, SansIOHTTPPolicy
from msrest.pipeline.async_abc import AsyncHTTPSender
from msrest.universal_http import ClientRequest
from yarl import URL

from bot.platforms.teams.failures import Answer, NotArrived
from bot.platforms.teams.texts import Json
from bot.platforms.teams.tokens import Credentials

CONNECT_WITHIN = 5.0  # seconds
_MOST_CLIENTS = 100
_SAFE = re.compile(r"https://[\w.-]+(:\d+)?(/[\w.~-]*)*")
_HERE = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/[\w.~-]*)*")
log = structlog.get_logger()


class Transport:
    """Asks once and tells what was answered, whatever that is; `within` are seconds."""

    def __init__(self, credentials: Credentials, within: float) -> None:
        self._credentials, self._sender = credentials, _Sender(credentials, within)
        self._clients: dict[str, ConnectorClient] = {}

    async def close(self) -> None:
        await self._sender.close()

    async def ask(self, url: str, method: str, path: str, body: Json | None = None) -> Answer:
        """The answer of the service at `url`; a token that is not taken is fetched anew, once.

        Raises what the network does, and what `Credentials.token` does.
        """
        client = self._client(url)
        request = ClientRequest(method, f"{url.rstrip('/')}/v3/{path}")
        request.headers["Accept"] = "application/json"
        if body is not None:
            request.headers["Content-Type"] = "application/json; charset=utf-8"
            request.data = json.dumps(body, ensure_ascii=False).encode()
        answer = await _run(client, request)
        if answer.status == 401 and self._credentials.are_needed:
            self._credentials.forget()
            answer = await _run(client, request)
        return answer

    def _client(self, url: str) -> ConnectorClient:
        """The client of one service, if what is said to it stays between us."""
        if client := self._clients.get(url):
            return client
        in_the_open = not self._credentials.are_needed and is_on_this_machine(url)
        if not in_the_open and not _SAFE.fullmatch(url):
            log.error("teams.unsafe_service", see="the service address is not https")
            raise NotArrived("unsafe service")
        # A policy of msrest's cannot wait for a token, so the sender brings it, and this one nothing.
        config = BotFrameworkConnectorConfiguration(
            SansIOHTTPPolicy(), url, pipeline_type=AsyncBfPipeline, sender=self._sender
        )
        if len(self._clients) >= _MOST_CLIENTS:
            self._clients.clear()
        client = ConnectorClient(config.credentials, url, custom_configuration=config)
        self._clients[url] = client
        return client


class _Sender(AsyncHTTPSender[ClientRequest, Answer]):
    """Takes the place of the SDK's `requests` in threads."""

    def __init__(self, credentials: Credentials, within: float) -> None:
        self._credentials = credentials
        self._timeout = ClientTimeout(total=within, sock_connect=CONNECT_WITHIN)
        self._session: ClientSession | None = None

    async def __aexit__(self, *details: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(
        self, request: Request[ClientRequest], **config: Any
    ) -> Response[ClientRequest, Answer]:
        del config
        asked = request.http_request
        headers = dict(asked.headers)
        if token := await self._credentials.token():
            headers["Authorization"] = f"Bearer {token}"
        if self._session is None:
            self._session = ClientSession(timeout=self._timeout, trust_env=True)
        async with self._session.request(
            asked.method,
            URL(asked.url, encoded=True),
            data=asked.data,
            headers=headers,
            allow_redirects=False,
        ) as answer:
            text = (await answer.read()).decode(errors="replace")
            retry_after = answer.headers.get("Retry-After", "")
            return Response(request, Answer(answer.status, text, retry_after))


def is_on_this_machine(url: str) -> bool:
    """Whether what is said there stays here, though in the open."""
    return bool(_HERE.fullmatch(url))


async def _run(client: ConnectorClient, request: ClientRequest) -> Answer:
    response = await client.config.pipeline.run(request)
    answer: Answer = response.http_response
    return answer
