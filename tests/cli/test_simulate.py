"""`koppel simulate`: its defaults, its output, and what it ends with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from storage.models import Organisation
from tests import sealed
from tests.cli.command import Koppel

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What was asked of the simulation; `lost` and `duplicate` decide what comes out."""
    asked: dict[str, Any] = {"lost": 0, "duplicate": 0}

    def play(**given: Any) -> SimpleNamespace:
        asked.update(given)
        given["progress"]("join", 1, 2)
        given["progress"]("join", 2, 2)
        figures = {"people": given["people"], "messages": {"sent": 3}, "lost": asked["lost"]}
        return SimpleNamespace(
            lost=asked["lost"],
            messages=SimpleNamespace(duplicate=asked["duplicate"]),
            as_dict=lambda: figures,
        )

    monkeypatch.setattr("bot.simulation.simulate", play)
    return asked


def test_simulate_has_fixed_defaults(koppel: Koppel, played: dict[str, Any]) -> None:
    result = koppel("simulate")
    assert result.output == "people: 40\nmessages:\n  sent: 3\nlost: 0\n"
    names = ("people", "weeks", "seed", "start", "database")
    assert [played[name] for name in names] == [40, 12, 1, date(2026, 1, 5), None]


def test_simulate_prints_one_json_object_and_nothing_else(
    koppel: Koppel, played: dict[str, Any]
) -> None:
    result = koppel(
        "simulate",
        "--people",
        "7",
        "--weeks",
        "3",
        "--seed",
        "5",
        "--start",
        "2026-02-03",
        "--json",
    )
    assert json.loads(result.stdout) == {"people": 7, "messages": {"sent": 3}, "lost": 0}
    assert (result.stdout.count("\n"), result.stderr, result.exit_code) == (1, "", 0)
    assert (played["weeks"], played["seed"], played["start"]) == (3, 5, date(2026, 2, 3))


@pytest.mark.parametrize("wrong", ["lost", "duplicate"])
def test_simulate_ends_with_1_when_something_was_lost_or_sent_twice(
    koppel: Koppel, played: dict[str, Any], wrong: str
) -> None:
    played[wrong] = 1
    result = koppel("simulate", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["people"] == 40


def test_simulate_plays_in_an_empty_database_only(
    koppel: Koppel, played: dict[str, Any], empty_url: str
) -> None:
    assert koppel("simulate", "--database", empty_url).exit_code == 0
    assert played["database"] == empty_url
    database = sealed.opened(empty_url)
    with database.transaction() as session:
        session.add(Organisation(name="Waterkant"))
    database.close()
    result = koppel("simulate", "--database", empty_url)
    assert (result.exit_code, "is in use" in result.output) == (2, True)
    assert koppel("simulate", "--database", "mysql://x").exit_code == 2


def test_a_bar_is_drawn_on_a_terminal_only_and_never_beside_json(
    koppel: Koppel, played: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert koppel("simulate").stderr == ""
    assert played["lost"] == 0
    monkeypatch.setenv("FORCE_COLOR", "1")  # what makes a stream a terminal to rich
    assert "join" in koppel("simulate").stderr
    assert koppel("simulate", "--json").stderr == ""
