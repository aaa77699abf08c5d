"""A workspace keeps the bot out for a while, or removes it: what comes after is no flood of old news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.core.messages import say
from bot.core.news import Installed, News, Uninstalled
from bot.dispatcher import Dispatcher
from bot.platforms.local.platform import WORKSPACE
from handlers.routes import router
from storage import attention, outbox
from storage.models import (
    CheckIn,
    Delivery,
    DeliveryState,
    Identity,
    Programme,
    Workspace,
    WorkspaceState,
)
from tests.asking import couple, days_pass
from tests.hands import Hands
from tests.world import World

pytestmark = pytest.mark.any_database

DAY = timedelta(days=1)
SENT, WAITING = DeliveryState.SENT, DeliveryState.WAITING
OLD = timedelta(days=4)


def hears(world: World, news: News) -> None:
    Dispatcher(world.database, router, world.content, lambda: world.now).hear(news)


def is_removed(world: World) -> None:
    hears(world, Uninstalled("local", WORKSPACE))


def is_back(world: World) -> None:
    hears(world, Installed("local", WORKSPACE))
    world.deliver()


def is_paused(world: World) -> None:
    with world.database.transaction() as session:
        workspace = session.get_one(Workspace, world.workspace)
        workspace.state, workspace.since = WorkspaceState.PAUSED, world.now


def letters(world: World, begins: str, *states: DeliveryState) -> list[Delivery]:
    query = select(Delivery).where(col(Delivery.key).startswith(begins)).order_by(col(Delivery.id))
    return [row for row in world.rows(query) if row.state in (states or tuple(DeliveryState))]


def promised(world: World, to: Hands, key: str, ago: timedelta = timedelta()) -> None:
    with world.database.transaction() as session:
        outbox.promise(session, to.row, say(key), key=key, now=world.now - ago)


@pytest.fixture
def pair(world: World) -> tuple[Hands, Hands]:
    world.programme()
    return couple(world)


@pytest.mark.parametrize("leaves", [is_paused, is_removed])
def test_after_ninety_days_there_is_no_flood(
    world: World, pair: tuple[Hands, Hands], leaves: Callable[[World], None]
) -> None:
    days_pass(world, 8)
    before = {hands.name: len(hands.all_seen) for hands in pair}
    digests = len(letters(world, "digest:"))
    leaves(world)
    days_pass(world, 90)
    assert len(letters(world, "digest:")) == digests
    is_back(world)
    world.tick()
    assert all(len(hands.all_seen) <= before[hands.name] + 1 for hands in pair)
    days_pass(world, 5)
    assert len(letters(world, "digest:", SENT)) == digests + 1
    assert all(len(hands.all_seen) <= before[hands.name] + 2 for hands in pair)
    assert any("have you met" in hands.sees for hands in pair)


def test_who_could_not_answer_was_not_silent(world: World, pair: tuple[Hands, Hands]) -> None:
    assert pair
    days_pass(world, 8)  # asked, and then it is too late to answer
    is_paused(world)
    days_pass(world, 60)
    is_back(world)
    days_pass(world, 9)  # asked again, and a round later
    assert len(world.rows(select(CheckIn))) >= 4
    assert letters(world, "stuck:") == []
    days_pass(world, 14)
    assert len(letters(world, "stuck:")) == 1


def test_what_waits_for_a_workspace_that_removes_the_bot_is_never_sent(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    _, noor = pair
    for key in ("answer:1", "announced:9:9", "nudge:9"):
        promised(world, noor, key)
    is_removed(world)
    is_back(world)
    for key in ("answer:1", "announced:9:9", "nudge:9"):
        assert letters(world, key, SENT, WAITING) == []
    with world.database.look() as session:
        assert not attention.named(session, session.get_one(Programme, 1))


def test_after_a_pause_old_news_is_dropped_and_all_else_arrives(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    _, noor = pair
    for key in ("nudge:9:old", "digest:1:old", "attention:1:old", "announced:9:9", "answer:1"):
        promised(world, noor, key, OLD)
    promised(world, noor, "digest:1:fresh", DAY)
    is_paused(world)
    is_back(world)
    sent = {row.key for row in letters(world, "", SENT)}
    assert {"announced:9:9", "answer:1", "digest:1:fresh"} <= sent
    assert not {key for key in sent if key.endswith(":old")}
    with world.database.look() as session:
        assert not attention.named(session, session.get_one(Programme, 1))


def test_who_gets_the_questions_that_waited_is_not_asked_again_that_day(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    _, noor = pair
    promised(world, noor, "nudge:9:first", 2 * DAY)
    promised(world, noor, "nudge:9:second", DAY)
    is_paused(world)
    is_back(world)
    assert [row.key for row in letters(world, "nudge:9", SENT)] == ["nudge:9:second"]
    assert noor.row.last_nudged_on == world.now.date()


def test_who_has_another_account_is_asked_there(world: World, pair: tuple[Hands, Hands]) -> None:
    _, noor = pair
    with world.database.transaction() as session:
        other = Workspace(
            organisation_id=world.organisation, platform="local", external="elsewhere"
        )
        session.add(other)
        session.flush()
        there = Identity(
            person_id=noor.row.id, workspace_id=other.id, user="n", address="dm:n", preferred=False
        )
        session.add(there)
        session.flush()
        elsewhere = other.id
    is_paused(world)
    days_pass(world, 8)
    assert [row.workspace_id for row in letters(world, "nudge:")] == [elsewhere]
