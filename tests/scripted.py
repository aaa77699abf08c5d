"""A small web service on loopback that fails when a test says so; what it serves, its kinds know."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer

Json = dict[str, Any]


class Ends(Protocol):
    """How one request ends, instead of well."""

    @property
    def drop(self) -> bool: ...  # the connection
    @property
    def hang(self) -> bool: ...  # never answer


O = TypeVar("O", bound=Ends)  # noqa: E741 - an outcome


class Scripted(ABC, Generic[O]):
    """Serves while it is entered."""

    def __init__(self) -> None:
        self._scripts: dict[str, deque[O | None]] = defaultdict(deque)
        self._always: dict[str, O] = {}
        self._over = asyncio.Event()

    def script(self, what: str, *outcomes: O | None) -> None:
        """The next requests of this kind end so; None: well."""
        self._scripts[what].extend(outcomes)

    def always(self, what: str, outcome: O | None) -> None:
        """Every request of this kind ends so that has no script."""
        self._always.pop(what, None)
        if outcome:
            self._always[what] = outcome

    def outcome(self, is_meant: Callable[[str], bool]) -> O | None:
        """How a request ends for which these kinds are meant."""
        for what, script in self._scripts.items():
            if script and is_meant(what):
                return script.popleft()
        return next((one for what, one in self._always.items() if is_meant(what)), None)

    @abstractmethod
    def routed(self, app: web.Application) -> None:
        """The addresses it has."""

    def url(self, path: str) -> str:
        return str(self._server.make_url(path))

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10**8)
        self.routed(app)
        self._over = asyncio.Event()
        self._server = TestServer(app)
        await self._server.start_server(shutdown_timeout=0.1)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        await self._server.close()

    async def broken(self, request: web.Request, outcome: O) -> web.Response | None:
        """What is left of a request whose connection breaks, or None when it does not."""
        if outcome.hang:
            await self._over.wait()
        if not (outcome.drop or outcome.hang):
            return None
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


class Reply:
    """What a platform got as the answer to its request."""

    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text

    @property
    def json(self) -> Json:
        found: Json = json.loads(self.text) if self.text else {}
        return found


async def until(true: Callable[[], Any], seconds: float = 5.0) -> Any:
    """What it takes for this to become true, else what it is in the end."""
    for _ in range(int(seconds * 50)):
        if found := true():
            return found
        await asyncio.sleep(0.02)
    return true()
