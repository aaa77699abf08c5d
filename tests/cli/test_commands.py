"""Every command, and how Koppel is started: what is refused, and with which number it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.settings import Settings
from storage import schema
from tests import sealed
from tests.cli.command import Koppel

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """What was served, instead of serving it."""
    found: list[Settings] = []
    monkeypatch.setattr("bot.app.serve", found.append)
    return found


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


# --- every command ---


@pytest.mark.parametrize("command", ["run", "simulate", "check", "migrate", "import", "export"])
def test_every_command_explains_itself_with_an_example(koppel: Koppel, command: str) -> None:
    result = koppel(command, "--help")
    assert result.exit_code == 0
    assert f"Example: koppel {command}" in result.output
    assert command in koppel("--help").output


@pytest.mark.parametrize(
    "words",
    [["run"], ["migrate"], ["import", "p.csv"], ["export", "--programme", "x", "--out", "o"]],
)
def test_wrong_settings_end_every_command_with_2_and_no_traceback(
    koppel: Koppel, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("p.csv").write_text("email\na@x.nl\n")
    monkeypatch.setenv("DATABASE_URL", "mysql://koppel:geheim@db/koppel")
    monkeypatch.setenv("KOPPEL_PROT", "1")
    result = koppel(*words)
    assert result.exit_code == 2
    assert "2 settings are not right" in result.output
    assert "geheim" not in result.output


@pytest.mark.parametrize("words", [["run"], ["migrate"], ["import", "p.csv"], ["check"]])
def test_a_database_that_does_not_answer_is_one_line_without_its_password(
    koppel: Koppel, words: list[str]
) -> None:
    Path("p.csv").write_text("email\na@x.nl\n")
    result = koppel(*words, "--database", "postgres://koppel:geheim@127.0.0.1:1/koppel")
    assert result.exit_code == 1
    assert "does not answer" in result.output
    assert "koppel:***@127.0.0.1" in result.output
    assert "geheim" not in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_no_database_is_told(koppel: Koppel) -> None:
    Path("notes.txt").write_text("not a database at all, and long enough to be looked at" * 50)
    for command in ("check", "migrate", "run"):
        result = koppel(command, "--database", "sqlite:///notes.txt")
        assert (result.exit_code, "not a database" in result.output) == (1, True), result.output


def test_it_is_a_module_and_its_words_survive_a_poor_console(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "bot", "check"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("? settings: all are valid")


# --- run and migrate ---


def test_run_makes_the_file_and_serves(koppel: Koppel, served: list[Settings]) -> None:
    result = koppel("run", "--port", "0", "--host", "localhost")
    assert result.exit_code == 0, result.output
    assert [(each.host, each.port) for each in served] == [("localhost", 0)]
    engine = sealed.opened("sqlite:///data/koppel.db").engine
    assert schema.is_current(engine)
    engine.dispose()


def test_run_starts_where_teams_is_set_up(
    koppel: Koppel, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAMS_PLAYGROUND", "true")
    assert koppel("run").exit_code == 0
    assert [each.platforms_configured for each in served] == [("Teams",)]
    assert "✓ platform: Teams" in koppel("check").output.splitlines()


def test_run_names_what_is_missing_of_teams_and_makes_nothing(
    koppel: Koppel, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAMS_APP_PASSWORD", "geheim")
    result = koppel("run")
    assert (result.exit_code, served) == (2, [])
    assert "TEAMS_APP_ID: this is missing" in result.output
    assert "geheim" not in result.output
    assert not Path("data").exists()


def test_run_names_what_is_missing_of_slack_and_makes_nothing(
    koppel: Koppel, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-geheim")
    result = koppel("run")
    assert (result.exit_code, served) == (2, [])
    assert "SLACK_APP_TOKEN: this is missing" in result.output
    assert "geheim" not in result.output
    assert not Path("data").exists()


def test_run_brings_a_file_up_to_date_and_refuses_an_old_server(
    koppel: Koppel, served: list[Settings], empty_url: str
) -> None:
    result = koppel("run", "--database", empty_url)
    if is_sqlite(empty_url):
        assert (result.exit_code, len(served)) == (0, 1)
        return
    assert (result.exit_code, served) == (1, [])
    assert "run: koppel migrate" in result.output
    assert koppel("migrate", "--database", empty_url).exit_code == 0
    assert koppel("run", "--database", empty_url).exit_code == 0
    assert len(served) == 1


def test_migrate_may_be_repeated(koppel: Koppel, empty_url: str) -> None:
    assert "is now up to date" in koppel("migrate", "--database", empty_url).output
    assert "already was up to date" in koppel("migrate", "--database", empty_url).output
    database = sealed.opened(empty_url)
    assert schema.is_current(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for command in ("migrate", "run", "check"):
        result = koppel(command, "--database", empty_url)
        assert (result.exit_code, "newer version" in result.output) == (1, True), command
