"""What the flow is asked, and what it refuses to guess."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.matching.flow import EXACT, ORTOOLS, ROOM, SCIPY, Network, flow, has_ortools


def network(worth: int) -> Network:
    """One mentee who may go to one mentor."""
    one = np.array([0])
    return Network(one, one, np.array([worth]), np.array([0]), np.array([1]))


def test_numbers_that_floats_add_up_exactly_are_taken() -> None:
    assert flow(network(EXACT)).tolist() == [0]


def test_larger_numbers_are_refused_rather_than_rounded() -> None:
    with pytest.raises(OverflowError):
        flow(network(EXACT + 1))


class _GivesUp:
    """What OR-tools' engine is asked, where it answers that the costs range too far."""

    OPTIMAL, BAD_COST_RANGE = 1, 6

    def __getattr__(self, asked: str) -> Any:
        return lambda *_: self.BAD_COST_RANGE


def test_where_places_are_so_scarce_that_ortools_gives_up_scipys_engine_takes_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not has_ortools():
        instead = SimpleNamespace(SimpleMinCostFlow=_GivesUp)
        monkeypatch.setitem(sys.modules, "ortools.graph.python.min_cost_flow", instead)
        for name in ("ortools", "ortools.graph", "ortools.graph.python"):
            monkeypatch.setitem(sys.modules, name, SimpleNamespace())
    mentees, mentors = 3_000, 1_500
    rows = np.repeat(np.arange(mentees), 2)
    columns = (rows * 7 + np.tile([0, 1], mentees)) % mentors
    home = np.full(mentees, ROOM // (mentees + mentors + 2) - 1)
    worth, places = rows * 31 % 1_000 + columns, np.ones(mentors, np.int64)
    scarce = Network(rows, columns, worth, home, places)
    assert flow(scarce, ORTOOLS).tolist() == flow(scarce, SCIPY).tolist()
