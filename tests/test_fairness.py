"""A workspace for which thousands wait holds up no other."""

from __future__ import annotations

import asyncio

import pytest

from storage.database import Database
from tests import sealed
from tests.benchmarks import fairness
from tests.benchmarks.fairness import MOST, crowd, singles
from tests.world import MONDAY


def test_a_single_message_does_not_wait_for_thousands_of_another_workspace(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness, "TICK", 0.2)
    database: Database = sealed.opened(url)
    with database.transaction() as session:
        crowd(session, 3_000, MONDAY)
    late = asyncio.run(singles(database, 5))
    database.close()
    assert max(late.seconds) < MOST
    assert 0 < late.sent < 3_000  # the others are on their way, and far from over
