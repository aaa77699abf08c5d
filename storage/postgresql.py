"""Connections to PostgreSQL, such as an event can afford."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import psycopg
from psycopg import Column
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlmodel import create_engine

from storage.outages import Outage

FRESH = 1.0  # seconds that a connection counts as there after it was used
SPARE = 10  # connections besides: for who reads, and for long jobs
# A server that is unplugged says nothing; who waits for it may not wait for the network's own limits.
ANSWERS_WITHIN = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}


def engine_of(url: str, threads: int) -> Engine:
    """For so many threads that write."""
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={**ANSWERS_WITHIN, "cursor_factory": Cursor},
        pool_size=threads,
        max_overflow=SPARE,
    )
    _look_whether_it_is_there(engine)
    Outage(engine)
    return engine


class Cursor(psycopg.Cursor[Any]):
    """Describes its columns when somebody asks: SQLAlchemy does so the first time that it sees a
    statement, and the driver makes an object of each column every time."""

    @property
    def description(self) -> Sequence[Column] | None:  # type: ignore[override]
        found = self.pgresult
        return _Columns(self._described, found.nfields) if found and found.nfields else None

    def _described(self) -> list[Column]:
        return super().description or []


class _Columns(Sequence[Column]):
    """So many columns, made when the first is looked at."""

    def __init__(self, make: Callable[[], list[Column]], number: int) -> None:
        self._make, self._number = make, number

    @cached_property
    def _made(self) -> list[Column]:
        return self._make()

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, place: Any) -> Any:
        return self._made[place]


def _look_whether_it_is_there(engine: Engine) -> None:
    """A connection that lay unused may be dead: it is asked, and made anew. One that was used a
    moment ago is not, which would cost every event a tenth of its time."""

    @event.listens_for(engine, "checkin")
    def _left(_connection: Any, record: Any) -> None:
        record.info[_LEFT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(_LEFT, math.inf) < FRESH:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


_LEFT = "left"
