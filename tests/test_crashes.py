"""`kill -9` at random moments of announcement and delivery: nothing is lost, little comes twice."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random

from sqlalchemy import text
from sqlmodel import select

from bot.cards.matching import Announce
from scheduler.delivery import BATCH
from storage.models import (
    Delivery,
    DeliveryState,
    Member,
    Mentorship,
    Proposal,
    ProposalState,
    RoundState,
)
from tests import crashing
from tests.hands import Hands
from tests.killing import workers
from tests.reviewing import approves_all, coordinator, last_round, many_take_part, paired
from tests.world import World

PAIRS = 80
KILLS = 8
PATIENCE = 20.0  # seconds until a worker sends something: the machine may be busy


def about_to_announce(world: World) -> Hands:
    """So many pairs are approved, and the coordinator has just said: announce."""
    world.programme()
    thomas = coordinator(world)
    many_take_part(world, PAIRS)
    approves_all(world, thomas)
    thomas.presses(Announce)
    return thomas


def promised(world: World, kind: str = "") -> list[str]:
    return [row.key for row in world.rows(select(Delivery)) if row.key.startswith(kind)]


def is_left(world: World) -> bool:
    with world.database.look() as session:
        return crashing.is_left(session)


def nothing_is_half(world: World) -> None:
    """A pair that was announced has its mentorship, both members and both promises; or none."""
    mentorships = [row.id for row in world.rows(select(Mentorship))]
    members = Counter(row.mentorship_id for row in world.rows(select(Member)))
    assert members == dict.fromkeys(mentorships, 2)
    announced = promised(world, "announced:")
    assert len(announced) == len(set(announced)) == 2 * len(mentorships)
    states = Counter(row.state for row in world.rows(select(Proposal)))
    assert states[ProposalState.ANNOUNCED] == len(mentorships)
    assert states.total() == PAIRS


def moments(rng: Random, arrived: Path) -> Iterator[Callable[[], None]]:
    """When to kill: by turns at any moment once work began, and while messages are in flight."""

    def grows(least: int) -> None:
        """Counted in bytes and not in seconds: a busy machine takes long to begin."""
        wanted, until = size(arrived) + least, time.monotonic() + PATIENCE
        while size(arrived) < wanted and time.monotonic() < until:
            time.sleep(0.001)

    def anywhere() -> None:
        grows(1)
        time.sleep(rng.uniform(0, 0.1))

    def in_flight() -> None:
        grows(rng.randint(1, 200))  # a message or a dozen

    return cycle((in_flight, anywhere))


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def test_killed_again_and_again_the_bot_tells_everyone_and_hardly_anyone_twice(
    world: World, tmp_path: Path
) -> None:
    about_to_announce(world)
    before = set(promised(world))
    arrived = tmp_path / "arrived"
    killed = 0
    with workers(world, arrived) as bot:
        for wait in islice(moments(Random(20), arrived), KILLS):
            killed += bot.run(wait) == -signal.SIGKILL
            nothing_is_half(world)
            if not is_left(world):
                break
        assert bot.run() == 0

    sent = Counter(arrived.read_text().split())
    repeated = sent.total() - len(sent)
    assert killed >= KILLS / 2
    nothing_is_half(world)
    assert last_round(world).state is RoundState.ANNOUNCED
    assert len(paired(world)) == len(world.rows(select(Mentorship))) == PAIRS
    assert {row.state for row in world.rows(select(Delivery))} == {DeliveryState.SENT}
    assert set(sent) == set(promised(world)) - before
    assert len(sent) == 2 * PAIRS + 1  # everyone, and the coordinator
    assert 0 < repeated <= BATCH * killed  # none would mean that no kill met a send
    if world.database.is_sqlite:
        with world.database.look() as session:
            assert session.connection().execute(text("PRAGMA integrity_check")).scalar() == "ok"
