"""Where transactions come from: a SQLite file with one writer, or PostgreSQL with a pool."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, event, func, select
from sqlalchemy.engine import make_url
from sqlmodel import Session, create_engine

from bot.core.cores import OneCore
from storage import postgresql
from storage.crew import Crew
from storage.sealing import Seal, seal_with

R = TypeVar("R")
ERASED = ".erased"  # the ending of the list of erasures
POOL = 10  # threads for events and short jobs; whoever waits for another's lock keeps one
READERS = 4  # threads that only look; the last is for when another is held up


class Database:
    """Opens transactions. On SQLite one thread writes: fifty that fight for the lock are slower."""

    def __init__(self, url: str, seal: Seal | None = None, erasures: Path | None = None) -> None:
        """Without a seal what is confidential can be neither written nor read. `erasures` is the
        list of who was erased; otherwise it stands beside an SQLite file."""
        self.url = url
        self.erasures = erasures or beside(url, ERASED)
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else postgresql.engine_of(url, POOL)
        if seal:
            seal_with(self.engine, seal)
        # After a ROLLBACK the driver of PostgreSQL forgets its prepared statements, and making the
        # plans of what a clock looks for takes ten times as long as looking: so a look is committed.
        reading = {"koppel_read": True} if self.is_sqlite else {"postgresql_readonly": True}
        self._reading = self.engine.execution_options(**reading)
        # Who waits here sleeps until it is their turn; SQLite itself would have them ask again and
        # again. A long job has a thread of its own, so the one writer is not alone.
        self._turn: AbstractContextManager[object] = (
            threading.RLock() if self.is_sqlite else nullcontext()
        )
        self.core = OneCore()
        self._writers = Crew(1 if self.is_sqlite else POOL, "database", self.core.join)
        self._readers = Crew(READERS, "database-read", self.core.join)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Everything inside happens, or nothing."""
        with self._turn, Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def rehearsal(self) -> Iterator[Session]:
        """A transaction like any other, except that nothing of it stays."""
        with self._turn, Session(self.engine) as session:
            yield session
            session.rollback()

    @contextmanager
    def look(self) -> Iterator[Session]:
        """Read only: takes no lock that a writer would wait for, and keeps nothing."""
        with Session(self._reading) as session:
            yield session
            session.expunge_all()
            if self.is_sqlite:
                session.rollback()
            else:
                session.commit()  # the server has seen to it that nothing was written

    def for_readers(self) -> Engine:
        """For a library that reads by itself, and ends that with a ROLLBACK."""
        if self.is_sqlite:
            return self._reading
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")  # nothing to roll back

    async def write(self, work: Callable[[], R]) -> R:
        """Run work that opens a transaction off the event loop."""
        return await self._writers.do(work)

    async def read(self, work: Callable[[], R]) -> R:
        return await self._readers.do(work)

    async def asked(self, query: Callable[[Session], R]) -> R:
        """What a query finds."""

        def work() -> R:
            with self.look() as session:
                return query(session)

        return await self.read(work)

    async def changed(self, change: Callable[[Session], R]) -> R:
        """What a change gives, in a transaction of its own."""

        def work() -> R:
            with self.transaction() as session:
                return change(session)

        return await self.write(work)

    def scrub(self) -> None:
        """Leave nothing in the file of what was deleted or written over: rows that moved within
        the file may have left their words behind. A server does so by itself, in time."""
        if not self.is_sqlite:
            return
        with self._turn, self.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._writers.close()
        self._readers.close()
        self.engine.dispose()


def beside(url: str, ending: str) -> Path | None:
    """A file of this ending beside an SQLite database: data/koppel.key beside data/koppel.db. A
    server has nothing beside it."""
    file = file_of(url)
    return file.with_suffix(ending) if file else None


def file_of(url: str) -> Path | None:
    """Where an SQLite database is; None for a server."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def is_id(number: int) -> bool:
    """Whether a row could have this id. A forged button may name any number, and PostgreSQL refuses
    one that its column cannot hold."""
    return 0 < number < 2**31


def clock(session: Session) -> datetime:
    """The database's own time: leases must not depend on which machine asks."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def has_read(session: Session) -> None:
    """A great deal was read that is not soon asked again: SQLite need not keep its pages by it."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA shrink_memory")


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute("PRAGMA journal_mode = WAL")
        # With WAL, NORMAL loses no committed transaction when the process is killed; only a power
        # failure may cost the last moments, and never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA cache_size = -32000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # One writer at a time, from the first read on: no two clicks interleave.
        reading = connection.get_execution_options().get("koppel_read")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
