"""Several processes on one PostgreSQL write to a workspace as if they were one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import select, update

from bot.core.platform import Limit, Pace, Refused, Scope, TryLater
from scheduler import delivery
from storage import erasing
from storage.database import Database
from storage.models import Burst, Delivery, DeliveryState, Person
from storage.sending import Claimed
from tests import sealed
from tests.test_leases import YEARS, promises
from tests.world import World

TEN_A_MINUTE = Pace((Limit(10, 60.0),))
HALF = timedelta(seconds=30)


@pytest.fixture
def other(world: World) -> Iterator[Database]:
    """A second process on the same database."""
    database = sealed.opened(world.database.url)
    yield database
    database.close()


def everybody(world: World, number: int) -> list[str]:
    """A message waits for each of so many people."""
    return promises(world, number, to=[f"Somebody {n}" for n in range(number)])


def claims(
    database: Database, now: datetime, pace: Pace = TEN_A_MINUTE, room: int = delivery.BATCH
) -> list[Claimed]:
    return [
        one
        for queue in delivery.due(database, now)
        for one in delivery.claim(database, queue, now, room, pace)
    ]


def noted(database: Database, claimed: list[Claimed], now: datetime, *how: Exception) -> None:
    """These went wrong like this, and the rest arrived."""
    delivery.note(database, claimed, [*how, *[None] * (len(claimed) - len(how))], now)


def passes(world: World, time: timedelta) -> None:
    """So much time, by the database's clock."""
    with world.database.transaction() as session:
        for turn in session.exec(select(Burst)):
            turn.until -= time


@pytest.mark.only_a_server
def test_all_processes_together_send_what_a_workspace_takes(world: World, other: Database) -> None:
    keys = everybody(world, 25)
    first = claims(world.database, world.now)
    assert [one.letter.key for one in first] == keys[:10]
    assert claims(other, world.now) == []
    noted(world.database, first, world.now)
    passes(world, 2 * HALF - timedelta(seconds=1))
    assert claims(other, world.now + YEARS) == claims(world.database, world.now) == []
    passes(world, timedelta(seconds=1))
    assert [one.letter.key for one in claims(other, world.now)] == keys[10:20]


@pytest.mark.only_a_server
def test_of_four_who_claim_at_once_each_sees_what_the_others_took(world: World) -> None:
    everybody(world, 40)
    together = Barrier(4)

    def go(database: Database) -> int:
        together.wait()
        return len(claims(database, world.now, room=4))

    processes = [sealed.opened(world.database.url) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(go, processes))
    for process in processes:
        process.close()
    assert sorted(taken) == [0, 2, 4, 4]


@pytest.mark.only_a_server
def test_who_died_counts_until_a_stretch_after_the_lease(world: World, other: Database) -> None:
    everybody(world, 20)
    assert len(claims(world.database, world.now)) == 10  # and is killed
    with world.database.transaction() as session:
        session.exec(update(Delivery).values(leased_until=None))
    passes(world, timedelta(seconds=91))
    assert claims(other, world.now) == []  # it may have sent them a moment ago
    passes(world, 2 * HALF)
    assert len(claims(other, world.now)) == 10


@pytest.mark.only_a_server
@pytest.mark.parametrize("scope", [Scope.WORKSPACE, Scope.CONVERSATION, Scope.LETTER])
def test_a_wait_that_one_process_is_told_holds_for_all(
    world: World, other: Database, scope: Scope
) -> None:
    names = ["Noor", "Ben"]
    promises(world, 4, to=names)  # 0 and 2 to Noor, 1 and 3 to Ben
    told = claims(world.database, world.now, room=1)
    noted(world.database, told, world.now, TryLater(HALF, scope))
    free = {Scope.WORKSPACE: [], Scope.CONVERSATION: ["0001", "0003"], Scope.LETTER: ["0001"]}
    found = claims(other, world.now, room=delivery.BATCH if scope is not Scope.LETTER else 1)
    assert [one.letter.key for one in found] == free[scope]
    noted(other, found, world.now)
    wound = world.now + HALF  # a clock that was wound ends no wait
    assert bool(claims(other, wound)) is (scope is Scope.LETTER)
    passes(world, HALF)
    assert bool(claims(other, wound)) is (scope is not Scope.LETTER)


@pytest.mark.only_a_server
def test_a_conversation_is_one_processs_at_a_time_and_rests_before_the_next(
    world: World, other: Database
) -> None:
    pace = Pace(apart=1.0)
    promises(world, 3, to=["Noor"])
    first = claims(world.database, world.now, pace, room=1)
    assert claims(other, world.now, pace) == []
    noted(world.database, first, world.now)
    assert claims(other, world.now, pace) == []
    passes(world, timedelta(seconds=1))
    assert [one.letter.key for one in claims(other, world.now, pace)] == ["0001", "0002"]


@pytest.mark.only_a_server
def test_a_busy_conversation_keeps_nobody_else_waiting(world: World, other: Database) -> None:
    promises(world, 2 * delivery.BATCH, to=["Noor"])
    busy = claims(world.database, world.now, room=1)
    world.person("Ben")
    with world.database.transaction() as session:
        last = session.exec(select(Delivery).where(Delivery.key == "0079")).one()
        last.address = "dm:ben"
    assert [one.letter.key for one in claims(other, world.now)] == ["0079"]
    assert [one.letter.key for one in busy] == ["0000"]


@pytest.mark.only_a_server
def test_a_workspace_that_refused_one_process_is_left_alone_by_all(
    world: World, other: Database
) -> None:
    everybody(world, 4)
    [queue] = delivery.due(other, world.now)
    noted(world.database, claims(world.database, world.now, room=1), world.now, Refused())
    assert delivery.claim(other, queue, world.now) == []


@pytest.mark.only_a_server
def test_what_is_counted_is_forgotten_soon_and_with_the_person(world: World) -> None:
    promises(world, 2, to=["Noor", "Ben"])
    noted(world.database, claims(world.database, world.now), world.now)
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == "Noor")).one()
        erasing.erase(session, noor, world.now)
    assert {turn.address for turn in world.rows(select(Burst))} == {"dm:ben"}
    [of_ben] = [turn.id for turn in world.rows(select(Burst))]
    passes(world, timedelta(minutes=3))
    promises(world, 1, to=["Ben"])
    claims(world.database, world.now)
    assert of_ben not in [turn.id for turn in world.rows(select(Burst))]


@pytest.mark.only_a_file
def test_the_one_process_of_a_file_counts_by_itself(world: World) -> None:
    everybody(world, 25)
    noted(world.database, claims(world.database, world.now), world.now)
    assert {row.state for row in world.rows(select(Delivery))} == {DeliveryState.SENT}
    assert world.rows(select(Burst)) == []


@pytest.mark.only_a_server
def test_the_post_keeps_the_pace_its_platform_tells(world: World) -> None:
    everybody(world, 25)
    sent: list[str] = []

    class Slow:
        name, pace = "local", TEN_A_MINUTE

        def room(self, workspace: str) -> int:
            del workspace
            return 1_000

        async def send(self, letter: object) -> None:
            sent.append(str(letter))

    async def rounds() -> None:
        post = delivery.Post(world.database, {"local": Slow()})
        for _ in range(3):
            await post.round(world.now)

    asyncio.run(rounds())
    assert len(sent) == 10
