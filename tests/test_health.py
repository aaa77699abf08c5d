"""What an operator's tools see of the running bot: its pages, its figures, and lines that belong together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.app import App
from bot.core.messages import say
from bot.core.platform import FREELY, Letter, TryLater, Unreachable, Unsure, Why
from bot.core.watching import trace
from bot.health import Health
from bot.metrics import Metrics
from storage import outbox
from storage.models import Delivery, Person
from tests.hands import Hands
from tests.world import World

Client = TestClient[web.Request, web.Application]


class Chat:
    """A chat platform that hears people, until it does not."""

    def __init__(self) -> None:
        self.hears = True

    async def listening(self) -> bool:
        return self.hears


class Moody:
    """A platform that fails a letter in the way its key says."""

    name = "local"
    pace = FREELY

    def __init__(self) -> None:
        self.traces: dict[str, str] = {}

    def room(self, workspace: str) -> int:
        del workspace
        return 100

    async def send(self, letter: Letter) -> None:
        self.traces[letter.key] = trace()
        errors: dict[str, Exception] = {
            "later": TryLater(timedelta(seconds=9)),
            "unreachable": Unreachable(Why.GONE),
            "unsure": Unsure(),
            "failed": RuntimeError("xylophone"),
        }
        if letter.key in errors:
            raise errors[letter.key]


def asked(
    world: World, chat: Chat, metrics: Metrics, story: Callable[[Client], Awaitable[None]]
) -> None:
    async def run() -> None:
        application = web.Application()
        health = Health(world.database, {"slack": chat}, metrics, lambda: world.now)
        health.routes(application.router)
        async with TestClient(TestServer(application)) as client:
            await story(client)

    asyncio.run(run())


def figures(page: str) -> dict[tuple[str, ...], float]:
    """Every figure by its name and labels, which come in the order of their names."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_a_bot_that_can_work_says_so_and_one_that_hears_nobody_does_not(world: World) -> None:
    chat = Chat()

    async def story(client: Client) -> None:
        assert (await client.get("/healthz")).status == 200
        answer = await client.get("/readyz")
        assert answer.status == 200
        assert await answer.json() == {
            "ready": True,
            "database": True,
            "tables": True,
            "slack": True,
        }
        chat.hears = False
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert (await answer.json())["slack"] is False
        assert (await client.get("/healthz")).status == 200

    asked(world, chat, Metrics(), story)


def test_a_database_that_is_away_is_told_and_the_figures_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("select", None, Exception("gone"))

    metrics = Metrics()
    metrics.tried("slack", "sent")

    async def story(client: Client) -> None:
        monkeypatch.setattr(world.database, "look", away)
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert (await answer.json())["database"] is False
        found = figures(await (await client.get("/metrics")).text())
        assert found["koppel_sends_total", "sent", "slack"] == 1

    asked(world, Chat(), metrics, story)


def test_figures_tell_what_was_done_and_what_waits_since_when(world: World) -> None:
    metrics, platform, noor = Metrics(), Moody(), Hands(world, "Noor")
    app = App(world.database, {"local": platform}, now=lambda: world.now, watcher=metrics)

    async def story(client: Client) -> None:
        assert await app.act(noor.said("hello", "1")) is None
        promise(world, "later", "unreachable", "unsure", "failed")
        await app.post()
        promise(world, "of-old")
        world.now += timedelta(minutes=10)
        found = figures(await (await client.get("/metrics")).text())
        assert found["koppel_event_seconds_count", "Typed"] == 1
        for outcome in ("sent", "later", "unreachable", "unsure", "failed"):
            assert found["koppel_sends_total", outcome, "local"] >= 1, outcome
        assert found["koppel_queue_messages", "local"] >= 1
        assert found["koppel_queue_age_seconds", "local"] == 600
        assert found["koppel_due_lag_seconds",] == 0
        assert "Noor" not in str(found)

    asked(world, Chat(), metrics, story)


def test_the_lines_of_an_event_and_of_its_message_belong_together(world: World) -> None:
    platform, noor = Moody(), Hands(world, "Noor")

    async def story() -> None:
        app = App(world.database, {"local": platform}, now=lambda: world.now)
        await app.act(noor.said("hello", "1"))
        await app.act(noor.said("hello", "2"))
        await app.post()

    asyncio.run(story())
    kept = {row.key: row.trace for row in world.rows(select(Delivery))}
    assert len(set(kept.values())) == 2
    assert "" not in kept.values()
    assert platform.traces == kept


def test_what_goes_wrong_with_a_message_is_logged_with_its_trace(world: World) -> None:
    Hands(world, "Noor")
    promise(world, "failed")
    with capture_logs(processors=[merge_contextvars]) as lines:
        app = App(world.database, {"local": Moody()}, now=lambda: world.now)
        asyncio.run(app.post())
    [line] = [line for line in lines if line["event"] == "delivery.failed"]
    assert line["trace"] == "abc123"
    assert "xylophone" not in str(lines)


def promise(world: World, *keys: str) -> None:
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == "Noor")).one()
        for key in keys:
            outbox.promise(session, noor, say("Hello"), key=key, now=world.now)
        session.flush()
        for row in session.exec(select(Delivery).where(Delivery.key == "failed")):
            row.trace = "abc123"
