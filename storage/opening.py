"""How a database that is up to date is opened: with the keys that fit it, and nobody back who was
erased."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, select
from sqlmodel import Session

from storage import closing, erasures, keys
from storage.database import Database
from storage.models.own_data import ONLY_ROW, Installation
from storage.sealing import WrongKey

_LOCK = 0x6B657973  # "keys": one process at a time seals what stands in clear


def opened(url: str, secret_keys: Sequence[str] = (), listed: Path | None = None) -> Database:
    """The database, ready for work. What still stands in clear, from before there were keys, is
    sealed first; whoever was erased and came back with a backup is erased again. `listed` is where
    the list of erasures is. Raises `keys.KeyTrouble`."""
    database = Database(url, keys.seal_of(url, secret_keys), listed)
    try:
        if _seal(database):
            database.scrub()
        erasures.apply(database)
    except WrongKey:
        database.close()
        raise keys.OtherKey(url) from None
    except BaseException:
        database.close()
        raise
    return database


def _seal(database: Database) -> bool:
    """Whether this was the first time; WrongKey when it was not, and the keys are others."""
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        if session.get(Installation, ONLY_ROW) is not None:
            return False
        _first(session)
        return True


def _first(session: Session) -> None:
    closing.close_all(session)
    session.add(Installation(id=ONLY_ROW, mark=uuid4().hex))
