"""Fixtures: every story is told on SQLite and on PostgreSQL, its variants on SQLite alone."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from sqlmodel import create_engine

from storage import schema
from tests import loop
from tests.databases import Postgres, Sqlite, postgres, sqlite
from tests.dialects import speaking_alike
from tests.hands import Hands, matched
from tests.loop import watched
from tests.reviewing import coordinator
from tests.talking import adviser
from tests.world import World

# Objects between two looks; by default 700, for programs with little memory.
GARBAGE = (50_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    """Importing and collecting make objects by the hundred thousand, and no garbage."""
    config.addinivalue_line("markers", "only_a_server: about several processes on one PostgreSQL")
    gc.disable()
    patch("storage.database.create_engine", watched(speaking_alike(create_engine))).start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of the time a test waits, for a browser, a server or a
    process of its own."""
    return int(os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") or (os.cpu_count() or 1) + 1)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: whoever looks for garbage need not walk through it."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "tell on PostgreSQL as well what asks nothing of it, and every variant of a story"
    parser.addoption("--every-database", action="store_true", help=words)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks nothing of a database is told once, on SQLite; so are the variants of a story (its
    languages, its answers): PostgreSQL hears the first."""
    heard = set[tuple[object, ...]]()
    every = config.getoption("--every-database")
    left_out = [
        item for item in items if _is_elsewhere(item) or (not every and _is_told_twice(item, heard))
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def _is_elsewhere(item: pytest.Item) -> bool:
    """A story about the file of a database, on a server; or about a server, on a file."""
    told = getattr(item, "callspec", None)
    if told is None or "databases" not in told.params:
        return False
    kind = "only_a_file" if told.params["databases"] == "postgresql" else "only_a_server"
    return item.get_closest_marker(kind) is not None


def _is_told_twice(item: pytest.Item, heard: set[tuple[object, ...]]) -> bool:
    told = getattr(item, "callspec", None)
    if not told or told.params.get("databases") != "postgresql":
        return False
    story = (item.path, getattr(item, "originalname", item.name), getattr(item, "cls", None))
    variant = story in heard and not item.get_closest_marker("only_a_server")
    heard.add(story)
    return variant or item.get_closest_marker("any_database") is not None


@pytest.fixture(autouse=True)
def _nobody_waits_for_a_database() -> Iterator[None]:
    """In no story does the bot ask a database something on its event loop."""
    yield
    asked, loop.seen[:] = list(loop.seen), []
    assert not asked


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[tuple[Sqlite | Postgres, str]]:
    """A server (or a folder) and the address of an empty, migrated database to copy."""
    with sqlite() if request.param == "sqlite" else postgres() as server:
        yield server, server.template(lambda url: (schema.upgrade(url), None)[1])


@pytest.fixture(scope="session")
def migrated() -> Iterator[tuple[Sqlite, str]]:
    """A folder of SQLite files, and the address of an empty, migrated one to copy."""
    with sqlite() as files:
        yield files, files.template(lambda url: (schema.upgrade(url), None)[1])


@pytest.fixture
def url(databases: tuple[Sqlite | Postgres, str]) -> Iterator[str]:
    """A fresh database of our schema."""
    server, template = databases
    made = server.create(template)
    yield made
    server.drop(made)


@pytest.fixture
def world(url: str) -> Iterator[World]:
    world = World(url)
    yield world
    world.close()


@pytest.fixture
def worlds(databases: tuple[Sqlite | Postgres, str]) -> Iterator[Callable[[], World]]:
    """As many worlds as a story compares, all begun in the same way."""
    server, template = databases
    made: list[World] = []

    def begin() -> World:
        made.append(World(server.create(template)))
        made[-1].programme()
        return made[-1]

    yield begin
    for world in made:
        world.close()
        server.drop(world.database.url)


@pytest.fixture
def grow(world: World) -> World:
    """A world with a programme called Grow."""
    world.programme()
    return world


@pytest.fixture
def noor(grow: World) -> Hands:
    """Somebody in it who has not done anything yet."""
    return Hands(grow, "Noor")


@pytest.fixture
def thomas(grow: World) -> Hands:
    """Coordinates Grow, a programme without anyone in it."""
    return coordinator(grow)


@pytest.fixture
def pair(world: World) -> tuple[Hands, Hands]:
    """Bram (English) mentors Noor (Dutch); Thomas coordinates."""
    return matched(world)


@pytest.fixture
def amira(noor: Hands) -> Hands:
    """A confidential adviser of the programme that Noor takes part in."""
    return adviser(noor.world)
