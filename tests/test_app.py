"""The running bot: it acts, its clock ticks by itself, and it stops without losing or repeating."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from sqlmodel import Session, func, select

from bot.app import App
from bot.core.messages import say
from bot.core.platform import FREELY, Letter
from scheduler import clock
from scheduler.clock import Job
from scheduler.delivery import BATCH
from storage import outbox, sending
from storage.looking import Waits
from storage.models import Delivery, DeliveryState, Participant, Person, RoundState
from tests import sealed
from tests.hands import Hands
from tests.reviewing import coordinator, last_round, mentee, mentor
from tests.slack.installing import KEY
from tests.world import World

ROOT = Path(__file__).parent.parent
PATIENCE = 30.0  # seconds: the machine may be busy


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.02)


class Slow:
    """A platform that takes its time."""

    name = "local"
    pace = FREELY

    def __init__(self, takes: float = 0.0) -> None:
        self.begun: list[str] = []
        self.sent: list[str] = []
        self._takes = takes

    def room(self, workspace: str) -> int:
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        self.begun.append(letter.key)
        await asyncio.sleep(self._takes)
        self.sent.append(letter.key)


def promises(world: World, number: int) -> None:
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == "Noor")).one()
        for n in range(number):
            outbox.promise(session, noor, say("Hello"), key=f"{n:04}", now=world.now)


def states(world: World) -> dict[str, DeliveryState]:
    return {row.key: row.state for row in world.rows(select(Delivery))}


def working(world: World, platform: Slow, story: Callable[[App], Awaitable[None]]) -> None:
    """A bot that runs as long as the story."""

    async def run() -> None:
        app = App(world.database, {"local": platform}, now=lambda: world.now)
        async with app.working():
            await story(app)

    asyncio.run(run())


# --- at work ---


def test_what_an_event_promises_is_sent_at_once(world: World) -> None:
    noor, platform = Hands(world, "Noor"), Slow()

    async def story(app: App) -> None:
        assert await app.act(noor.said("hello", "1")) is None
        await until(lambda: len(platform.sent) == 1)

    working(world, platform, story)
    assert set(states(world).values()) == {DeliveryState.SENT}


def test_a_round_that_is_asked_for_is_computed_and_told_without_anybody_winding_a_clock(
    world: World,
) -> None:
    world.programme()
    thomas = coordinator(world)
    mentor(world, "Bram")
    mentee(world, "Noor")
    platform = Slow()

    async def story(app: App) -> None:
        await app.act(thomas.said("match", "1"))
        await until(lambda: any(key.startswith("round:") for key in platform.sent))

    working(world, platform, story)
    assert last_round(world).state is RoundState.REVIEW


def test_a_job_or_a_post_that_fails_stops_neither_the_others_nor_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person("Noor")
    often, ran = timedelta(seconds=0.1), list[str]()

    def good(_session: Session, _now: datetime, _content: object) -> int:
        ran.append("good")
        return 0

    def bad(_session: Session, _now: datetime, _content: object) -> int:
        ran.append("bad")
        raise ValueError

    jobs = (Job("bad", often, Waits(), bad), Job("good", often, Waits(), good))
    monkeypatch.setattr(clock, "JOBS", jobs)
    failures = [OSError(), OSError()]
    queues = sending.queues

    def broken(*args: object) -> object:
        if failures:
            raise failures.pop()
        return queues(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "queues", broken)
    promises(world, 1)
    platform = Slow()

    async def story(_app: App) -> None:
        await until(lambda: ran.count("good") > 2 and ran.count("bad") > 2)
        await until(lambda: platform.sent == ["0000"])

    working(world, platform, story)


# --- stopping ---


def test_what_is_being_sent_at_the_end_is_noted_and_the_rest_waits_for_the_next_start(
    world: World,
) -> None:
    world.person("Noor")
    promises(world, 3 * BATCH)
    first = Slow(takes=0.5)

    async def stops_soon(_app: App) -> None:
        await until(lambda: len(first.begun) == BATCH)

    working(world, first, stops_soon)
    assert len(first.sent) == BATCH
    found = states(world)
    assert {key for key, state in found.items() if state is DeliveryState.SENT} == set(first.sent)
    assert not [row for row in world.rows(select(Delivery)) if row.leased_until]

    second = Slow()

    async def goes_on(_app: App) -> None:
        await until(lambda: len(second.sent) == 2 * BATCH)

    working(world, second, goes_on)
    assert sorted(first.sent + second.sent) == sorted(found)


def test_a_turn_of_the_post_that_a_stop_cancels_is_no_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looks(_now: datetime) -> None:
        await asyncio.sleep(60)

    async def story(app: App) -> None:
        monkeypatch.setattr(app._post, "start", looks)
        turn = asyncio.ensure_future(app._post_quietly())
        await asyncio.sleep(0)
        turn.cancel()
        await asyncio.wait_for(turn, 10)  # raises when the turn itself does

    working(world, Slow(), story)


def test_a_start_after_a_crash_lets_go_of_what_the_dead_process_held(world: World) -> None:
    """On SQLite there is no other; on PostgreSQL there may be, and the lease is waited for."""
    world.person("Noor")
    promises(world, 1)
    with world.database.transaction() as session:
        [queue] = sending.queues(session, world.now)
        assert sending.claim(session, queue, world.now, BATCH)
    platform = Slow()

    async def story(app: App) -> None:
        await app.post()

    working(world, platform, story)
    assert platform.sent == (["0000"] if world.database.is_sqlite else [])


# --- as a process ---


@contextmanager
def running(url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`koppel run` on a free port, and where it answers."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KOPPEL_")
    }
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "KOPPEL_SECRET_KEYS": KEY}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--port", "0", "--database", url],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as bot:
        try:
            assert bot.stdout is not None
            said = ""
            while not (address := re.search(r"http://127\.0\.0\.1:[1-9]\d+", said)):
                line = bot.stdout.readline()
                assert line, said  # it ended instead
                said += line
            yield bot, address.group()
        finally:
            bot.kill()


def get(address: str, path: str) -> str:
    with urlopen(f"{address}{path}", timeout=PATIENCE) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
        return text


def types(address: str, user: str, text: str) -> None:
    """As the page's own script sends it."""
    form = urlencode({"as": user, "in": f"dm:{user}", "text": text}).encode()
    request = Request(f"{address}/say", form, {"Origin": address, "Sec-Fetch-Site": "same-origin"})
    with urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == 204


