"""Processes that do the bot's jobs, and are killed in the middle of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.world import World

ROOT = Path(__file__).parent.parent


class Workers:
    """Processes that compute, announce and deliver, one at a time."""

    def __init__(self, zygote: subprocess.Popen[str]) -> None:
        self._zygote = zygote
        assert self._hears() == "ready"

    def _hears(self) -> str:
        assert self._zygote.stdout is not None
        return self._zygote.stdout.readline().strip()

    def _says(self, word: str) -> None:
        assert self._zygote.stdin is not None
        self._zygote.stdin.write(f"{word}\n")
        self._zygote.stdin.flush()

    def run(self, wait: Callable[[], None] | None = None) -> int:
        """Let one work until that is over, or to its end; its exit code, -9 when it was killed."""
        self._says("go")
        worker = int(self._hears())
        if wait is not None:
            wait()
            os.kill(worker, signal.SIGKILL)
        self._says("bury it")
        return int(self._hears())


@contextmanager
def workers(world: World, arrived: Path) -> Iterator[Workers]:
    command = [sys.executable, "-m", "tests.crashing", world.database.url, str(arrived)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as zygote:
        try:
            yield Workers(zygote)
        finally:
            zygote.kill()
