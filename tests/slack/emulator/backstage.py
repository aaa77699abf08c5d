"""What runs behind a story: an event loop in a thread, and local-slack in its cage."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from tests.slack.emulator.binary import ROOT, UNSHARE, binary
from tests.slack.emulator.cage import HOST, forward

T = TypeVar("T")
Json = dict[str, Any]
PATIENCE = 60.0  # seconds


class Loop:
    """An event loop in a thread of its own; stories are told outside of it, one step at a time."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="backstage")

    def __enter__(self) -> Loop:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self(self._finish)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()

    def __call__(self, work: Callable[[], Awaitable[T]], patience: float = PATIENCE) -> T:
        async def there() -> T:
            return await work()

        return asyncio.run_coroutine_threadsafe(there(), self.loop).result(patience)

    async def _finish(self) -> None:
        """Whatever still goes on, a connection kept open say, ends here."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.loop.shutdown_default_executor()


class Workspace:
    """A running local-slack: its `_control` addresses and the socket that its own page uses."""

    def __init__(self, loop: Loop, port: int) -> None:
        self._loop, self.address = loop, f"http://{HOST}:{port}"

    async def state(self) -> Json:
        """Everything there is: channels, messages, open modals, Home tabs, the log."""
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{self.address}/ui") as ui:
            first: Json = (await ui.receive_json())["state"]
            return first

    async def control(self, path: str, **body: Any) -> Json:
        """Returns when the bot has answered, or should have."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.address}/_control/{path}", json=body) as answer,
        ):
            said: Json = await answer.json()
            return said

    async def get(self, path: str) -> Json:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{self.address}/_control/{path}") as answer,
        ):
            said: Json = await answer.json()
            return said

    async def page(self, until: str, **frame: Any) -> Json:
        """Do what only the page can do, and wait for what comes of it."""
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{self.address}/ui") as ui:
            await ui.receive_json()
            await ui.send_json(frame)
            while True:
                heard: Json = await ui.receive_json(timeout=PATIENCE)
                if heard["t"] in until.split("|"):
                    return heard


@contextmanager
def workspace(loop: Loop, config: Json, bot_port: int) -> Iterator[Workspace]:
    """local-slack with this configuration, whose events go to a port of ours."""
    program = binary()
    with tempfile.TemporaryDirectory(prefix="slack-") as name:
        folder = Path(name)
        (folder / "config.json").write_text(json.dumps(config))
        servers = loop(lambda: _bridge(folder, bot_port))
        port = servers[0].sockets[0].getsockname()[1]
        with (folder / "log").open("w") as log:
            child = _start(program, folder, port, bot_port, log)
            try:
                found = Workspace(loop, port)
                loop(lambda: _answers(found, child, folder / "log"))
                yield found
            finally:
                assert child.stdin
                child.stdin.close()
                child.wait(PATIENCE)
                for server in servers:
                    loop.loop.call_soon_threadsafe(server.close)


async def _bridge(folder: Path, bot_port: int) -> list[asyncio.Server]:
    """Our ends of the two ways through the wall of the cage."""
    into = forward(lambda: asyncio.open_unix_connection(folder / "out"))
    out = forward(lambda: asyncio.open_connection(HOST, bot_port))
    return [
        await asyncio.start_server(into, HOST, 0),
        await asyncio.start_unix_server(out, folder / "in"),
    ]


def _start(
    program: Path, folder: Path, port: int, bot_port: int, log: Any
) -> subprocess.Popen[bytes]:
    cage = (sys.executable, "-m", "tests.slack.emulator.cage", folder, str(port), str(bot_port))
    inside = (program, "--config", folder / "config.json", "--port", str(port))
    return subprocess.Popen(
        [*UNSHARE, *cage, *inside, "--base-host", HOST, "--files-dir", folder / "files"],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        cwd=ROOT,
    )


async def _answers(found: Workspace, child: subprocess.Popen[bytes], log: Path) -> None:
    async with asyncio.timeout(PATIENCE - 1):
        while True:
            try:
                await found.state()
                return
            except (aiohttp.ClientError, TypeError):  # TypeError: hung up before the first word
                assert child.poll() is None, log.read_text()
                await asyncio.sleep(0.05)
