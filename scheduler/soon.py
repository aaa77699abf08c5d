"""What many ask for at the same time is done once for all of them, and soon."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

APART = 0.1  # seconds from the end of one time to the next; who asks alone waits for none of them


class Soon:
    """Does something once for all who ask before it begins; never twice at the same time."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work, self._asked, self._one = work, False, asyncio.Lock()
        self._ended = -math.inf
        self._running: set[asyncio.Task[None]] = set()

    def ask(self) -> None:
        """Have it done."""
        if self._asked:
            return
        self._asked = True
        task = asyncio.create_task(self._once())
        self._running.add(task)
        task.add_done_callback(self._over)

    async def _once(self) -> None:
        async with self._one:
            await asyncio.sleep(max(0.0, self._ended + APART - time.monotonic()))
            self._asked = False  # who asks from here on asks for another time
            await self._work()
            self._ended = time.monotonic()

    def _over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():  # perhaps before it began: then the next who asks asks anew
            self._asked = False

    async def finish(self) -> None:
        """Wait until all that was asked for is done."""
        await asyncio.gather(*self._running, return_exceptions=True)
