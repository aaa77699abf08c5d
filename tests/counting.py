"""A Slack in this process, over HTTP, that counts what arrives of each letter. It has workspaces where
a bot writes to people and may look what stands there, and others with channels that it may not read.

Above its limit it answers 429. Some letters arrive and are never answered; now and then a workspace
wants nothing for a while.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from aiohttp import web

from bot.core.platform import Limit

BOT = {"ok": True, "bot_id": "B1", "user_id": "UBOT"}
Json = dict[str, Any]


@dataclass(frozen=True)
class Habits:
    """How this Slack behaves."""

    limit: Limit
    takes: float = 0.05  # seconds before a letter arrives, and again until that is answered
    silent: int = 0  # of so many letters one is not answered; 0 for none
    closes: int = 0  # after so many letters in a workspace it wants none for a while; 0 for never
    closed_for: float = 1.0


@dataclass
class CountingSlack:
    """What arrived, and who brought it."""

    habits: Habits
    arrived: Counter[str] = field(default_factory=Counter)
    brought: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    silent: set[str] = field(default_factory=set)
    busy: Counter[str] = field(default_factory=Counter)  # letters under way, by process
    too_many: int = 0  # 429s because a limit was passed
    told_to_wait: int = 0  # 429s of a workspace that wants nothing for a while
    url: str = ""
    _posts: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _count: Counter[str] = field(default_factory=Counter)
    _closed: dict[str, float] = field(default_factory=dict)
    _chats: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))

    async def answer(self, request: web.Request) -> web.Response:
        """One call of the Web API, by the process whose name ends the token."""
        workspace, process = request.headers["Authorization"].split("-")[1:]
        said = await request.json() if request.content_type.endswith("json") else {}
        said = {**request.query, **(said or dict(await request.post()))}
        match request.match_info["method"]:
            case "chat.postMessage":
                self.busy[process] += 1
                try:
                    return await self._posted(request, workspace, process, said)
                finally:
                    self.busy[process] -= 1
            case "conversations.open":
                return web.json_response({"ok": True, "channel": {"id": _chat(said["users"])}})
            case "conversations.history":
                messages = self._chats[f"{workspace} {said['channel']}"]
                return web.json_response({"ok": True, "messages": messages})
            case _:
                return web.json_response(BOT)

    async def _posted(
        self, request: web.Request, workspace: str, process: str, said: Json
    ) -> web.Response:
        if wait := self._wait(workspace):
            after = {"Retry-After": str(wait)}
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers=after
            )
        key = _key(said)
        self.brought[process].add(key)
        await asyncio.sleep(self.habits.takes)
        self.arrived[key] += 1
        self._chats[f"{workspace} {_chat(said['channel'])}"].append(
            {"metadata": said["metadata"]} | BOT
        )
        if self._is_silent(key):
            self.silent.add(key)
            while not _has_hung_up(request):
                await asyncio.sleep(0.05)
        await asyncio.sleep(self.habits.takes)
        return web.json_response({"ok": True, "channel": said["channel"], "ts": "1.1"})

    def _wait(self, workspace: str) -> int:
        """Seconds that the workspace asks to wait; 0 for a letter that it takes."""
        now, posts, limit = time.monotonic(), self._posts[workspace], self.habits.limit
        while posts and posts[0] + limit.seconds <= now:
            posts.popleft()
        posts.append(now)
        if len(posts) > limit.posts:
            self.too_many += 1
            return math.ceil(limit.seconds)
        self._count[workspace] += 1
        if self._count[workspace] == self.habits.closes:
            self._count[workspace], self._closed[workspace] = 0, now + self.habits.closed_for
        left = self._closed.get(workspace, now) - now
        self.told_to_wait += left > 0
        return max(0, math.ceil(left))

    def _is_silent(self, key: str) -> bool:
        """Of the same letters every time, so that what happens can be told again."""
        number = int.from_bytes(blake2b(key.encode(), digest_size=4).digest())
        chosen = self.habits.silent and number % self.habits.silent == 0
        return bool(chosen) and key not in self.silent


def _has_hung_up(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _key(said: Json) -> str:
    return str(said["metadata"]["event_payload"]["key"])


def _chat(address: str) -> str:
    return f"D{address[1:]}" if address[:1] == "U" else address


@contextmanager
def counting_slack(habits: Habits) -> Iterator[CountingSlack]:
    """One that answers in a thread of its own."""
    slack, up = CountingSlack(habits), Future[Callable[[], object]]()
    application = web.Application()
    application.router.add_route("*", "/api/{method}", slack.answer)

    async def serve() -> None:
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        up.set_result(lambda: loop.call_soon_threadsafe(over.set))
        await over.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    end = up.result()
    try:
        yield slack
    finally:
        end()
        thread.join()
