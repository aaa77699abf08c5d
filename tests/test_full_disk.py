"""The disk is full: people are told that nothing was kept, and what they do again counts once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select
from structlog.testing import capture_logs

from bot.app import App
from storage.models import Delivery, DeliveryState, SeenEvent
from tests.hands import Hands
from tests.test_app import Slow, states, until, working
from tests.world import World

pytestmark = pytest.mark.only_a_file


@contextmanager
def full_disk(world: World) -> Iterator[None]:
    """The file cannot grow by a page: SQLite itself says that the disk is full."""

    def no_more(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # taken for what there is

    def room(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    world.database.scrub()  # no page is left free inside
    event.listen(world.database.engine, "begin", no_more)
    try:
        yield
    finally:
        event.remove(world.database.engine, "begin", no_more)
        event.listen(world.database.engine, "begin", room)


def test_on_a_full_disk_people_hear_it_and_may_say_it_again(world: World) -> None:
    noor, platform = Hands(world, "Noor", "nl"), Slow()
    world.programme()
    words = "geheim " * 1_400
    tries = [noor.said(words, f"try-{number:04}") for number in range(2_000)]

    async def story(app: App) -> None:
        with full_disk(world), capture_logs() as lines:
            for heard in tries:  # the last page has room for some
                if sorry := await app.act(heard):
                    break
            assert sorry is not None
            assert "er is niets veranderd" in str(sorry.to_json())
            await app.tick()
        assert words.strip() not in str(lines)
        assert any(line.get("error") == "OperationalError" for line in lines)
        known = {row.id for row in world.rows(select(SeenEvent))}
        assert not any(id_.endswith(heard.id) for id_ in known), known
        assert await app.act(heard) is None  # typed words are answered in a message
        assert await app.act(heard) is None  # told again by a client that had not heard
        await app.tick()
        await until(lambda: set(states(world).values()) == {DeliveryState.SENT})
        [key] = [row.key for row in world.rows(select(Delivery)) if row.key.endswith(heard.id)]
        assert platform.sent.count(key) == 1

    working(world, platform, story)
