"""Fixtures: a small Slack on loopback, and no proxy in between."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from storage.database import Database
from tests import sealed
from tests.slack.fake_api import FakeSlack, fake_slack


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    with fake_slack() as fake:
        yield fake


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = sealed.opened(url)
    yield opened
    opened.close()
