"""The schema, brought up to date step by step; the steps come with the package."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from storage.database import Database, file_of

FOLDER = Path(__file__).parent / "migrations"
BASE = "base"
_LOCK = 0x6B6F7070656C  # "koppel": one process at a time brings a PostgreSQL schema up to date


class NewerSchema(Exception):
    """The database was made by a newer version of Koppel: install that version, or a backup."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


class BrokenReferences(Exception):
    """A step left rows that point nowhere; nothing of it was kept."""


def head() -> str:
    """The step this version of Koppel ends at."""
    found = _script().get_current_head()
    assert found is not None, f"no migrations in {FOLDER}"
    return found


def revision(engine: Engine) -> str | None:
    """The step a database is at; None when it is empty."""
    with engine.connect().execution_options(koppel_read=True) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Whether the database is exactly what this version of Koppel expects."""
    return revision(engine) == head()


def is_up_to_date(url: str) -> bool:
    """The same of a database that is not open yet."""
    database = Database(url)
    try:
        return is_current(database.engine)
    finally:
        database.close()


def is_known(step: str | None) -> bool:
    """Whether this version of Koppel can go on from a step."""
    return step is None or any(each.revision == step for each in _script().walk_revisions())


def upgrade(url: str, to: str = "head") -> bool:
    """Bring a database up to date, making an SQLite file where there is none. False when it was.

    Everything happens in one transaction, or nothing. Raises NewerSchema.
    """
    with _migrating(url) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        if not is_known(before):
            raise NewerSchema
        command.upgrade(_config(connection), to)
        return before != MigrationContext.configure(connection).get_current_revision()


def downgrade(url: str, to: str) -> None:
    """Take steps back, to a step or to "base", which leaves an empty database."""
    with _migrating(url) as connection:
        command.downgrade(_config(connection), to)


def draft(words: str) -> Path:
    """Write the step from the last one to the models as they are now, for developers in a checkout.

    Gives the file: it is formatted, and to be read before it is kept.
    """
    number = len(list(_script().walk_revisions())) + 1
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        url = f"sqlite:///{Path(folder).as_posix()}/draft.sqlite"
        if number > 1:
            upgrade(url)
        with _migrating(url) as connection:
            step = command.revision(
                _config(connection), words, autogenerate=True, rev_id=f"{number:04}"
            )
    assert step is not None and not isinstance(step, list)
    path = Path(step.path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(each for each in lines if "# ###" not in each), encoding="utf-8")
    for tidy in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", str(path)], check=True)
    return path


@contextmanager
def _migrating(url: str) -> Iterator[Connection]:
    """One transaction that nobody else can migrate in."""
    file = file_of(url)
    if file:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            if file:
                # SQLite changes a table by making it anew; its rows' children must not go along.
                _driver(connection).execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                if not file:
                    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                yield connection
                if file and _driver(connection).execute("PRAGMA foreign_key_check").fetchone():
                    raise BrokenReferences(str(BrokenReferences.__doc__))
    finally:
        database.close()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    # What stands in an .ini file elsewhere; "%" is doubled because Alembic reads it as one.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("output_encoding", "utf-8")
    return config