def stops(bot: subprocess.Popen[str]) -> None:
    began = time.monotonic()
    bot.send_signal(signal.SIGTERM)
    assert bot.wait(timeout=10) == 0
    assert time.monotonic() - began < 10


def remembered(url: str) -> tuple[int, int, int]:
    """How many people, participants and messages."""
    database = sealed.opened(url)
    with database.look() as session:
        found = [
            session.exec(select(func.count()).select_from(table)).one()
            for table in (Person, Participant, Delivery)
        ]
    database.close()
    return found[0], found[1], found[2]


def test_it_answers_on_this_machine_ends_when_asked_and_goes_on_where_it_was(
    url: str, tmp_path: Path
) -> None:
    with running(url, tmp_path) as (bot, address):
        assert "koppel" in get(address, "/welcome").casefold()
        types(address, "noor", "/mentor join")
        types(address, "noor", "xylophone-42")
        shown = get(address, "/?as=noor")
        assert "xylophone-42" in shown
        stops(bot)
    before = remembered(url)
    assert before[1] > 10

    with running(url, tmp_path) as (bot, address):
        assert "xylophone-42" in get(address, "/?as=noor")
        assert remembered(url) == before
        types(address, "noor", "/mentor help")
        stops(bot)
    assert remembered(url)[:2] == before[:2]
