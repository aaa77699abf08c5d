"""`koppel simulate`: a whole programme of invented people, counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import col, select
from typer.testing import CliRunner

from bot.__main__ import app
from bot.content.company import crowd
from bot.core.platform import Letter
from bot.platforms.local.platform import LocalPlatform
from bot.simulation.counting import counted
from bot.simulation.run import NotEmpty, simulate
from storage.models import Person
from tests import sealed
from tests.databases import Postgres, Sqlite
from tests.slack.installing import KEY
from tests.world import World


def figures(**about: Any) -> dict[str, Any]:
    found = simulate(**{"people": 20, "weeks": 3, "seed": 5} | about).as_dict()
    del found["seconds"]
    return found


def test_the_same_seed_gives_the_same_figures_and_nothing_is_lost_or_doubled() -> None:
    first = figures()
    assert first == figures()
    assert first["people"] == 20
    assert first["joined"] > 10
    assert 0 < first["matched"] <= first["joined"]
    assert first["mentorships"] > 0
    assert first["check_ins"]["asked"] >= first["check_ins"]["answered"] > 0
    assert first["digests"] >= 3
    assert first["messages"]["sent"] == first["messages"]["promised"]
    assert (first["lost"], first["messages"]["duplicate"]) == (0, 0)


def test_another_seed_gives_other_people() -> None:
    few = {"people": 6, "weeks": 1}
    assert figures(**few) != figures(**few, seed=6)


def test_guests_and_accounts_of_machines_among_the_people_do_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everyone = crowd(10, 5)
    strange = (
        *everyone[:-2],
        replace(everyone[-2], kind="guest"),
        replace(everyone[-1], kind="bot"),
    )
    monkeypatch.setattr("bot.simulation.run.crowd", lambda _n, _seed: strange)
    report = simulate(people=10, weeks=1)
    assert (report.people, report.lost) == (10, 0)
    assert report.counted.joined <= 8


def test_it_runs_on_any_empty_database_and_refuses_a_used_one(url: str) -> None:
    keys = [KEY]
    report = simulate(people=8, weeks=1, start=date(2026, 6, 1), database=url, secret_keys=keys)
    assert report.lost == 0
    with pytest.raises(NotEmpty):
        simulate(people=8, weeks=1, database=url, secret_keys=keys)


@pytest.mark.parametrize("sabotage", ["drop", "double"])
def test_a_message_that_is_lost_or_doubled_is_noticed(
    monkeypatch: pytest.MonkeyPatch, sabotage: str
) -> None:
    send, seen = LocalPlatform.send, list[str]()

    async def sabotaged(self: LocalPlatform, letter: Letter) -> None:
        seen.append(letter.key)
        if len(seen) == 7 and sabotage == "drop":
            return
        await send(self, letter)
        if len(seen) == 7 and sabotage == "double":
            await send(self, letter)

    monkeypatch.setattr(LocalPlatform, "send", sabotaged)
    result = CliRunner().invoke(app, ["simulate", "--people", "10", "--weeks", "1", "--json"])
    report = json.loads(result.stdout)
    assert (report["lost"], report["messages"]["duplicate"]) == (
        (1, 0) if sabotage == "drop" else (0, 1)
    )
    assert result.exit_code == 1


def test_an_answer_that_was_given_and_is_nowhere_counts_as_lost(world: World) -> None:
    with world.database.look() as session:
        assert counted(session, sent=0, duplicate=0, told=set()).lost == 0
        assert counted(session, sent=0, duplicate=0, told={7, 8}).lost == 2


def test_another_database_is_filled_by_the_command_and_is_not_played_in_twice(
    databases: tuple[Sqlite | Postgres, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = databases
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", KEY)
    url = server.create()
    command = ["simulate", "--people", "6", "--weeks", "1", "--json", "--database", url]
    first = CliRunner().invoke(app, command)
    assert (first.exit_code, json.loads(first.stdout)["lost"]) == (0, 0)
    database = sealed.opened(url)
    with database.look() as session:
        people = session.exec(select(func.count(col(Person.id)))).one()
    database.close()
    assert people >= 6
    assert CliRunner().invoke(app, command).exit_code == 2
    server.drop(url)
