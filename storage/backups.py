"""A copy of an SQLite file while Koppel runs, and the way back. PostgreSQL has tools of its own."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from storage import holding, schema
from storage.database import Database

PAGES = 1_000  # copied at a time, so that whoever writes meanwhile need not wait long


class BackupError(Exception):
    """Nothing was done; `str()` says why, and what to do."""


class OnServer(BackupError):
    """The database is on a PostgreSQL server, which is backed up there."""


def file_of(url: str) -> Path:
    """The SQLite file; raises OnServer."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise OnServer(str(OnServer.__doc__))
    return Path(parsed.database or "")


def copy(url: str, to: Path) -> None:
    """A whole and sound copy, that only this user can read; raises BackupError."""
    source = file_of(url)
    if not source.is_file():
        raise BackupError(f"There is no database at {source}.")
    if to.exists():
        raise BackupError(f"{to} is there already; name another file.")
    part = to.with_name(f".{to.name}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(_read(source)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new, pages=PAGES)
            new.execute("PRAGMA journal_mode = DELETE")  # all of it in this one file
        _must_be_sound(part)
        part.rename(to)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The copy could not be made: {error}.") from error
    finally:
        part.unlink(missing_ok=True)


def put_back(file: Path, url: str, now: datetime) -> tuple[Path | None, int]:
    """Take a backup as the database; everything in it is held. Gives where the database of until now
    is kept, and how many messages are held. Raises BackupError, and then nothing has changed."""
    target = file_of(url)
    _must_be_sound(file)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy(f"sqlite:///{file.as_posix()}", part)
        held = _hold(part, now)
        before = _aside(target, now)
        part.rename(target)
    except schema.NewerSchema as error:
        raise BackupError(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup could not be put back: {error}.") from error
    finally:
        for rest in ("", "-wal", "-shm"):
            part.with_name(part.name + rest).unlink(missing_ok=True)
    return before, held


def _hold(file: Path, now: datetime) -> int:
    url = f"sqlite:///{file.as_posix()}"
    schema.upgrade(url)
    database = Database(url)
    try:
        with database.transaction() as session:
            return holding.begin(session, now)
    finally:
        database.close()


def _aside(target: Path, now: datetime) -> Path | None:
    """Move the database of until now away, all of it in one file; raises BackupError while it is
    in use."""
    if not target.is_file():
        return None
    try:
        with closing(sqlite3.connect(target, timeout=0)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise BackupError("Koppel is running on this database: stop it first.") from error
    except sqlite3.DatabaseError:
        pass  # it may be what is broken
    kept = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
    target.rename(kept)
    return kept


def _read(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _must_be_sound(file: Path) -> None:
    """Raises BackupError for what is no sound database of Koppel's."""
    try:
        with closing(_read(file)) as connection:
            [(found,)] = connection.execute("PRAGMA integrity_check(1)")
            known = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no database, or cannot be read: {error}.") from error
    if found != "ok" or known is None:
        raise BackupError(f"{file} is damaged, or no database of Koppel's.")
