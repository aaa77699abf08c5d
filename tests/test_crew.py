"""Threads that work for a loop: everything in its order, every outcome to whoever waits for it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest

from storage import crew
from storage.crew import TOGETHER, Crew

SAID = contextvars.ContextVar("SAID", default="")


def failing(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_one_thread_does_all_in_the_order_in_which_it_came() -> None:
    done: list[int] = []

    def noted(number: int) -> int:
        done.append(number)
        return number * 2

    async def story() -> list[int]:
        return await asyncio.gather(*(one.do(partial(noted, n)) for n in range(200)))

    with closing(Crew(1, "test")) as one:
        assert asyncio.run(story()) == [number * 2 for number in range(200)]
    assert done == list(range(200))


def test_who_asked_first_does_not_wait_for_all_that_came_after() -> None:
    told: list[float] = []

    async def one(crew: Crew, began: float) -> None:
        await crew.do(lambda: time.sleep(0.01))
        told.append(time.monotonic() - began)

    async def story(crew: Crew) -> None:
        began = time.monotonic()
        await asyncio.gather(*(one(crew, began) for _ in range(30)))

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))
    assert told[0] < told[-1] / 3, "the first was told with the last"


def test_what_is_finished_together_is_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    tell = Crew._tell
    monkeypatch.setattr(crew, "TOGETHER", 60)

    def noted(self: Crew, loop: asyncio.AbstractEventLoop) -> None:
        told.append(len(self._done))
        tell(self, loop)

    monkeypatch.setattr(Crew, "_tell", noted)

    async def story(crew: Crew) -> None:
        first = asyncio.ensure_future(crew.do(lambda: time.sleep(0.05)))
        await asyncio.sleep(0)
        await asyncio.gather(first, *(crew.do(lambda: None) for _ in range(20)))

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))
    assert told == [21]


def test_what_is_finished_does_not_wait_for_what_takes_long() -> None:
    async def story(crew: Crew) -> None:
        go_on = threading.Event()
        quick = asyncio.ensure_future(crew.do(lambda: threading.Event().wait(0.1)))
        slow = asyncio.ensure_future(crew.do(lambda: go_on.wait(30)))
        await asyncio.wait_for(quick, 10)
        go_on.set()
        assert await slow, "the quick one waited for the slow one"

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))


def test_a_loop_for_which_nothing_is_done_is_left_alone() -> None:
    async def story(crew: Crew) -> None:
        await crew.do(lambda: None)
        await asyncio.sleep(5 * TOGETHER)
        assert not crew._asked
        await crew.do(lambda: None)
        assert set(crew._asked.values()) == {0}

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))


@pytest.mark.parametrize("error", [ValueError("no"), KeyError(1)])
def test_what_goes_wrong_is_for_whoever_asked_and_nobody_else(error: BaseException) -> None:
    async def story(crew: Crew) -> None:
        wrong, right = await asyncio.gather(
            crew.do(failing(error)), crew.do(lambda: "fine"), return_exceptions=True
        )
        assert wrong is error
        assert right == "fine"

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))


def test_an_iterator_that_runs_out_leaves_nobody_waiting() -> None:
    async def story(crew: Crew) -> None:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(crew.do(lambda: next(iter(()))), 5)
        assert await asyncio.wait_for(crew.do(lambda: 1), 5) == 1

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))


def test_work_that_nobody_waits_for_any_more_is_left() -> None:
    done: list[str] = []

    async def story(crew: Crew) -> None:
        go_on = threading.Event()
        first = asyncio.ensure_future(crew.do(go_on.wait))
        second = asyncio.ensure_future(crew.do(lambda: done.append("second")))
        third = asyncio.ensure_future(crew.do(lambda: done.append("third")))
        await asyncio.sleep(0.01)
        second.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, third)

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))
    assert done == ["third"]


def test_what_its_log_lines_belong_to_goes_along_and_does_not_come_back() -> None:
    def work() -> str:
        before = SAID.get()
        SAID.set("something else")
        return before

    async def one(crew: Crew, trace: str) -> None:
        SAID.set(trace)
        assert await crew.do(work) == trace
        assert SAID.get() == trace

    async def story(crew: Crew) -> None:
        await asyncio.gather(*(one(crew, str(number)) for number in range(20)))

    with closing(Crew(2, "test")) as found:
        asyncio.run(story(found))


def test_loops_that_end_leave_nobody_else_waiting() -> None:
    async def leaves(crew: Crew) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(crew.do(lambda: time.sleep(0.2)), 0.01)

    async def stays(crew: Crew) -> int:
        return await asyncio.wait_for(crew.do(lambda: 7), 5)

    with closing(Crew(1, "test")) as found:
        asyncio.run(leaves(found))
        assert asyncio.run(stays(found)) == 7


def test_closing_waits_for_what_is_being_done() -> None:
    done: list[int] = []
    leaving: list[asyncio.Future[None]] = []

    def work() -> None:
        time.sleep(0.05)
        done.append(1)

    async def story(crew: Crew) -> None:
        leaving.append(asyncio.ensure_future(crew.do(work)))
        await asyncio.sleep(0.01)

    with closing(Crew(1, "test")) as found:
        asyncio.run(story(found))
    assert done == [1]


def test_who_comes_when_it_is_closed_hears_so_and_nothing_is_done_behind_their_back() -> None:
    done: list[int] = []

    async def story() -> None:
        found = Crew(1, "test")
        found.close()
        with pytest.raises(RuntimeError):
            await found.do(lambda: done.append(1))
        assert not found._waiting
        assert found._at_work == 0

    asyncio.run(story())
    assert done == []


def test_loops_in_several_threads_each_hear_their_own() -> None:
    heard: list[int] = []

    async def story(crew: Crew, first: int) -> None:
        for number in range(first, first + 300, 3):
            heard.extend(
                await asyncio.gather(*(crew.do(partial(abs, number + n)) for n in range(3)))
            )

    with closing(Crew(2, "test")) as found:
        loops = [
            threading.Thread(target=partial(lambda n: asyncio.run(story(found, n)), n))
            for n in range(0, 1200, 300)
        ]
        for loop in loops:
            loop.start()
        for loop in loops:
            loop.join(30)
    assert sorted(heard) == list(range(1200))


def test_where_no_thread_can_be_started_who_asks_hears_so_and_the_next_is_served() -> None:
    def refuses(_work: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    async def story(found: Crew) -> None:
        submit = found._threads.submit
        found._threads.submit = refuses  # type: ignore[assignment, method-assign]
        with pytest.raises(RuntimeError, match="new thread"):
            await found.do(lambda: 1)
        submit(found._work)  # the executor kept it, and comes to it later
        found._threads.submit = submit  # type: ignore[method-assign]
        assert [await asyncio.wait_for(found.do(lambda: 2), 5) for _ in range(3)] == [2, 2, 2]
        assert found._at_work in (0, 1)

    with closing(Crew(2, "test")) as found:
        asyncio.run(story(found))
        assert found._in_vain == 0
