"""The page served from a thread of its own, where everything that touches it must run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from aiohttp import web
from playwright.sync_api import Page, Request

from bot.app import App
from bot.core.messages import Message
from bot.platforms.drawn import WIRES
from bot.platforms.local.chat import BOT, Chat
from bot.platforms.local.page import build
from bot.platforms.local.platform import LocalPlatform
from bot.platforms.local.stage import Stage
from bot.simulation.workspace import SimulatedWorkspace
from handlers.routes import router
from storage import schema
from tests import sealed
from tests.local.fake_stage import FakeStage, company

S = TypeVar("S", bound=Stage)
R = TypeVar("R")


class Served(Generic[S]):
    """A stage with a page before it."""

    def __init__(self, opened: AbstractAsyncContextManager[tuple[S, LocalPlatform]]) -> None:
        self._opened = opened
        self._loop = asyncio.new_event_loop()
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()])
        self.stage: S
        self.chat: Chat
        self.address = ""

    async def _serve(self) -> None:
        async with self._opened as (self.stage, platform):
            self.chat = platform.chat
            runner = web.AppRunner(build(self.stage, platform, WIRES))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            self.address = f"http://{host}:{port}/"
            self._ready.set()
            await self._stop.wait()
            await runner.cleanup()

    def __enter__(self) -> Served[S]:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        self._loop.close()

    def do(self, work: Callable[[S], R]) -> R:
        """Have the server's thread do something, and wait for it."""

        async def there() -> R:
            return work(self.stage)

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(20)

    def posts(self, conversation: str, card: Message | str, author: str = BOT) -> None:
        self.do(lambda _: self.chat.post(conversation, author, card))


def fake() -> Served[FakeStage]:
    """A company of four, without the product."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[tuple[FakeStage, LocalPlatform]]:
        yield company()

    return Served(opened())


def simulated(folder: Path) -> Served[SimulatedWorkspace]:
    """What `make run` opens: the whole bot, and forty people."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[tuple[SimulatedWorkspace, LocalPlatform]]:
        url = f"sqlite:///{folder / 'koppel.db'}"
        schema.upgrade(url)
        database = sealed.opened(url)
        chat = Chat(folder / "chat.db")
        platform = LocalPlatform(chat)
        stage = SimulatedWorkspace(database, chat)
        app = App(database, {platform.name: platform}, now=stage.now)
        stage.begin(app, router)
        await stage.furnish()
        async with app.working():
            yield stage, platform
        chat.close()
        database.close()

    return Served(opened())


@contextmanager
def quiet(tab: Page) -> Iterator[None]:
    """Nothing is refused, missing or thrown while the visitor looks around."""
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    tab.on("requestfailed", lambda r: None if _superseded(r) else heard.append(r.url))
    yield
    assert heard == [], heard


def _superseded(request: Request) -> bool:
    """What a newer page took the place of has not failed."""
    dropped = request.failure == "net::ERR_ABORTED" and "/static/" in request.url
    return dropped or any(path in request.url for path in ("/live?", "/glass?", "/start-over"))
