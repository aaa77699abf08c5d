"""A process that computes, announces and delivers, to be killed: `python -m tests.crashing URL FILE`.

It waits for a line, then forks a worker and says its number; so each worker begins at once, with
everything imported. At the next line it says how the worker ended; until then the number is not given
to another process. What a worker sends it writes to the file, on disk before it goes on.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import timedelta

from sqlmodel import Session, col, select

from bot.content import standard
from bot.core.platform import FREELY, Letter
from scheduler import announcing, delivery, rounds
from storage import computing, sending
from storage.models import Delivery, DeliveryState, Round, RoundState
from tests import sealed
from tests.world import MONDAY

TAKES = 0.02  # seconds that a send takes, before and after it arrives


class File:
    """A platform on which a message has arrived when its key is on disk."""

    name = "local"
    pace = FREELY

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def room(self, workspace: str) -> int:
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(TAKES)
        os.write(self._file, f"{letter.key}\n".encode())
        os.fsync(self._file)
        await asyncio.sleep(TAKES)


def work(url: str, path: str) -> None:
    """As the clock does it, until nothing is left."""
    database, platforms = sealed.opened(url), {"local": File(path)}
    # On PostgreSQL it takes a lease to be sure that one died.
    lease = computing.LEASE = timedelta(seconds=1)
    computing.PART = 8  # more moments at which something is half done
    if database.is_sqlite:
        with database.transaction() as session:
            sending.release_all(session)
            computing.release_all(session)
    announcing.BATCH = 8
    left = True
    while left:
        rounds.compute_requested(database, lambda: MONDAY, lambda: False)
        with database.transaction() as session:
            announcing.announce(session, MONDAY, standard())
        if not asyncio.run(delivery.Post(database, platforms, lease=lease).round(MONDAY)):
            time.sleep(0.02)
        with database.look() as session:
            left = is_left(session)
    database.close()


def is_left(session: Session) -> bool:
    """Whether anything is still to be announced or sent."""
    under_way = (RoundState.REQUESTED, RoundState.COMPUTING, RoundState.ANNOUNCING)
    announcing = select(Round.id).where(col(Round.state).in_(under_way))
    waiting = select(Delivery.id).where(Delivery.state == DeliveryState.WAITING)
    return any(session.exec(query).first() is not None for query in (announcing, waiting))


def main(url: str, path: str) -> None:
    standard()
    print("ready", flush=True)  # noqa: T201
    for _ in sys.stdin:
        worker = os.fork()
        if worker == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            try:
                work(url, path)
            except BaseException as error:
                print(f"failed {error!r}", flush=True)  # noqa: T201
                os._exit(1)
            os._exit(0)
        print(worker, flush=True)  # noqa: T201
        sys.stdin.readline()
        print(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
