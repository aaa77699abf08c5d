"""Every story is told on every platform; databases are SQLite, for none of this is about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from storage.database import Database
from tests import sealed
from tests.contract import local, slack, teams
from tests.contract.stage import Stage
from tests.databases import Sqlite

Opens = Callable[[Database], AbstractAsyncContextManager[Stage]]
OVER_HTTP: dict[str, Opens] = {"slack": slack.stage, "teams": teams.stage}
STAGES: dict[str, Opens] = {"local": local.stage, **OVER_HTTP}
CLICKS: dict[str, Opens] = {
    **STAGES,
    "teams, an older client": teams.older,
}  # which differs in how it clicks
ON: dict[str, dict[str, Opens]] = {
    "test_clicks": CLICKS,
    "test_forms": CLICKS,
    "test_rubbish": OVER_HTTP,
}


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stage" in metafunc.fixturenames:
        on = ON.get(metafunc.module.__name__.rpartition(".")[2], STAGES)
        metafunc.parametrize("stage", on.values(), ids=on.keys(), indirect=True)


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, migrated: tuple[Sqlite, str], runner: asyncio.Runner
) -> Iterator[Stage]:
    """Open while a story is told."""
    files, template = migrated
    url = files.create(template)
    database = sealed.opened(url)
    opened: AbstractAsyncContextManager[Stage] = request.param(database)
    here = runner.run(_enter(opened))
    yield here
    runner.run(_leave(opened))
    database.close()
    files.drop(url)


async def _enter(opened: AbstractAsyncContextManager[Stage]) -> Stage:
    return await opened.__aenter__()


async def _leave(opened: AbstractAsyncContextManager[Any]) -> None:
    await opened.__aexit__(None, None, None)
