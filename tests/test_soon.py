"""What many ask for at the same time is done once for all of them."""

from __future__ import annotations

import asyncio

import pytest

from scheduler import soon
from scheduler.soon import Soon


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
