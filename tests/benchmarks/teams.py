"""How long Teams waits for us: activities over HTTP to the running bot, one after the other and many
at once; and what it costs to check a token."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from bot.core.actions import RunCommand
from storage import schema
from tests.benchmarks.figures import told
from tests.teams.passports import token
from tests.teams.said import Someone
from tests.teams.tenant import Tenant, tenant
from tests.teams.test_gate import entrance
from tests.world import World

PEOPLE, ROUNDS, AT_ONCE = 200, 200, 20
LIMIT = 10_000  # ms, about, before Teams gives up on a click


async def _measure() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        url = f"sqlite:///{(Path(folder) / 'teams.db').as_posix()}"
        schema.upgrade(url)
        world = World(url)
        people = [Someone(f"p{n}", f"Person {n}", n, "en-GB") for n in range(PEOPLE)]
        try:
            async with tenant(world, *people) as here:
                began = time.perf_counter()
                for start in range(0, PEOPLE, AT_ONCE):
                    crowd = people[start : start + AT_ONCE]
                    await asyncio.gather(*(here.says(who, "help") for who in crowd))
                met = time.perf_counter() - began
                alone = [await _ask(here, people, n) for n in range(ROUNDS)]
                together: list[float] = []
                for start in range(0, ROUNDS, AT_ONCE):
                    asked = (_ask(here, people, n) for n in range(start, start + AT_ONCE))
                    together += await asyncio.gather(*asked)
        finally:
            world.close()
    return [
        f"teams: {PEOPLE} people met for the first time in {met:.1f} s",
        told("one at a time", alone, LIMIT),
        told(f"{AT_ONCE} at once", together, LIMIT),
        await _gate(),
    ]


async def _ask(here: Tenant, people: list[Someone], number: int) -> float:
    """A press on a button, or a few words, each by somebody else."""
    who = people[number % PEOPLE]
    began = time.perf_counter()
    if number % 2:
        reply = await here.clicks(who, {"wire": RunCommand("status").encode()})
    else:
        reply = await here.says(who, "help")
    assert reply.status in (200, 202), reply.status
    return time.perf_counter() - began


async def _gate() -> str:
    async with entrance() as door:
        passport, took = token(), []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            assert (await door.gets(passport))[0] == 202
            took.append(time.perf_counter() - began)
    return told("a token checked, and nothing done", took, LIMIT)


def bench_teams() -> list[str]:
    """Lines that tell what was measured."""
    return asyncio.run(_measure())
