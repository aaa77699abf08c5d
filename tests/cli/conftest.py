"""The command line as a test uses it: in an empty folder, without settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import __main__ as cli
from tests.cli.command import Koppel
from tests.databases import Postgres, Sqlite
from tests.slack.installing import KEY


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(("KOPPEL_", "SLACK_", "TEAMS_", "MICROSOFT_", "DATABASE_URL")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", KEY)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def koppel() -> Koppel:
    def run(*words: str) -> Result:
        result = CliRunner().invoke(cli.app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return run


@pytest.fixture
def empty_url(databases: tuple[Sqlite | Postgres, str]) -> Iterator[str]:
    server, _ = databases
    made = server.create()
    yield made
    server.drop(made)
