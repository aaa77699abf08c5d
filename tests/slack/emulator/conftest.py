"""A file for a database, and a bot that a whole module of stories shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import schema
from tests.slack.emulator.bots import Bot, at_work
from tests.slack.emulator.config import Member
from tests.slack.emulator.story import PEOPLE

CROWD = tuple(Member(f"Noor{number} de Vries", "nl-NL") for number in range(20))


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The address of an empty, migrated database in a file."""
    url = f"sqlite:///{(tmp_path / 'koppel.sqlite').as_posix()}"
    schema.upgrade(url)
    return url


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    url = f"sqlite:///{(tmp_path_factory.mktemp('slack') / 'koppel.sqlite').as_posix()}"
    schema.upgrade(url)
    with at_work(url, people=PEOPLE + CROWD) as working:
        yield working
