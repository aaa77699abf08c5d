"""How fast Slack may be sent things: a budget for each workspace, a turn in each channel."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.platform import TryLater

MINUTE = 60.0
APART = 1.0  # seconds between two posts in one channel
MOST_REMEMBERED = 1_000  # channels in which something was posted a moment ago

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]


class Budget:
    """What a workspace takes: so many posts in any minute, and none while it asks to wait.

    A post counts from its start until a minute after its end, for nobody knows when in between
    Slack counted it.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._ended: deque[float] = deque()
        self._flying = 0
        self._closed_until = float("-inf")

    def left(self) -> int:
        """How many posts may start now."""
        now = self._clock()
        while self._ended and self._ended[0] + MINUTE < now:
            self._ended.popleft()
        if now < self._closed_until:
            return 0
        return max(0, self._per_minute - len(self._ended) - self._flying)

    def close(self, wait: timedelta) -> None:
        """Slack asked to wait."""
        self._closed_until = max(self._closed_until, self._clock() + wait.total_seconds())

    @contextmanager
    def one(self) -> Iterator[None]:
        """The time of one post; raises TryLater when there is no room for it."""
        if not self.left():
            raise TryLater(timedelta(seconds=self._wait()))
        self._flying += 1
        try:
            yield
        finally:
            self._flying -= 1
            self._ended.append(self._clock())

    def _wait(self) -> float:
        now = self._clock()
        free = self._ended[0] + MINUTE if self._ended else now
        return max(self._closed_until - now, free - now, 1.0)


@dataclass
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: int = 0  # turns that wait or run


class Lanes:
    """One post at a time and one a second in each channel, in the order in which they were asked."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._free_at: dict[tuple[str, str], float] = {}

    @asynccontextmanager
    async def turn(self, key: tuple[str, str], patience: float) -> AsyncIterator[None]:
        """The turn in a channel, from which on nobody else's begins; raises TryLater when it does
        not come within `patience` seconds."""
        until = self._clock() + patience
        lane = self._lanes.setdefault(key, _Lane())
        lane.asked += 1
        try:
            await _locked(lane.lock, patience)
            try:
                await self._pause(key, until)
                yield
            finally:
                lane.lock.release()
        finally:
            lane.asked -= 1
            if not lane.asked:
                del self._lanes[key]

    async def pause(self, key: tuple[str, str]) -> None:
        """Within one's turn: wait until one more may be posted."""
        await self._pause(key, float("inf"))

    async def _pause(self, key: tuple[str, str], until: float) -> None:
        free_at = self._free_at.get(key, float("-inf"))
        if max(free_at, self._clock()) > until:
            raise TryLater(timedelta(seconds=max(APART, free_at - self._clock())))
        while (wait := free_at - self._clock()) > 0:
            await self._sleep(wait)
        self._forget()
        self._free_at[key] = self._clock() + APART

    def _forget(self) -> None:
        if len(self._free_at) >= MOST_REMEMBERED:
            now = self._clock()
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}


async def _locked(lock: asyncio.Lock, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await lock.acquire()
    except TimeoutError:
        raise TryLater(timedelta(seconds=APART)) from None
