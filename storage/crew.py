"""Threads that work for an event loop, and hand over together what they finished together.

A thread and a loop that are both awake take Python's lock from each other at every call that lets go
of it, and each time one of them sleeps and is woken: with many events at once that cost as much as
the work itself. So a thread tells the loop when it has nothing more to do, and until then the loop
comes to see every now and then. Threads take the lock from each other in the same way, so only as few
work at once as keep the database busy, and another one joins for each that is held up.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

R = TypeVar("R")
TOGETHER = (
    0.02  # seconds after which a loop comes to see what is finished, while more is being done
)
HELD_UP = 0.02  # seconds after which a job is taken to wait for somebody: mostly for another's lock
USUAL = 3  # threads while none is held up: one works while the database thinks for others


class Crew:
    """So many threads at most, which take what there is to do in the order in which it came."""

    def __init__(self, threads: int, name: str, began: Callable[[], None] = lambda: None) -> None:
        """`began` is what each of them does first."""
        self._most, self._threads = threads, ThreadPoolExecutor(threads, name, began)
        self._at_work, self._lock = 0, threading.Lock()
        self._closed, self._in_vain = False, 0  # starts of which a thread may still come to hear
        self._waiting, self._done = deque[_Job](), deque[_Job]()
        self._doing = dict[_Job, float]()  # and since when
        # How much each loop waits for; one that is in here comes to see every now and then.
        self._asked = WeakKeyDictionary[asyncio.AbstractEventLoop, int]()

    async def do(self, work: Callable[[], R]) -> R:
        """What the work gives or raises; what its log lines belong to goes along. Work that nobody
        waits for any more when its turn comes is left."""
        job = _Job(work)
        with self._lock:
            self._waiting.append(job)
        try:
            self._start()
        except RuntimeError:  # closed, or the machine has no more threads: who asks hears that
            with self._lock:
                if not self._at_work and job in self._waiting:  # else somebody does it all the same
                    self._waiting.remove(job)
                    raise
        if job.loop not in self._asked:
            job.loop.call_later(TOGETHER, self._see, job.loop)
        self._asked[job.loop] = self._asked.get(job.loop, 0) + 1
        try:
            found: R = await job.outcome
        finally:
            if job.loop in self._asked:  # not when the loop itself is forgotten already
                self._asked[job.loop] -= 1
        return found

    def close(self) -> None:
        """Wait until everything is done; nothing more is taken."""
        self._closed = True
        self._threads.shutdown()

    def _start(self) -> None:
        """Another thread, if more is waiting than those at work may take up."""
        with self._lock:
            starts = bool(self._waiting) and self._at_work < self._most and self._free() < USUAL
            self._at_work += starts
        if not starts:
            return
        try:
            self._threads.submit(self._work)
        except RuntimeError:
            with self._lock:
                self._at_work -= 1
                self._in_vain += not self._closed
            raise

    def _free(self) -> int:
        """How many are at work and not held up."""
        if self._at_work < USUAL:
            return self._at_work
        late = time.monotonic() - HELD_UP
        return self._at_work - sum(since < late for since in self._doing.values())

    def _work(self) -> None:
        with self._lock:
            if self._in_vain:
                self._in_vain -= 1
                return
        loops = set[asyncio.AbstractEventLoop]()
        job = None
        while job := self._next(job):
            job.do()
            self._done.append(job)
            loops.add(job.loop)
        for loop in loops:
            _soon(loop, self._tell, loop)

    def _next(self, done: _Job | None) -> _Job | None:
        """What to do next; who finds nothing, or enough others, is no longer at work."""
        with self._lock:
            if done is not None:
                del self._doing[done]
            if self._waiting and self._free() <= USUAL:
                job = self._waiting.popleft()
                self._doing[job] = time.monotonic()
                return job
            self._at_work -= 1
            return None

    def _see(self, loop: asyncio.AbstractEventLoop) -> None:
        """What is finished does not wait for whatever its thread took up after it."""
        self._tell(loop)
        with contextlib.suppress(RuntimeError):  # closed: those at work finish what there is
            self._start()
        if self._asked[loop]:
            loop.call_later(TOGETHER, self._see, loop)
        else:
            del self._asked[loop]

    def _tell(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            try:
                job = self._done.popleft()
            except IndexError:  # a loop in another thread may have told the last
                return
            if job.loop is loop:
                job.tell()
            else:
                _soon(job.loop, job.tell)


def _soon(loop: asyncio.AbstractEventLoop, work: Callable[..., None], *about: object) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is over, and so is whoever waited
        loop.call_soon_threadsafe(work, *about)


class _Job:
    """Something to do for whoever waits for its outcome on a loop."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work, self._context = work, contextvars.copy_context()
        self.loop = asyncio.get_running_loop()
        self.outcome: asyncio.Future[Any] = self.loop.create_future()
        self._found: Any = None
        self._error: BaseException | None = None

    def do(self) -> None:
        if self.outcome.cancelled():
            return
        try:
            self._found = self._context.run(self._work)
        except StopIteration as error:  # no future takes it, and whoever waits would wait for ever
            self._error = RuntimeError("work raised StopIteration")
            self._error.__cause__ = error
        except BaseException as error:
            self._error = error

    def tell(self) -> None:
        if self.outcome.cancelled():
            return
        if self._error is not None:
            self.outcome.set_exception(self._error)
        else:
            self.outcome.set_result(self._found)
