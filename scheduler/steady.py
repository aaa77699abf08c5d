"""A machine's clock may jump, by hand or by its time server; the jobs go on all the same."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

LOOK_EVERY = 5.0  # seconds
JUMP = 2.0  # seconds; less is a clock that is being adjusted
log = structlog.get_logger()


class Every(BaseTrigger):  # type: ignore[misc]  # untyped
    """At a steady pace. The library's own interval counts each time that was missed: after a year that
    the clock jumped, or the machine slept, thirty million of them."""

    def __init__(self, pace: timedelta) -> None:
        self.pace = pace

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        due = (previous_fire_time or now) + self.pace
        return due if due > now else now + self.pace


async def keep_going(scheduler: BaseScheduler, every: float = LOOK_EVERY) -> None:
    """Set every job going anew when the clock was put back: the scheduler counts by it, and would
    sleep until it has come round again. Put forward, it runs what is due once, by itself."""
    before = _ahead()
    while True:
        await asyncio.sleep(every)
        if before - (ahead := _ahead()) > JUMP:
            log.warning("clock.put_back", seconds=round(before - ahead))
            for job in scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
        before = ahead


def _ahead() -> float:
    """How far the clock on the wall is ahead of one that nobody can put back, in seconds."""
    return time.time() - time.monotonic()
