"""Which of the machine's cores the threads of an event loop run on.

Python runs one thread at a time. Threads that are spread over several cores wake each other across
them at every call to a server, which takes half as long again as the work itself. So a loop and the
threads that work for it keep to one core together. They draw it anew every minute or so: two
processes that meet on one do not stay there. What computes beside them may run anywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

MOVES_EVERY = 60.0  # seconds, half as many to half as many again


def allowed() -> frozenset[int]:
    """The cores that this thread may run on; none where the system does not let us choose."""
    return frozenset(os.sched_getaffinity(0)) if sys.platform == "linux" else frozenset()


EVERY = allowed()  # from before any thread keeps to one


def anywhere() -> None:
    """The calling thread may run on any core, whoever started it."""
    _keep(0, EVERY)


class OneCore:
    """Where some threads keep together, for as long as a loop wants that."""

    def __init__(self) -> None:
        self._core = -1
        self._threads, self._lock = set[int](), threading.Lock()

    def join(self) -> None:
        """The calling thread is one of those that keep together."""
        with self._lock:
            self._threads.add(threading.get_native_id())
            if self._core >= 0:
                _keep(0, {self._core})

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """While the body runs, this loop and who joined keep to one core; other threads that the
        loop starts do not."""
        if len(EVERY) < 2:
            yield
            return
        elsewhere = ThreadPoolExecutor(thread_name_prefix="asyncio", initializer=anywhere)
        asyncio.get_running_loop().set_default_executor(elsewhere)
        self.join()
        self._move()
        moving = asyncio.create_task(self._move_now_and_then())
        try:
            yield
        finally:
            moving.cancel()
            self._part()

    async def _move_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(MOVES_EVERY * random.uniform(0.5, 1.5))
            self._move()

    def _move(self) -> None:
        with self._lock:
            self._core = random.choice(sorted(EVERY))
            for thread in self._threads:
                _keep(thread, {self._core})

    def _part(self) -> None:
        with self._lock:
            self._core = -1
            for thread in self._threads:
                _keep(thread, EVERY)


def _keep(thread: int, cores: frozenset[int] | set[int]) -> None:
    """Quietly: a thread may have ended, and a system may forbid it; then it runs where it runs."""
    if sys.platform == "linux" and cores:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(thread, cores)
