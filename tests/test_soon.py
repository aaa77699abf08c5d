"""What many ask for at the same time is done once for all of them."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

import pytest
from sqlmodel import Session

from bot.app import App
from scheduler import soon
from scheduler.soon import Soon
from storage import sending
from tests.hands import Hands
from tests.test_app import Slow, until, working
from tests.world import World


def test_who_asks_alone_waits_for_nothing_and_many_are_served_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(len(done))

    async def story() -> None:
        one = Soon(work)
        monkeypatch.setattr(soon, "APART", 60.0)
        one.ask()
        await asyncio.sleep(0.01)
        assert len(done) == 1
        monkeypatch.setattr(soon, "APART", 0.05)
        for _ in range(50):
            one.ask()
            await asyncio.sleep(0)
        await one.finish()
        assert len(done) == 2

    asyncio.run(story())


def test_who_asks_while_it_is_done_asks_for_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soon, "APART", 0.0)
    done: list[str] = []

    async def work() -> None:
        done.append("begun")
        await asyncio.sleep(0.02)
        done.append("ended")

    async def story() -> None:
        one = Soon(work)
        one.ask()
        await asyncio.sleep(0.01)
        one.ask()
        await one.finish()

    asyncio.run(story())
    assert done == ["begun", "ended", "begun", "ended"]


def test_what_was_stopped_before_it_began_can_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(1)

    async def story() -> None:
        one = Soon(work)
        one.ask()
        await one.finish()
        monkeypatch.setattr(soon, "APART", 60.0)
        one.ask()
        await asyncio.sleep(0.01)
        [waiting] = one._running
        waiting.cancel()
        await one.finish()
        monkeypatch.setattr(soon, "APART", 0.0)
        one.ask()
        await one.finish()

    asyncio.run(story())
    assert done == [1, 1]


def test_what_many_events_promise_is_looked_for_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor, platform, looks = Hands(world, "Noor"), Slow(), list[float]()
    queues = sending.queues

    def noted(session: Session, now: datetime) -> object:
        looks.append(time.monotonic())
        return queues(session, now)

    monkeypatch.setattr(sending, "queues", noted)
    monkeypatch.setattr("scheduler.soon.APART", 1.0)

    async def story(app: App) -> None:
        began = time.monotonic()
        await app.act(noor.said("hello", "0"))
        await until(lambda: len(platform.sent) == 1)  # whoever acts alone waits for nothing
        for n in range(1, 20):
            await app.act(noor.said("hello", f"{n}"))
        await until(lambda: len(platform.sent) == 20)
        seconds = time.monotonic() - began
        assert len(looks) <= 2 * (seconds + 2), "one look for all, besides the clock's own"

    working(world, platform, story)
