"""How late the single messages of one workspace are while fifty thousand wait for another that is slow
and asks to wait; and what memory that takes."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session

from bot import logs
from bot.core.messages import say as words
from bot.core.platform import FREELY, Letter, Pace, TryLater
from scheduler.delivery import Post
from storage import outbox, schema
from storage.database import Database
from storage.models import Delivery, DeliveryState, Organisation, Workspace
from tests import sealed
from tests.databases import postgres

WAITING, SINGLES = 50_000, 15
MOST = 2.0  # seconds that a single message may be late
TICK = 1.0  # seconds between two looks of the post, as the clock has it
SLOW, REFUSED = 0.2, 0.2  # seconds that a send takes in the full workspace; how many have to wait


@dataclass
class OneIsSlow:
    """A platform of which one workspace is slow and full; the other takes everything at once."""

    name = "slack"
    pace: Pace = FREELY
    sent: int = 0
    arrived: dict[str, float] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def room(self, workspace: str) -> int:
        del workspace
        return 200

    async def send(self, letter: Letter) -> None:
        if letter.workspace == "quiet":
            self.arrived[letter.key] = time.perf_counter()
            return
        await asyncio.sleep(SLOW)
        if self.chance.random() < REFUSED:
            raise TryLater(timedelta(seconds=2))
        self.sent += 1


@dataclass
class Late:
    """How late each single message was, in seconds; what was sent meanwhile; and the memory held, in
    MiB, after the first of them and after the last."""

    seconds: list[float]
    sent: int
    held: tuple[float, float]


def crowd(session: Session, waiting: int, now: datetime) -> None:
    """A workspace for which so many wait, and one for which nothing does."""
    session.add(Organisation(id=1, name="Two"))
    session.flush()
    for id_, external in ((1, "full"), (2, "quiet")):
        session.add(Workspace(id=id_, organisation_id=1, platform="slack", external=external))
    session.flush()
    like = Delivery(
        key="",
        organisation_id=1,
        workspace_id=1,
        address="D",
        state=DeliveryState.WAITING,
        message=words("hello").to_json(),
        due_at=now - timedelta(minutes=1),
    ).model_dump(exclude={"id"})
    session.execute(insert(Delivery), [like | {"key": f"full:{n}"} for n in range(waiting)])


async def singles(database: Database, how_many: int) -> Late:
    """The post at work, and every second or so one message for the quiet workspace."""
    platform, promised = OneIsSlow(), dict[str, float]()
    post, held = Post(database, {"slack": platform}), list[float]()
    for number in range(how_many):
        key = f"quiet:{number}"
        await database.changed(lambda session, key=key: _promise(session, key))  # type: ignore[misc]
        promised[key] = time.perf_counter()
        await post.start(datetime.now(UTC))
        await asyncio.sleep(TICK)
        held.append(memory())
    await post.finish(stop=True)
    never = time.perf_counter()
    late = [platform.arrived.get(key, never) - at for key, at in promised.items()]
    return Late(late, platform.sent, (held[0], held[-1]))


def _promise(session: Session, key: str) -> bool:
    now = datetime.now(UTC)
    return outbox.promise_place(session, 2, 1, "D", words("hello"), key=key, now=now)


def memory() -> float:
    """What this process holds now, in MiB; where the system does not say, the most it ever held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def bench_fairness(say: Callable[[str], None]) -> None:
    """A line for each database."""
    logs.begin("ERROR", "text")  # every letter that has to wait is one line
    for name, url in _databases():
        schema.upgrade(url)
        database = sealed.opened(url)
        with database.transaction() as session:
            crowd(session, WAITING, datetime.now(UTC))
        late = asyncio.run(singles(database, SINGLES))
        database.close()
        say(
            f"fairness: {name}, {WAITING:,} wait elsewhere ({late.sent} of them sent meanwhile): "
            f"the latest of {SINGLES} single messages {max(late.seconds):.2f} s (aim: {MOST:.0f} s), "
            f"memory {late.held[0]:.0f} MiB, then {late.held[1]:.0f} MiB"
        )


def _databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        yield "SQLite", f"sqlite:///{(Path(folder) / 'fairness.db').as_posix()}"
    with postgres() as server:
        yield "PostgreSQL", server.create()
