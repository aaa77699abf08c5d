"""How fast a platform may be sent things: a budget for each place, a turn in each conversation."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice, takewhile

from bot.core.platform import Limit, TryLater

MOST_REMEMBERED = 1_000  # conversations in which something was posted a moment ago
_LEAST = 1.0  # seconds after which to come again
_BLINK = 0.001  # seconds; what ends in this very moment still counts

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]


class Budget:
    """What a place takes: so many posts in any stretch of time, and none while it asks to wait.

    A post counts from its start until a stretch after its end, for nobody knows when in between
    the platform counted it.
    """

    def __init__(self, limits: Sequence[Limit], clock: Clock) -> None:
        self._limits, self._clock = limits, clock
        self._longest = max(limit.seconds for limit in limits)
        self._ended: deque[float] = deque()
        self._flying = 0
        self._closed_until = float("-inf")

    def left(self) -> int:
        """How many posts may start now."""
        now = self._clock()
        self._forget(now)
        if now < self._closed_until:
            return 0
        free = (limit.posts - self._within(limit, now) for limit in self._limits)
        return max(0, min(free) - self._flying)

    def wait(self) -> float:
        """Seconds until one more may start, as far as can be told; 0 when it may now."""
        if self.left():
            return 0.0
        now = self._clock()
        free = (self._free_at(limit, now) for limit in self._limits)
        return max(self._closed_until - now, *(at - now for at in free), _BLINK)

    def close(self, wait: timedelta) -> None:
        """The platform asked to wait."""
        self._closed_until = max(self._closed_until, self._clock() + wait.total_seconds())

    def is_closed(self) -> bool:
        return self._clock() < self._closed_until

    def is_idle(self) -> bool:
        """Whether nothing would be lost by forgetting it."""
        self._forget(self._clock())
        return not (self._ended or self._flying or self.is_closed())

    @contextmanager
    def one(self) -> Iterator[None]:
        """The time of one post; raises TryLater when there is no room for it."""
        if wait := self.wait():
            raise TryLater(timedelta(seconds=max(wait, _LEAST)))
        self._flying += 1
        try:
            yield
        finally:
            self._flying -= 1
            self._ended.append(self._clock())

    def _forget(self, now: float) -> None:
        while self._ended and self._ended[0] + self._longest < now:
            self._ended.popleft()

    def _within(self, limit: Limit, now: float) -> int:
        if limit.seconds == self._longest:
            return len(self._ended)
        recent = takewhile(lambda at: at + limit.seconds >= now, reversed(self._ended))
        return sum(1 for _ in islice(recent, limit.posts))

    def _free_at(self, limit: Limit, now: float) -> float:
        """When the post leaves the stretch that must, for one more to start; now, if it is not for
        this limit or for posts that nobody knows the end of."""
        allowed = limit.posts - self._flying
        if allowed < 1 or self._within(limit, now) < allowed:
            return now
        return self._ended[-allowed] + limit.seconds + _BLINK


@dataclass
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: int = 0  # turns that wait or run


class Lanes:
    """One post at a time in each conversation, so many seconds `apart`, in the order in which they
    were asked."""

    def __init__(self, clock: Clock, sleep: Sleep, apart: float = 0.0) -> None:
        self._clock, self._sleep, self._apart = clock, sleep, apart
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._free_at: dict[tuple[str, str], float] = {}

    @asynccontextmanager
    async def turn(self, key: tuple[str, str], patience: float) -> AsyncIterator[None]:
        """The turn in a conversation, from which on nobody else's begins; raises TryLater when it does
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
            raise TryLater(timedelta(seconds=max(_LEAST, free_at - self._clock())))
        while (wait := free_at - self._clock()) > 0:
            await self._sleep(wait)
        self._forget()
        self._free_at[key] = self._clock() + self._apart

    def _forget(self) -> None:
        if len(self._free_at) >= MOST_REMEMBERED:
            now = self._clock()
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}


async def _locked(lock: asyncio.Lock, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await lock.acquire()
    except TimeoutError:
        raise TryLater(timedelta(seconds=_LEAST)) from None
