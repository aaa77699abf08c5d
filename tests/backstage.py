"""What runs behind a story: an event loop in a thread, and programs shut in a cage."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, TypeVar

from tests.cage import HOST, forward

T = TypeVar("T")
PATIENCE = 60.0  # seconds
ROOT = Path(__file__).parents[1]
UNSHARE = ("unshare", "--map-root-user", "--net")


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


def until(found: Callable[[], T | None], otherwise: Callable[[], str], patience: float = 40.0) -> T:
    """Wait for something to be there."""
    ends = time.monotonic() + patience
    while not (seen := found()):
        assert time.monotonic() < ends, otherwise()
        time.sleep(0.03)
    return seen


@dataclass(frozen=True)
class Caged:
    """A program in its cage, and the port of ours through which it is spoken to."""

    port: int
    child: subprocess.Popen[bytes]
    log: Path

    def lives(self) -> None:
        """A program that ended by itself ends the story, with its last words."""
        assert self.child.poll() is None, self.log.read_text()


@contextmanager
def caged(
    loop: Loop,
    folder: Path,
    bot_port: int,
    command: Callable[[int], Sequence[object]],
    environment: Mapping[str, str] | None = None,
) -> Iterator[Caged]:
    """Run the command for this port in `folder`; it reaches the bot's port and nothing else."""
    servers = loop(lambda: _bridge(folder, bot_port))
    port = servers[0].sockets[0].getsockname()[1]
    cage = (sys.executable, ROOT / "tests/cage.py", folder, str(port), str(bot_port))
    try:
        with (folder / "log").open("w") as log:
            child = _start([*UNSHARE, *cage, *command(port)], folder, log, environment)
            try:
                yield Caged(port, child, folder / "log")
            finally:
                assert child.stdin
                child.stdin.close()
                child.wait(PATIENCE)
    finally:
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
    command: Sequence[object], folder: Path, log: IO[str], more: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        cwd=folder,
        env={**os.environ, **(more or {})},
    )


@cache
def no_cage() -> str:
    """Why this machine cannot shut a program in; empty when it can."""
    if not shutil.which(UNSHARE[0]):
        return "the command unshare (util-linux) is missing"
    said = run(*UNSHARE, "echo", "alone")
    return "" if said == "alone" else f"no process may have a network of its own ({said})"


def run(*command: str) -> str:
    """What the command says, or what is wrong with it."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stdout or done.stderr).strip()
