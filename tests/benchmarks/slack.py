"""How long Slack waits for us: signed requests over HTTP to the running bot, one after the other and
many at once."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from bot.core.actions import RunCommand
from storage import schema
from tests.benchmarks.figures import told
from tests.scripted import Reply
from tests.slack.office import TEAM, Office, account, office
from tests.world import World

PEOPLE, ROUNDS, AT_ONCE = 500, 200, 20
LIMIT = 3_000  # ms before Slack shows an error


async def _measure() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        url = f"sqlite:///{(Path(folder) / 'slack.db').as_posix()}"
        schema.upgrade(url)
        world = World(url)
        people = [account(f"U{n:04}", f"Person {n}") for n in range(PEOPLE)]
        try:
            began = time.perf_counter()
            async with office(world, *people) as here:
                learned = time.perf_counter() - began
                alone = [await _ask(here, n) for n in range(ROUNDS)]
                crowd: list[float] = []
                for start in range(0, ROUNDS, AT_ONCE):
                    asked = (_ask(here, n) for n in range(start, start + AT_ONCE))
                    crowd += await asyncio.gather(*asked)
        finally:
            world.close()
    return [
        f"slack: {PEOPLE} accounts learned in {learned:.1f} s",
        told("one at a time", alone, LIMIT),
        told(f"{AT_ONCE} at once", crowd, LIMIT),
    ]


async def _ask(here: Office, number: int) -> float:
    """A command, a press on a button or a few words, each by somebody else."""
    user = f"U{number % PEOPLE:04}"
    began = time.perf_counter()
    reply: Reply
    match number % 3:
        case 0:
            reply = await here.command(user, "status", channel=f"D{user}")
        case 1:
            reply = await here.clicks(user, RunCommand("help").encode())
        case _:
            reply = await here.types(user, "help")
    assert reply.status == 200, (TEAM, reply.status)
    return time.perf_counter() - began


def bench_slack() -> list[str]:
    """Lines that tell what was measured."""
    return asyncio.run(_measure())
