"""Finding what is due costs the same however many people sleep."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session

from scheduler import clock
from storage import pressure, sending
from storage.database import Database
from storage.looking import Look
from tests import sealed
from tests.databases import Sqlite
from tests.plans import SMALL, asked
from tests.sleepers import fall_asleep
from tests.world import MONDAY

Ask = Callable[[Session, datetime], object]
ASKS: dict[str, Ask] = {
    **{job.name: Look([job.waits]).waiting for job in clock.JOBS},
    **{job.name: job.waits for job in clock.LONG_JOBS},
    "the clock": clock.LOOK.waiting,
    "the post": sending.queues,
    "what waits": pressure.look,
}
FEW, MANY = 100, 2_000
MOST = 1.5  # times what it costs among few


@pytest.fixture(scope="module")
def asleep(migrated: tuple[Sqlite, str]) -> Iterator[tuple[Database, Database]]:
    """Two companies of sleepers, a small one and a large one."""
    files, template = migrated
    urls = [files.create(template) for _ in range(2)]
    opened = sealed.opened(urls[0]), sealed.opened(urls[1])
    for database, people in zip(opened, (FEW, MANY), strict=True):
        _fill(database, people)
    yield opened
    for database in opened:
        database.close()
    for url in urls:
        files.drop(url)


def _fill(database: Database, people: int) -> None:
    with database.transaction() as session:
        fall_asleep(session, people, MONDAY)


def steps(database: Database, ask: Ask) -> int:
    """How many steps SQLite takes to answer: the same on every machine."""
    with database.look() as session:
        ask(session, MONDAY)  # reading the schema is no part of it
        driver = session.connection().connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        taken = 0

        def step() -> None:
            nonlocal taken
            taken += 1

        driver.set_progress_handler(step, 1)
        try:
            ask(session, MONDAY)
        finally:
            driver.set_progress_handler(None, 0)
    return taken


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_looking_costs_no_more_among_many_who_sleep(
    asleep: tuple[Database, Database], ask: Ask
) -> None:
    few, many = (steps(database, ask) for database in asleep)
    assert 0 < many <= few * MOST


def test_nobody_in_that_company_is_due(asleep: tuple[Database, Database]) -> None:
    for database in asleep:
        with database.look() as session:
            found = {name: ask(session, MONDAY) for name, ask in ASKS.items()}
        assert not any(found[job.name] for job in (*clock.JOBS, *clock.LONG_JOBS))
        assert found["the post"] == []


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_postgresql_finds_what_is_due_without_reading_a_whole_table(url: str) -> None:
    database = sealed.opened(url)
    _fill(database, MANY)
    with database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    whole = set[str]()
    with database.look() as session:
        connection = session.connection()
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        for ask in ASKS.values():
            for plan in plans(connection, lambda ask=ask: ask(session, MONDAY)):  # type: ignore[misc]
                whole |= _read_whole(plan)
    database.close()
    assert whole <= SMALL


def plans(connection: Connection, work: Callable[[], object]) -> list[str]:
    """How PostgreSQL goes about each of the queries in this work."""
    with asked(connection) as statements:
        work()
    driver = connection.connection.driver_connection
    assert driver is not None
    return [
        "\n".join(line for (line,) in driver.execute(f"EXPLAIN {query}", given).fetchall())
        for query, given in statements
    ]


def _read_whole(plan: str) -> set[str]:
    mark = "Seq Scan on "
    return {line.split(mark)[1].split()[0].strip('"') for line in plan.splitlines() if mark in line}
