"""Who comes too often waits; nobody else waits for them."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

from aiohttp import web
from aiohttp.typedefs import Middleware

PERSON = (60, 2.0)  # things that one does: at once, and then a second
ADDRESS = (120, 20.0)  # pages that one address asks for
MOST = 10_000  # senders remembered: those who came last
WAIT = 10  # seconds until who was refused may try again
_SIGNED = (400, 401)  # how an address that checks signatures answers who has none


class Turnstile:
    """Lets each sender in so many times at once, and then so many times a second."""

    def __init__(
        self, at_once: int, a_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once, self._a_second, self._clock = at_once, a_second, clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # and since when

    def admits(self, sender: Hashable) -> bool:
        """Whether this sender may come in now; who is not remembered may."""
        now = self._clock()
        left, since = self._left.pop(sender, (float(self._at_once), now))
        left = min(self._at_once, left + (now - since) * self._a_second)
        admitted = left >= 1
        self._left[sender] = (left - admitted, now)
        if len(self._left) > MOST:
            self._left.popitem(last=False)
        return admitted


def by_address(signed: tuple[str, ...], turnstile: Turnstile) -> Middleware:
    """Pages are for each address so often. At an address that checks signatures only who has none is
    counted: behind a proxy Slack and a stranger come from the same address."""

    @web.middleware
    async def limited(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path not in signed:
            return await handler(request) if turnstile.admits(request.remote) else _refused()
        response = await handler(request)
        if response.status in _SIGNED and not turnstile.admits(request.remote):
            return _refused()
        return response

    return limited


def _refused() -> web.Response:
    return web.Response(
        status=429, text="Too many requests. Please wait.", headers={"Retry-After": str(WAIT)}
    )
