"""The Home tabs that people have opened, kept current while they look."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.events import Event, HomeOpened, Who
from bot.core.messages import Message
from bot.platforms.slack import answers, wire

MOST = 5_000  # tabs kept current; whoever comes back after that sees theirs drawn on opening it
PAUSE = 0.3  # seconds in which several changes become one new drawing
log = structlog.get_logger()


class Homes:
    """Draws the page somebody opens, and draws it anew when something of theirs has changed."""

    def __init__(
        self,
        act: Callable[[Event], Awaitable[Message | None]],
        clients: Callable[[str], Awaitable[AsyncWebClient]],
    ) -> None:
        self._act, self._clients = act, clients
        self._open: OrderedDict[Who, None] = OrderedDict()
        self._due: set[Who] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def opened(self, event: HomeOpened) -> None:
        """Somebody looks."""
        self._open[event.who] = None
        self._open.move_to_end(event.who)
        if len(self._open) > MOST:
            self._open.popitem(last=False)
        await self._draw(event)

    def changed(self, who: Who) -> None:
        """Something happened to somebody: their page, if they ever opened it, is drawn again."""
        if who in self._open and who not in self._due:
            self._due.add(who)
            task = asyncio.create_task(self._again(who))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for the pages that are being drawn."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _again(self, who: Who) -> None:
        await asyncio.sleep(PAUSE)
        # From here on a further change needs a further drawing.
        self._due.discard(who)
        await self._draw(wire.look(who, f"look:{secrets.token_hex(8)}"))

    async def _draw(self, event: HomeOpened) -> None:
        try:
            page = await self._act(event)
            if page:
                client = await self._clients(event.who.workspace)
                await answers.publish(client, event.who.user, page)
        except Exception as error:  # drawn at the next look
            log.warning("slack.home_not_drawn", error=type(error).__name__)
