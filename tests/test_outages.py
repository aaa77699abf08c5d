"""The database goes away for a while under a bot at work, and comes back."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import create_engine, func, text
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from structlog.testing import capture_logs

from bot.app import App
from bot.core.platform import FREELY, Letter
from bot.health import Health
from bot.metrics import Metrics
from storage.database import Database
from storage.models import Delivery, DeliveryState
from storage.outages import Away
from tests.databases import Postgres, Sqlite
from tests.hands import Hands
from tests.test_leases import promises
from tests.world import World

Databases = tuple[Sqlite | Postgres, str]
LETTERS, PATIENCE = 20, 30.0
TICKS = 4.5  # seconds: the post ticks four times meanwhile, and the quickest jobs twice


class Slow:
    """A platform on which letters arrive while somebody waits."""

    name, pace = "local", FREELY

    def __init__(self) -> None:
        self.begun, self.arrived = Counter[str](), Counter[str]()
        self.goes_on = asyncio.Event()

    def room(self, workspace: str) -> int:
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        self.begun[letter.key] += 1
        await self.goes_on.wait()
        self.arrived[letter.key] += 1


@asynccontextmanager
async def away(databases: Databases) -> AsyncIterator[None]:
    server = databases[0]
    assert isinstance(server, Postgres)
    stopped = server.away()
    await asyncio.to_thread(stopped.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(stopped.__exit__, None, None, None)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def asking(world: World) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    application = web.Application()
    Health(world.database, {}, Metrics(), lambda: world.now).routes(application.router)
    async with TestClient(TestServer(application)) as client:
        yield client


@pytest.mark.only_a_server
def test_a_bot_outlives_its_database_says_so_once_and_sends_nothing_twice(
    world: World, databases: Databases
) -> None:
    noor = Hands(world, "Noor")
    keys = promises(world, LETTERS, to=[f"Somebody {n}" for n in range(LETTERS)])

    async def run() -> None:
        slow = Slow()
        app = App(world.database, {"local": slow}, now=lambda: world.now)
        async with asking(world) as client, app.working():
            await until(lambda: len(slow.begun) == LETTERS)
            async with away(databases):
                slow.goes_on.set()
                await asyncio.sleep(TICKS)
                assert (await client.get("/healthz")).status == 200
                assert (await client.get("/readyz")).status == 503
                answer = await app.act(noor.said("hello", "1"))
                assert answer is not None  # that something went wrong, and a number to tell us
            assert await app.act(noor.said("hello", "2")) is None
            await until(lambda: len(slow.arrived) == LETTERS + 1)
            await until(lambda: states() == {DeliveryState.SENT: LETTERS + 1})
            assert (await client.get("/readyz")).status == 200
        assert set(slow.arrived.values()) == {1}
        assert slow.arrived.keys() >= set(keys)

    def states() -> Counter[DeliveryState]:
        return Counter(row.state for row in world.rows(select(Delivery)))

    with capture_logs() as lines:
        asyncio.run(run())
    told = [line["event"] for line in lines if line["log_level"] in ("warning", "error")]
    assert told == ["database.away", "event.failed"]
    assert [line["event"] for line in lines].count("database.back") == 1


@pytest.mark.any_database
def test_a_database_that_never_was_there_is_an_error_and_no_outage() -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with capture_logs() as lines, pytest.raises(OperationalError) as failed, nowhere.look() as look:
        look.scalar(select(1))
    nowhere.close()
    assert not isinstance(failed.value, Away)
    assert lines == []


@pytest.mark.only_a_server
def test_a_connection_that_died_while_it_lay_unused_is_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.postgresql.FRESH", 0.0)
    number = select(func.pg_backend_pid())
    with world.database.look() as look:
        before = look.exec(number).one()
    other = create_engine(world.database.url)
    with other.connect() as connection:
        connection.execute(text(_END_ALL_OTHERS))
    other.dispose()
    with capture_logs() as lines, world.database.transaction() as session:
        assert session.exec(number).one() != before
    assert lines == []


_END_ALL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
