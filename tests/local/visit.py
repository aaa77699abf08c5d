"""A visitor of the page who behaves like a browser: says where a request comes from, listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms.drawn import WIRES
from bot.platforms.local.page import build
from tests.local.fake_stage import FakeStage, company


class Visit:
    """Somebody at the page."""

    def __init__(self, client: TestClient[web.Request, web.Application], stage: FakeStage) -> None:
        self._client, self.stage, self.chat = client, stage, stage.chat
        self.origin = str(client.make_url("")).rstrip("/")

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self._client.get(path, headers=headers, allow_redirects=False)

    async def text(self, path: str, **headers: str) -> str:
        response = await self.get(path, **headers)
        assert response.status == 200
        return await response.text()

    async def post(
        self, path: str, headers: Mapping[str, str] | None = None, /, **form: str
    ) -> int:
        """The status; the form is sent the way the page's script sends it."""
        sent = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        data = {name.rstrip("_"): value for name, value in form.items()}
        headers = sent if headers is None else headers
        response = await self._client.post(f"/{path}", data=data, headers=headers)
        return response.status

    @asynccontextmanager
    async def listen(self, query: str, **headers: str) -> AsyncIterator[Listening]:
        async with self._client.get(f"/live?{query}", headers=headers) as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            yield Listening(response)


class Listening:
    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.last_id = ""

    async def hears(self, event: str, timeout: float = 5) -> dict[str, Any]:
        """The next news of this kind."""
        async with asyncio.timeout(timeout):
            while True:
                frame = (await self._response.content.readuntil(b"\n\n")).decode().strip()
                lines = dict(line.split(": ", 1) for line in frame.splitlines())
                self.last_id = lines.get("id", "")
                if lines.get("event") == event:
                    news: dict[str, Any] = json.loads(lines["data"])
                    return news


def visit(story: Callable[[Visit], Awaitable[None]]) -> Callable[[], None]:
    @wraps(story)
    def run() -> None:
        async def main() -> None:
            stage, platform = company()
            async with TestClient(TestServer(build(stage, platform, WIRES))) as client:
                await story(Visit(client, stage))

        asyncio.run(main())

    del run.__wrapped__  # else pytest takes the visit for a fixture
    return run
