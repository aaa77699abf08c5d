"""The post: oldest first, patient with platforms, never in the way of others, never silently lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.core.messages import say
from bot.core.platform import FREELY, Letter, TryLater, Unreachable, Why
from scheduler import delivery
from storage import outbox, sending
from storage.models import Delivery, DeliveryState, Person
from tests.world import World

MINUTE = timedelta(minutes=1)


class Post:
    """A platform that notes what it is asked to send, and fails as it is told."""

    name = "local"
    pace = FREELY

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.tried: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.everything: Exception | None = None

    def room(self, workspace: str) -> int:
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        self.tried.append(letter.key)
        await asyncio.sleep(0)
        failure = self.everything or self.fails.get(letter.key)
        if failure is not None:
            raise failure
        self.sent.append(letter.key)


@pytest.fixture
def post(world: World) -> Post:
    """There is somebody to write to, too: Noor."""
    world.person("Noor")
    return Post()


def promises(
    world: World, *keys: str, at: datetime | None = None, text: str = "Hello"
) -> list[bool]:
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == "Noor")).one()
        return [
            outbox.promise(session, person, say(text), key=key, now=at or world.now) for key in keys
        ]


def delivers(world: World, post: Post) -> int:
    return asyncio.run(delivery.Post(world.database, {"local": post}).round(world.now))


def row(world: World, key: str) -> Delivery:
    [found] = world.rows(select(Delivery).where(Delivery.key == key))
    return found


# --- as it should go ---


def test_what_waits_is_sent_oldest_first_and_once(world: World, post: Post) -> None:
    promises(world, "second", at=world.now - MINUTE)
    promises(world, "third", "fourth")
    promises(world, "first", at=world.now - 2 * MINUTE)
    promises(world, "tomorrow", at=world.now + timedelta(days=1))
    assert delivers(world, post) == 4
    assert post.sent == ["first", "second", "third", "fourth"]
    assert delivers(world, post) == 0
    found = row(world, "first")
    assert (found.state, found.sent_at, found.attempts) == (DeliveryState.SENT, world.now, 1)
    assert found.leased_until is None
    world.now += timedelta(days=1)
    assert delivers(world, post) == 1


def test_the_same_key_is_promised_once(world: World, post: Post) -> None:
    assert promises(world, "a", "a", "b") == [True, False, True]
    assert promises(world, "a", text="Something else") == [False]
    assert delivers(world, post) == 2
    assert promises(world, "a") == [False]
    assert delivers(world, post) == 0


def test_two_who_promise_the_same_at_once_promise_it_once(world: World, post: Post) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: promises(world, "a")[0], range(8)))
    assert Counter(made) == {True: 1, False: 7}
    assert delivers(world, post) == 1


def test_what_was_promised_in_a_transaction_that_failed_is_not_sent(
    world: World, post: Post
) -> None:
    with pytest.raises(ZeroDivisionError), world.database.transaction() as session:
        person = session.exec(select(Person)).one()
        outbox.promise(session, person, say("Hello"), key="a", now=world.now)
        raise ZeroDivisionError
    assert delivers(world, post) == 0


def test_a_long_queue_is_sent_in_batches(world: World, post: Post) -> None:
    keys = [f"{number:03}" for number in range(2 * delivery.BATCH + 5)]
    promises(world, *keys)
    assert delivers(world, post) == len(keys)
    assert sorted(post.sent) == keys
    assert set(post.sent[: delivery.BATCH]) == set(keys[: delivery.BATCH])


# --- as it may go ---


def test_a_platform_that_asks_for_patience_gets_it(world: World, post: Post) -> None:
    promises(world, "a", "b")
    post.fails["a"] = TryLater(timedelta(seconds=30))
    delivers(world, post)
    assert post.sent == ["b"]
    found = row(world, "a")
    assert (found.state, found.attempts) == (DeliveryState.WAITING, 0)
    assert found.due_at == world.now + timedelta(seconds=30)
    post.fails.clear()
    world.now += timedelta(seconds=29)
    assert delivers(world, post) == 0
    world.now += timedelta(seconds=1)
    assert delivers(world, post) == 1


def test_patience_is_endless_and_no_failure(world: World, post: Post) -> None:
    promises(world, "a")
    post.everything = TryLater(timedelta(seconds=1))
    for _ in range(3 * sending.GIVE_UP_AFTER):
        world.now += timedelta(seconds=1)
        delivers(world, post)
    assert row(world, "a").state is DeliveryState.WAITING


@pytest.mark.parametrize("wait", [timedelta(), timedelta(seconds=-5)])
def test_a_platform_that_says_later_but_not_when_is_not_asked_again_at_once(
    world: World, post: Post, wait: timedelta
) -> None:
    keys = [f"{number:03}" for number in range(delivery.BATCH + 1)]
    promises(world, *keys)
    post.everything = TryLater(wait)
    assert delivers(world, post) == len(keys)
    assert row(world, keys[0]).due_at > world.now


def test_the_pauses_between_tries_grow_and_end_in_giving_up_that_can_be_seen(
    world: World, post: Post
) -> None:
    promises(world, "a", "b")
    post.fails["a"] = ValueError("secret words")
    pauses = []
    for _ in range(sending.GIVE_UP_AFTER - 1):
        delivers(world, post)
        found = row(world, "a")
        assert found.state is DeliveryState.WAITING
        pauses.append(found.due_at - world.now)
        world.now = found.due_at
    delivers(world, post)
    assert pauses == sorted(pauses)
    assert pauses[0] < 2 * MINUTE
    assert timedelta(hours=12) < sum(pauses, timedelta()) < timedelta(days=2)
    found = row(world, "a")
    assert (found.state, found.failure) == (DeliveryState.FAILED, "ValueError")
    assert row(world, "b").state is DeliveryState.SENT
    world.now += timedelta(days=30)
    assert delivers(world, post) == 0
    assert post.tried.count("a") == sending.GIVE_UP_AFTER


def test_who_cannot_be_reached_is_not_tried_again_and_stops_nobody_else(
    world: World, post: Post
) -> None:
    promises(world, "a", "b", "c")
    post.fails["a"] = Unreachable(Why.GONE)
    post.fails["b"] = RuntimeError()
    delivers(world, post)
    assert post.sent == ["c"]
    assert row(world, "a").state is DeliveryState.UNREACHABLE
    assert row(world, "b").state is DeliveryState.WAITING
    world.now += timedelta(days=1)
    delivers(world, post)
    assert post.tried.count("a") == 1


def test_a_platform_that_is_not_there_costs_only_its_own_messages(world: World, post: Post) -> None:
    promises(world, "a")
    asyncio.run(delivery.Post(world.database, {}).round(world.now))
    assert (row(world, "a").state, row(world, "a").attempts) == (DeliveryState.WAITING, 0)
    assert delivers(world, post) == 1


def test_a_send_that_hangs_is_given_up_before_its_lease_ends(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sending.LEASE.total_seconds() > delivery.SEND_WITHIN
    monkeypatch.setattr(delivery, "SEND_WITHIN", 0.05)

    async def hang(letter: Letter) -> None:
        await asyncio.sleep(60 if letter.key == "a" else 0)

    monkeypatch.setattr(post, "send", hang)
    promises(world, "a", "b")
    assert delivers(world, post) == 2
    assert (row(world, "a").state, row(world, "a").failure) == (
        DeliveryState.WAITING,
        "TimeoutError",
    )
    assert row(world, "b").state is DeliveryState.SENT
    assert (row(world, "a").in_doubt, row(world, "b").in_doubt) == (True, False)


def test_the_coordinator_sees_whom_no_message_reaches(world: World) -> None:
    """Through the platform itself: the account is closed between promise and send."""
    world.programme()
    thomas = world.coordinator("Thomas")
    world.person("Noor")
    world.joins("Noor", {"role": ("mentee",), "rhythm": ("weekly",)})
    world.chat.farewell("noor")
    promises(world, "a")
    world.deliver()
    assert row(world, "a").state is DeliveryState.UNREACHABLE
    world.passes(timedelta(hours=2), days=4, hours=12)  # the digest of Friday
    assert any("Noor" in text for text in thomas.all_seen)
