"""A bot that announces and delivers until somebody kills it: `python -m tests.crashing URL FILE`.

Its platform writes the key of each message to a file, safe on disk before the send counts as done, as a
chat service would have it. Leases are short here, so that a test need not wait for those of the dead.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import timedelta
from pathlib import Path

from bot.content import standard
from bot.core.platform import Letter
from scheduler import clock
from scheduler.delivery import Post
from storage import outbox
from storage.database import Database
from tests.world import MONDAY

outbox.LEASE = timedelta(seconds=1)


class WrittenDown:
    """Delivers into a file."""

    name = "local"

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def room(self, workspace: str) -> int:
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(random.uniform(0, 0.02))
        self._file.write(f"{letter.key}\n".encode())
        os.fsync(self._file.fileno())
        await asyncio.sleep(random.uniform(0, 0.02))


async def work(url: str, path: Path) -> None:
    """Announce and deliver until nothing is left, and a lease of the dead has run out as well."""
    database, platform = Database(url), WrittenDown(path)
    post = Post(database, {platform.name: platform})
    idle = 0
    while idle < 12:
        done = clock.run_jobs(database, standard(), MONDAY)
        done += await post.round(MONDAY)
        idle = 0 if done else idle + 1
        await asyncio.sleep(0 if done else 0.1)
    database.close()


if __name__ == "__main__":
    sys.stdout.write("working\n")
    sys.stdout.flush()
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
