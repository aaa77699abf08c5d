"""Fixtures: every story is told on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from storage import schema
from tests.databases import Postgres, Sqlite, postgres, sqlite
from tests.world import World

# Objects between two looks; by default 700, for programs with little memory.
GARBAGE = (50_000, 20, 20)


def pytest_configure() -> None:
    """Importing and collecting make objects by the hundred thousand, and no garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was collected stays to the end: whoever looks for garbage need not walk through it."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[tuple[Sqlite | Postgres, str]]:
    """A server (or a folder) and the address of an empty, migrated database to copy."""
    with sqlite() if request.param == "sqlite" else postgres() as server:
        yield server, server.template(lambda url: (schema.upgrade(url), None)[1])


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
