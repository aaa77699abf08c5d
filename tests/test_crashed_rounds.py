"""`kill -9` while a round is worked out and saved: it is done once, and told once."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from random import Random

from sqlmodel import select

from storage.models import Delivery, Proposal, RoundState
from tests.killing import workers
from tests.reviewing import coordinator, last_round, many_take_part, proposed
from tests.world import World

PAIRS = 60  # saved in parts of eight
KILLS = 6
PATIENCE = 20.0  # seconds until a worker has begun: the machine may be busy


def asked_for(world: World) -> None:
    """A round of so many pairs waits to be computed."""
    world.programme()
    thomas = coordinator(world)
    many_take_part(world, PAIRS)
    thomas.types("/mentor match")


def told(world: World) -> int:
    return sum(row.key.startswith("round:") for row in world.rows(select(Delivery)))


def test_killed_again_and_again_a_round_is_computed_and_told_once(
    world: World, tmp_path: Path
) -> None:
    asked_for(world)
    rng, interrupted = Random(5), 0

    def in_the_middle() -> None:
        until = time.monotonic() + PATIENCE
        while not world.rows(select(Proposal)) and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.02))

    def before_anything_is_saved() -> None:
        until = time.monotonic() + PATIENCE
        while last_round(world).state is RoundState.REQUESTED and time.monotonic() < until:
            time.sleep(0.001)

    with workers(world, tmp_path / "arrived") as bot:
        for number in range(KILLS):
            wait = before_anything_is_saved if number % 2 else in_the_middle
            killed = bot.run(wait) == -signal.SIGKILL
            unfinished = last_round(world).state is not RoundState.REVIEW
            interrupted += killed and unfinished
            assert told(world) == (0 if unfinished else 1)
            if not unfinished:
                break
        assert bot.run() == 0

    assert interrupted
    assert last_round(world).state is RoundState.REVIEW
    assert len(proposed(world)) == len(world.rows(select(Proposal))) == PAIRS
    assert told(world) == 1
