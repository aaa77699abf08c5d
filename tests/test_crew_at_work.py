"""How many threads of a crew work at once, and who joins for those that are held up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from storage import crew
from storage.crew import TOGETHER, Crew


class Counted:
    """Work that notes how many did it at the same time."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._lock = seconds, threading.Lock()
        self._now = self.most = 0

    def __call__(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self._seconds)
        with self._lock:
            self._now -= 1


async def often(crew: Crew, work: Callable[[], None], times: int = 20) -> None:
    await asyncio.gather(*(crew.do(work) for _ in range(times)))


def test_there_are_never_more_threads_at_work_than_may_be() -> None:
    work = Counted(4 * TOGETHER)
    with closing(Crew(3, "test")) as three:
        asyncio.run(often(three, work, 12))
    assert work.most == 3


def test_few_work_at_once_while_none_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "HELD_UP", 60)
    work = Counted(2 * TOGETHER)
    with closing(Crew(5, "test")) as five:
        asyncio.run(often(five, work))
        assert len(five._threads._threads) == crew.USUAL
    assert work.most == crew.USUAL


def test_who_is_held_up_holds_nobody_else_up() -> None:
    work = Counted(0)

    async def story(crew: Crew) -> None:
        go_on = threading.Event()
        waits = [asyncio.ensure_future(crew.do(lambda: go_on.wait(30))) for _ in range(4)]
        for _ in range(3):  # not once alone: another goes on while the four still wait
            await asyncio.wait_for(often(crew, work), 10)
        assert not any(one.done() for one in waits)
        go_on.set()
        assert all(await asyncio.gather(*waits))

    with closing(Crew(5, "test")) as five:
        asyncio.run(story(five))
    assert work.most == 1, "only the fifth was free"


def test_who_joined_for_others_goes_when_they_are_free_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after = Counted(0.002)

    async def story(found: Crew) -> None:
        go_on = threading.Event()
        waits = [asyncio.ensure_future(found.do(lambda: go_on.wait(30))) for _ in range(4)]
        await asyncio.wait_for(found.do(lambda: None), 10)
        monkeypatch.setattr(crew, "HELD_UP", 60)
        go_on.set()
        await often(found, after, 200)
        await asyncio.gather(*waits)

    with closing(Crew(6, "test")) as six:
        asyncio.run(story(six))
    assert after.most <= crew.USUAL
