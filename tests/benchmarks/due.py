"""What it costs to find what is due: among ten thousand who sleep, and among a million.

So many as `people` are asked something in a tick with work; in an idle one nobody is."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text, update
from sqlmodel import col

from bot.content import standard
from scheduler import clock
from storage import pressure, schema, sending
from storage.database import Database
from storage.models import Member
from tests import sealed
from tests.databases import postgres
from tests.sleepers import fall_asleep
from tests.world import MONDAY

SIZES = (10_000, 1_000_000)
LOOKS, TICKS = 200, 5
DUE = 100  # people to be asked in a tick with work
MOST = 1.5  # times what it costs among few


def bench_due(say: Callable[[str], None]) -> None:
    """Lines that tell what a tick costs, by the clock: of a server the processor time is not ours.
    Few and many take turns, so that whatever else the machine does slows down both."""
    for name, urls in _databases():
        began = time.perf_counter()
        few, many = (_asleep(url, size) for url, size in zip(urls, SIZES, strict=True))
        say(f"due: {name}, made in {time.perf_counter() - began:.0f} s")
        for what, tick, times in (("idle tick", _idle, LOOKS), (f"{DUE} due", _at_work, TICKS)):
            took = [(tick(few, n), tick(many, n)) for n in range(times)]
            one, other = (statistics.median(each) * 1000 for each in zip(*took[1:], strict=True))
            say(
                f"  {what}: {one:.2f} ms among {SIZES[0]:,}, {other:.2f} ms among {SIZES[1]:,}, "
                f"ratio {other / one:.2f} (aim: {MOST})"
            )
        few.close()
        many.close()


def _databases() -> Iterator[tuple[str, list[str]]]:
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        yield "SQLite", [f"sqlite:///{(Path(folder) / f'{n}.db').as_posix()}" for n in SIZES]
    with postgres() as server:
        yield "PostgreSQL", [server.create() for _ in SIZES]


def _asleep(url: str, people: int) -> Database:
    schema.upgrade(url)
    database = sealed.opened(url)
    with database.transaction() as session:
        if not database.is_sqlite:  # rows that are made to fit are not looked up one by one
            session.execute(text("SET LOCAL session_replication_role = replica"))
        fall_asleep(session, people, MONDAY)
    if not database.is_sqlite:  # as a server does by itself, in time
        with database.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
    return database


def _idle(database: Database, _number: int) -> float:
    """A look at everything: jobs, long jobs, the post and what an operator asks."""
    began = time.perf_counter()
    clock.run_jobs(database, standard(), MONDAY)
    with database.look() as session:
        sending.queues(session, MONDAY)
        pressure.look(session, MONDAY)
    return time.perf_counter() - began


def _at_work(database: Database, number: int) -> float:
    """A tick in which so many are asked how it goes: others than at the ticks before."""
    now = MONDAY + timedelta(minutes=number + 1)
    first = 2 + number * DUE
    with database.transaction() as session:
        who = col(Member.id).between(first, first + DUE - 1)
        session.execute(update(Member).where(who).values(ask_at=now))
    began = time.perf_counter()
    clock.run_jobs(database, standard(), now)
    return time.perf_counter() - began
