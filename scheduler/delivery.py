"""The post: takes promised messages from the outbox to their platform."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.core.platform import FREELY, Pace, Platform, Refused, TryLater, Unreachable, Unsure
from bot.core.watching import NOBODY, Watcher
from storage import returned, sending
from storage.database import Database
from storage.outages import Away
from storage.sending import Claimed, Queue

BATCH = 40  # sends in flight at the same time for one workspace: what a crash may repeat
SEND_WITHIN = sending.LEASE.total_seconds() / 2  # nobody else may take over while we still try
AGAIN = 1.0  # seconds after which a database that is away is tried again
log = structlog.get_logger()


class Post:
    """A queue for each workspace: one that is slow, full or silent holds up no other."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        watcher: Watcher = NOBODY,
        lease: timedelta = sending.LEASE,
    ) -> None:
        """`lease` is how long others leave alone what this process sends, should it die."""
        self._database, self._platforms, self._watcher = database, platforms, watcher
        self._lease = lease
        self._running: dict[int, asyncio.Task[int]] = {}
        self._stopping = False

    async def start(self, now: datetime) -> None:
        """Set every queue going that has something due and does not run yet."""
        if self._stopping:
            return
        for queue in await self._database.read(lambda: due(self._database, now)):
            if not self._stopping and queue.workspace_id not in self._running:
                task = asyncio.create_task(self._empty(queue, now))
                self._running[queue.workspace_id] = task
                task.add_done_callback(partial(self._ended, queue.workspace_id))

    def _ended(self, workspace_id: int, task: asyncio.Task[int]) -> None:
        del self._running[workspace_id]
        if task.cancelled() or not (error := task.exception()) or isinstance(error, Away):
            return
        log.error("post.failed", error=type(error).__name__)  # the next tick tries again

    async def round(self, now: datetime) -> int:
        """Send everything that is due and that there is room for; how much was tried."""
        await self.finish()
        await self.start(now)
        return sum(await asyncio.gather(*self._running.values()))

    async def finish(self, *, stop: bool = False) -> None:
        """Wait for what is being sent to be sent and noted."""
        self._stopping = self._stopping or stop
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _empty(self, queue: Queue, now: datetime) -> int:
        total = 0
        while not self._stopping:
            tried, asked = await self._batch(queue, now)
            total += tried
            if tried < asked or not asked:
                break
        return total

    async def _batch(self, queue: Queue, now: datetime) -> tuple[int, int]:
        """How many were tried, and how many there was room for."""
        platform = self._platforms.get(queue.platform)
        room = min(BATCH, platform.room(queue.workspace)) if platform else 0
        if platform is None or room <= 0:
            return 0, 0
        pace, lease = platform.pace, self._lease
        claimed = await self._database.write(
            lambda: claim(self._database, queue, now, room, pace, lease)
        )
        if claimed:
            failures = await send(claimed, platform, min(SEND_WITHIN, lease.total_seconds() / 2))
            for failure in failures:
                self._watcher.tried(queue.platform, _outcome(failure))
            await self._noted(claimed, failures, now)
        return len(claimed), room

    async def _noted(
        self, claimed: Sequence[Claimed], failures: Sequence[Exception | None], now: datetime
    ) -> None:
        """Note it, however long the database is away: what was not noted would be sent again."""
        while True:
            try:
                await self._database.write(lambda: note(self._database, claimed, failures, now))
            except Away:
                await asyncio.sleep(AGAIN)
            else:
                return


def due(database: Database, now: datetime) -> list[Queue]:
    """The queues that have something to send."""
    with database.look() as session:
        return sending.queues(session, now)


def claim(
    database: Database,
    queue: Queue,
    now: datetime,
    room: int = BATCH,
    pace: Pace = FREELY,
    lease: timedelta = sending.LEASE,
) -> list[Claimed]:
    """The oldest of a queue that are due, for this process alone to send."""
    with database.transaction() as session:
        return sending.claim(session, queue, now, room, pace, lease)


async def send(
    claimed: Sequence[Claimed], platform: Platform, within: float | None = None
) -> list[Exception | None]:
    """Send all at the same time; what went wrong with each.

    At least once: a crash between a send and the note of it repeats that send.
    """
    seconds = SEND_WITHIN if within is None else within
    return await asyncio.gather(*(_send(one, platform, seconds) for one in claimed))


def note(
    database: Database,
    claimed: Sequence[Claimed],
    failures: Sequence[Exception | None],
    now: datetime,
) -> None:
    """Write down how each sending went; what cannot arrive is shown to whoever asked for it."""
    lost = [c.id for c, e in zip(claimed, failures, strict=True) if isinstance(e, Unreachable)]
    with database.transaction() as session:
        sending.note(session, list(zip(claimed, failures, strict=True)), now)
        if lost:
            session.flush()
            returned.to_who_asked(session, lost, now)


async def _send(claimed: Claimed, platform: Platform, within: float) -> Exception | None:
    with structlog.contextvars.bound_contextvars(trace=claimed.trace):
        return await _sent(claimed, platform, within)


def _outcome(failure: Exception | None) -> str:
    """How a try to send ended, in a word: «later» is a platform that asks to wait."""
    names = {TryLater: "later", Unreachable: "unreachable", Refused: "refused", Unsure: "unsure"}
    return "sent" if failure is None else names.get(type(failure), "failed")


async def _sent(claimed: Claimed, platform: Platform, within: float) -> Exception | None:
    try:
        async with asyncio.timeout(within):
            await platform.send(claimed.letter)
    except TryLater as error:
        log.info("delivery.later", delivery=claimed.id, wait=error.wait.total_seconds())
        return error
    except Unreachable as error:
        log.warning("delivery.unreachable", delivery=claimed.id, why=error.why.value)
        return error
    except Refused as error:
        log.error("workspace.refuses", workspace=claimed.letter.workspace, platform=platform.name)
        return error
    except Exception as error:  # whatever it is, the next message must still go out
        log.warning("delivery.failed", delivery=claimed.id, error=type(error).__name__)
        return error
    return None
