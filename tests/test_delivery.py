"""The outbox: what was promised arrives, once, however the platform behaves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import select

from bot.core.messages import say
from bot.core.platform import Letter, TryLater, Unreachable, Why
from scheduler.delivery import Post
from storage import outbox
from storage.database import Database
from storage.models import Delivery, DeliveryState, Person
from tests.world import World


class Moody:
    """A platform with an outcome for each send: None is fine, the last one counts from then on."""

    name = "local"

    def __init__(self, *outcomes: Exception | None) -> None:
        self._outcomes = list(outcomes)
        self.sent: list[str] = []

    def room(self, workspace: str) -> int:
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(0)
        outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        if outcome:
            raise outcome
        self.sent.append(letter.key)


def promise(world: World, *keys: str) -> None:
    if not world.people:
        world.person("Ben")
    with world.database.transaction() as session:
        ben = session.exec(select(Person)).one()
        for key in keys:
            outbox.promise(session, ben, say(key), key=key, now=world.now)


def post(world: World, platform: Moody, database: Database | None = None) -> int:
    return asyncio.run(Post(database or world.database, {"local": platform}).round(world.now))


def states(world: World) -> list[DeliveryState]:
    return [delivery.state for delivery in world.rows(select(Delivery).order_by("id"))]


def wait(world: World, seconds: float) -> None:
    world.now += timedelta(seconds=seconds)


def test_a_promise_made_twice_is_sent_once_and_the_oldest_goes_first(world: World) -> None:
    promise(world, "a", "b", "a")
    platform = Moody(None)
    post(world, platform)
    post(world, platform)
    assert platform.sent == ["a", "b"]


def test_a_platform_that_asks_to_wait_is_obeyed_and_that_is_no_failure(world: World) -> None:
    promise(world, "hello")
    platform = Moody(TryLater(timedelta(seconds=30)), None)
    post(world, platform)
    wait(world, 29)
    assert post(world, platform) == 0
    wait(world, 1)
    post(world, platform)
    assert platform.sent == ["hello"]
    assert [d.attempts for d in world.rows(select(Delivery))] == [1]


def test_somebody_unreachable_does_not_stop_the_others_and_is_not_tried_again(
    world: World,
) -> None:
    promise(world, "first", "second")
    platform = Moody(Unreachable(Why.GONE), None)
    post(world, platform)
    assert states(world) == [DeliveryState.UNREACHABLE, DeliveryState.SENT]
    wait(world, 86_400)
    assert post(world, platform) == 0


def test_a_broken_platform_is_tried_ever_more_rarely_and_in_the_end_given_up(
    world: World,
) -> None:
    promise(world, "hello")
    platform, waits = Moody(OSError("down")), list[float]()
    while states(world) == [DeliveryState.WAITING]:
        [row] = world.rows(select(Delivery))
        waits.append((row.due_at - world.now).total_seconds())
        world.now = max(world.now, row.due_at)
        assert post(world, platform) == 1
    assert states(world) == [DeliveryState.FAILED]
    assert len(waits) == outbox.GIVE_UP_AFTER
    assert waits == sorted(waits)
    assert waits[-1] >= 3600


def test_what_one_process_is_sending_no_other_sends(world: World) -> None:
    promise(world, *(f"m{number}" for number in range(30)))
    other, platform = Database(world.database.url), Moody(None)

    async def both() -> Sequence[int]:
        return await asyncio.gather(
            *(
                Post(database, {"local": platform}).round(world.now)
                for database in (world.database, other, world.database, other)
            )
        )

    asyncio.run(both())
    other.close()
    assert sorted(platform.sent) == sorted(f"m{number}" for number in range(30))


def test_a_process_that_died_while_sending_leaves_its_messages_to_the_next(world: World) -> None:
    promise(world, "hello")
    with world.database.transaction() as session:
        assert (
            len(outbox.claim(session, outbox.queues(session, world.now)[0], world.now, 10)) == 1
        )  # and then it dies
    platform = Moody(None)
    wait(world, 7 * 86_400)  # a clock that was wound does not end a lease
    assert post(world, platform) == 0
    with world.database.transaction() as session:
        for delivery in session.exec(select(Delivery)):
            assert delivery.leased_until is not None
            delivery.leased_until -= outbox.LEASE
    assert post(world, platform) == 1
    assert platform.sent == ["hello"]
