"""A bot without an SDK that only listens; `says` is its next answer, and it posts what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web

from tests.backstage import Loop
from tests.cage import HOST
from tests.teams.playground.backstage import PATH
from tests.teams.playground.config import Json

Answer = tuple[int, Any]
PATIENCE, QUIET = 10.0, 0.15  # seconds


class Listener:
    """Keeps every activity, as it came."""

    def __init__(self) -> None:
        self.heard: list[Json] = []
        self.says: Callable[[Json], Answer] = lambda _: (200, None)
        self.port = 0

    async def listen(self, request: web.Request) -> web.Response:
        activity: Json = await request.json()
        self.heard.append(activity)
        status, body = self.says(activity)
        return (
            web.Response(status=status) if body is None else web.json_response(body, status=status)
        )

    def last(self, kind: str) -> Json:
        return [activity for activity in self.heard if activity["type"] == kind][-1]

    async def hears(self, many: int = 1) -> list[Json]:
        """Wait for this many, and for nothing more; the Playground answers before it has told."""
        async with asyncio.timeout(PATIENCE):
            while len(self.heard) < many:
                await asyncio.sleep(0.02)
        await asyncio.sleep(QUIET)
        return [*self.heard]

    def reset(self) -> None:
        self.heard.clear()
        self.says = lambda _: (200, None)


@contextmanager
def listening(loop: Loop) -> Iterator[Listener]:
    """A bot that listens at a port of its own."""
    bot = Listener()
    app = web.Application()
    app.router.add_post(PATH, bot.listen)
    runner = web.AppRunner(app, access_log=None)

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        port: int = runner.addresses[0][1]
        return port

    bot.port = loop(start)
    try:
        yield bot
    finally:
        loop(runner.cleanup)


async def connector(
    address: str, path: str, method: str = "GET", body: Json | None = None
) -> tuple[int, Any]:
    """Ask the Playground what a bot asks Teams: the status and the answer."""
    where = f"{address}/_connector/v3/{path}"
    async with aiohttp.ClientSession() as http, http.request(method, where, json=body) as answer:
        told = answer.content_type == "application/json"
        return answer.status, await answer.json() if told else await answer.text()


def activities(conversation: str, activity: str = "") -> str:
    """The address of a conversation's messages, or of one of them."""
    tail = f"/{activity}" if activity else ""
    return f"conversations/{quote(conversation)}/activities{tail}"
