"""Threads that keep together on one core, and those beside them that do not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.core import cores
from bot.core.cores import OneCore, allowed
from storage.crew import Crew

Kept = dict[int, frozenset[int]]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """A machine of eight cores; where each thread may run."""
    found = Kept()

    def keep(thread: int, where: frozenset[int] | set[int]) -> None:
        found[thread or threading.get_native_id()] = frozenset(where)

    monkeypatch.setattr(cores, "EVERY", frozenset(range(8)))
    monkeypatch.setattr(cores, "_keep", keep)
    yield found


def test_a_loop_and_who_works_for_it_keep_together_and_others_do_not(kept: Kept) -> None:
    core, ids = OneCore(), threading.get_native_id

    async def story(crew: Crew) -> None:
        early = await crew.do(ids)  # from before anybody keeps together
        async with core.together():
            late = [await crew.do(ids) for _ in range(3)]
            beside = await asyncio.to_thread(ids)
            [where] = {kept[thread] for thread in (early, *late, ids())}
            assert len(where) == 1
            assert kept[beside] == set(range(8))
        assert kept[early] == kept[ids()] == set(range(8))

    with closing(Crew(3, "test", core.join)) as crew:
        asyncio.run(story(crew))


def test_they_move_together(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "MOVES_EVERY", 0.001)
    core, ids = OneCore(), threading.get_native_id

    async def story(crew: Crew) -> None:
        async with core.together():
            been = set[frozenset[int]]()
            worker = await crew.do(ids)
            while len(been) < 4:
                await asyncio.sleep(0.001)
                assert kept[worker] == kept[ids()]
                been.add(kept[worker])

    with closing(Crew(1, "test", core.join)) as crew:
        asyncio.run(asyncio.wait_for(story(crew), 10))


def test_where_there_is_one_core_nothing_is_kept(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cores, "EVERY", frozenset({5}))
    core = OneCore()

    async def story() -> None:
        async with core.together():
            await asyncio.to_thread(core.join)

    asyncio.run(story())
    assert not kept


def test_this_machine_does_so_and_forgets_it_afterwards() -> None:
    every, core = allowed(), OneCore()

    async def story(crew: Crew) -> None:
        async with core.together():
            one = await crew.do(allowed)
            assert one == allowed()
            assert len(one) == min(1, len(every))
            assert await asyncio.to_thread(allowed) == every
        assert await crew.do(allowed) == allowed() == every

    with closing(Crew(2, "test", core.join)) as crew:
        asyncio.run(story(crew))
