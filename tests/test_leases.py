"""Several who carry the post at once, crashes between send and note, and clocks that were wound."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import cycle
from threading import Barrier

import pytest
from sqlmodel import select, update

from bot.core.messages import say
from bot.core.platform import FREELY, Letter, Platform, Unreachable, Why
from scheduler import delivery
from storage import outbox, sending
from storage.database import Database
from storage.models import Burst, Delivery, DeliveryState, Person
from storage.sending import Claimed
from tests import sealed
from tests.world import World

YEARS = timedelta(days=3650)


class Slow:
    """A platform that takes its time, so that two posts are under way together."""

    name = "local"
    pace = FREELY

    def __init__(self) -> None:
        self.sent: list[str] = []

    def room(self, workspace: str) -> int:
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(0.01)
        self.sent.append(letter.key)


@pytest.fixture
def other(world: World) -> Iterator[Database]:
    """A second process on the same database, as far as the database can tell."""
    database = sealed.opened(world.database.url)
    yield database
    database.close()


def promises(world: World, number: int, to: Sequence[str] = ("Noor",)) -> list[str]:
    """So many messages wait, to each of these people in turn."""
    for name in to:
        if name not in world.people:
            world.person(name)
    keys = [f"{n:04}" for n in range(number)]
    with world.database.transaction() as session:
        people = {one.name: one for one in session.exec(select(Person))}
        for key, name in zip(keys, cycle(to), strict=False):
            outbox.promise(session, people[name], say("Hello"), key=key, now=world.now)
    return keys


def claim(database: Database, now: datetime) -> list[Claimed]:
    return [one for q in delivery.due(database, now) for one in delivery.claim(database, q, now)]


def claims(database: Database, now: datetime) -> list[str]:
    return [one.letter.key for one in claim(database, now)]


def post(database: Database, platform: Platform, now: datetime) -> int:
    return asyncio.run(delivery.Post(database, {"local": platform}).round(now))


def states(world: World) -> Counter[DeliveryState]:
    return Counter(row.state for row in world.rows(select(Delivery)))


def the_lease_ends(world: World) -> None:
    """A minute and a half later, by the database's own clock."""
    with world.database.transaction() as session:
        then = datetime(2020, 1, 1, tzinfo=world.now.tzinfo)
        session.exec(update(Delivery).values(leased_until=then))
        session.exec(update(Burst).values(until=then))


def test_two_posts_at_the_same_time_send_everything_once(world: World, other: Database) -> None:
    keys = promises(world, 5 * delivery.BATCH, to=[f"Somebody {n}" for n in range(100)])
    slow, start = Slow(), Barrier(4)

    def go(database: Database) -> int:
        start.wait()
        return post(database, slow, world.now)

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(go, [world.database, other, world.database, other]))
    assert sum(done) == len(keys)
    assert Counter(slow.sent) == Counter(keys)
    assert states(world) == {DeliveryState.SENT: len(keys)}
    assert sum(number > 0 for number in done) >= 2


def test_what_one_is_sending_another_leaves_alone_until_the_lease_ends(
    world: World, other: Database
) -> None:
    keys = promises(world, 2)
    assert claims(world.database, world.now) == keys
    assert claims(other, world.now) == []
    assert claims(world.database, world.now) == []
    the_lease_ends(world)
    assert claims(other, world.now) == keys


def test_a_clock_that_is_wound_ends_no_lease(world: World, other: Database) -> None:
    keys = promises(world, 2)
    assert claims(world.database, world.now) == keys
    assert claims(other, world.now + YEARS) == []
    world.now -= YEARS
    assert claims(other, world.now) == []
    the_lease_ends(world)
    assert claims(other, world.now + YEARS) == keys


@pytest.mark.parametrize("sent", [True, False])
def test_a_crash_before_the_note_repeats_what_was_in_flight_and_nothing_else(
    world: World, other: Database, sent: bool
) -> None:
    keys = promises(world, 2 * delivery.BATCH)
    slow = Slow()
    first = claim(world.database, world.now)
    delivery.note(world.database, first, asyncio.run(delivery.send(first, slow)), world.now)
    in_flight = claim(world.database, world.now)
    if sent:
        asyncio.run(delivery.send(in_flight, slow))
    # here the process is killed; the next one starts
    with other.transaction() as session:
        sending.release_all(session)
    post(other, slow, world.now)
    twice = {key for key, times in Counter(slow.sent).items() if times > 1}
    assert twice == ({one.letter.key for one in in_flight} if sent else set())
    assert set(slow.sent) == set(keys)
    assert states(world) == {DeliveryState.SENT: len(keys)}


def test_a_late_note_does_not_overrule_whoever_took_over(world: World, other: Database) -> None:
    promises(world, 1)
    late = claim(world.database, world.now)
    the_lease_ends(world)
    now = claim(other, world.now)
    delivery.note(world.database, late, [Unreachable(Why.GONE)], world.now)
    assert claims(world.database, world.now) == []
    delivery.note(other, now, [None], world.now)
    assert states(world) == {DeliveryState.SENT: 1}
    delivery.note(world.database, late, [ValueError()], world.now)
    [row] = world.rows(select(Delivery))
    assert (row.state, row.attempts, row.failure) == (DeliveryState.SENT, 1, "")


def test_a_late_note_counts_while_nobody_has_taken_over(world: World) -> None:
    promises(world, 1)
    late = claim(world.database, world.now)
    world.now += YEARS
    delivery.note(world.database, late, [None], world.now)
    assert states(world) == {DeliveryState.SENT: 1}


def test_leases_are_let_go_of_for_what_waits_only(world: World) -> None:
    promises(world, 1)
    delivery.note(world.database, claim(world.database, world.now), [None], world.now)
    promises(world, 2)
    assert claims(world.database, world.now) == ["0001"]
    with world.database.transaction() as session:
        sending.release_all(session)
    assert claims(world.database, world.now) == ["0001"]
