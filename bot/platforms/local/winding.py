"""The clock in the page's header: one hand at a time winds it, everybody sees it move."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.platforms.local.stage import Happened, Stage

_log = logging.getLogger(__name__)
MORNING, NOON = time(9), time(12)
FRIDAY = 4
STEPS = ("hour", "morning", "friday", "week", "end")


def goal(step: str, now: datetime, zone: str) -> datetime:
    """Where a button of the clock leads; days are those of the person who presses it. A Friday is
    far enough gone at noon to have its digest."""
    if step == "hour":
        return now + timedelta(hours=1)
    if step == "week":
        return now + timedelta(weeks=1)
    local, hour = now.astimezone(ZoneInfo(zone)), MORNING if step == "morning" else NOON
    day = local.date() + timedelta(days=local.time() >= hour)
    if step == "friday":
        day += timedelta(days=(FRIDAY - day.weekday()) % 7)
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(now.tzinfo)


class Winding:
    """Whether the clock is being wound, how far it is, and what happened the last time."""

    def __init__(self, stage: Stage, tell: Callable[[], None]) -> None:
        self._stage, self._tell = stage, tell
        self._task: asyncio.Task[None] | None = None
        self._since = self._until = self._at = stage.now()
        self.happened: tuple[Happened, ...] = ()
        self.failed = False
        self.since: datetime | None = None  # when what happened began

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def progress(self) -> float:
        """The share of the way that is behind us, from 0 to 1."""
        whole = self._until - self._since
        return min(1.0, (self._at - self._since) / whole) if whole else 1.0

    def now(self) -> datetime:
        return self._at if self.running else self._stage.now()

    def start(self, until: datetime) -> bool:
        """Wind in the background; False when somebody is at it already."""
        if self.running:
            return False
        self._since = self._at = self._stage.now()
        self._until = until
        self.forget()
        self._task = asyncio.create_task(self._wind())
        self._task.add_done_callback(lambda _: self._tell())
        self._tell()
        return True

    async def _wind(self) -> None:
        try:
            self.happened = tuple(await self._stage.wind(self._until, self._moved))
        except Exception:
            _log.exception("winding the clock failed")
            self.failed = True
        self.since = self._since

    async def _moved(self, at: datetime) -> None:
        self._at = at
        self._tell()
        await asyncio.sleep(0)  # so that the page hears of it

    def forget(self) -> None:
        """Put the last story away."""
        self.happened, self.failed, self.since = (), False, None

    async def stop(self) -> None:
        """Let go of the clock before the page closes."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
