"""The machine's clock jumps: nobody is asked twice, and nothing stands still."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import select
from structlog.testing import capture_logs

from scheduler import steady
from scheduler.steady import Every, keep_going
from storage.models import Delivery
from tests.hands import matched
from tests.world import World

PATIENCE = 10.0  # seconds


class Wall(datetime):
    """What the scheduler takes for the time."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.ahead


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> type[Wall]:
    monkeypatch.setattr(Wall, "ahead", timedelta())
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Wall)
    monkeypatch.setattr(steady, "datetime", Wall)
    told = SimpleNamespace(time=lambda: Wall.now().timestamp(), monotonic=time.monotonic)
    monkeypatch.setattr(steady, "time", told)
    return Wall


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-400), timedelta(days=400)])
def test_jobs_go_on_when_the_clock_jumps(wall: type[Wall], jump: timedelta) -> None:
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1

    async def more(asked: int) -> None:
        before = runs
        async with asyncio.timeout(PATIENCE):
            while runs < before + asked:
                await asyncio.sleep(0.01)

    async def story() -> None:
        scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "misfire_grace_time": None})
        scheduler.add_job(run, Every(timedelta(seconds=0.05)))
        scheduler.start()
        watch = asyncio.create_task(keep_going(scheduler, every=0.05))
        await more(2)
        wall.ahead = jump
        await more(3)
        watch.cancel()
        scheduler.shutdown(wait=False)

    with capture_logs() as lines:
        asyncio.run(story())
    told = [line["event"] for line in lines]
    assert told == (["clock.put_back"] if jump < timedelta() else [])


def test_a_clock_that_ran_ahead_and_is_put_back_asks_nobody_twice(world: World) -> None:
    matched(world)
    settle(world)
    world.now += timedelta(days=42)
    settle(world)
    promised = [(row.key, row.state) for row in world.rows(select(Delivery))]
    assert any(key.startswith("nudge") for key, _ in promised), promised
    for days in (42, 7, 1):
        world.now -= timedelta(days=days)
        settle(world)
        world.now += timedelta(days=days)
        settle(world)
    assert [(row.key, row.state) for row in world.rows(select(Delivery))] == promised


def settle(world: World) -> None:
    for _ in range(3):
        world.tick()
