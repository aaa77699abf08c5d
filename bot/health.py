"""What an operator's tools ask of the running bot: is it alive, can it work, how is it doing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from aiohttp import web
from sqlalchemy import select

from bot.metrics import CONTENT_TYPE, Metrics
from storage import pressure, schema
from storage.database import Database

PATIENCE = 2.0  # seconds for a database to answer
ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"


class Listening(Protocol):
    """A chat platform that hears people, or for now does not."""

    async def listening(self) -> bool: ...


class Health:
    """Three pages without a name, a word or a secret."""

    def __init__(
        self,
        database: Database,
        chats: Mapping[str, Listening],
        metrics: Metrics,
        now: Callable[[], datetime],
    ) -> None:
        self._database, self._chats, self._metrics, self._now = database, chats, metrics, now

    def routes(self, router: web.UrlDispatcher) -> None:
        """Answer at ALIVE, READY and METRICS."""
        router.add_get(ALIVE, _alive)
        router.add_get(READY, self._ready)
        router.add_get(METRICS, self._measured)

    async def _ready(self, _request: web.Request) -> web.Response:
        found = {"database": await _true(self._answers), "tables": await _true(self._up_to_date)}
        for name, chat in self._chats.items():
            found[name] = await _true(chat.listening)
        ready = all(found.values())
        return web.json_response({"ready": ready, **found}, status=200 if ready else 503)

    async def _measured(self, _request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(PATIENCE):
                waiting = await self._database.asked(lambda s: pressure.look(s, self._now()))
        except Exception:  # what this process counted is worth the more
            waiting = None
        return web.Response(
            body=self._metrics.page(waiting), headers={"Content-Type": CONTENT_TYPE}
        )

    async def _answers(self) -> bool:
        return await self._database.asked(lambda session: session.scalar(select(1)) == 1)

    async def _up_to_date(self) -> bool:
        return await self._database.read(lambda: schema.is_current(self._database.engine))


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def _true(question: Callable[[], Awaitable[bool]]) -> bool:
    """The answer; no when there is none in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await question()
    except Exception:
        return False
