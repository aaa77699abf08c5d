"""Answers in time: what takes longer than a platform waits goes on, and is shown afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.core.messages import Message

_LEAST = 0.1  # seconds that any work gets


class InTime:
    """Keeps what is still on its way; `seconds` is how long a platform waits, and `unshown` is told
    what went wrong with showing an answer: the work was done all the same."""

    def __init__(self, seconds: float, unshown: Callable[[Exception], object]) -> None:
        self._seconds, self._unshown = seconds, unshown
        self._tasks: set[asyncio.Task[Any]] = set()

    async def answer(
        self,
        work: Coroutine[Any, Any, Message | None],
        late: Callable[[Message | None], Awaitable[None]],
        spent: float = 0.0,
    ) -> tuple[bool, Message | None]:
        """The answer, if it comes in time; else it goes `late`, and nothing of the work stops.
        `spent` is how much of the time is over already."""
        task = self._kept(work)
        await asyncio.wait({task}, timeout=max(_LEAST, self._seconds - spent))
        if task.done():
            return True, task.result()

        async def afterwards() -> None:
            await late(await task)

        self.soon(afterwards())
        return False, None

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it without anybody waiting for it."""
        self._kept(self._quietly(work))

    async def finish(self, within: float | None = None) -> None:
        """Wait for what is still on its way; for so many seconds, where that is said."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)

    def _kept(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self._unshown(error)
