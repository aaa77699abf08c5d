"""A small Slack on this machine: it answers the methods a test gives it, and remembers the calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Fields = dict[str, str]
Answer = dict[str, Any] | Callable[[Fields], dict[str, Any]]


class FakeSlack:
    """Speaks HTTP in a thread of its own, so that both kinds of client can call it."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.calls: list[tuple[str, Fields]] = []  # the token is a field of it, as "token"
        self.url = ""

    def methods(self) -> list[str]:
        """What was called, in order."""
        return [method for method, _ in self.calls]

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        fields = dict(request.query) | dict(parse_qsl(await request.text()))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token:
            fields["token"] = token
        self.calls.append((method, fields))
        answer = self.answers.get(method, {"ok": False, "error": "unknown_method"})
        body = answer(fields) if callable(answer) else answer
        await asyncio.sleep(0.02)  # long enough for a second caller to come in between
        return web.json_response(body, headers=self.headers.get(method))


@contextmanager
def fake_slack() -> Iterator[FakeSlack]:
    """A Slack that listens while the body runs."""
    fake, ready, loop = FakeSlack(), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        application = web.Application()
        application.router.add_route("*", "/api/{method}", fake.answer)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield fake
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
