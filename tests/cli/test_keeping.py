"""The commands that keep what Koppel remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from storage.database import Database
from storage.models import Hold, Organisation
from tests.cli.command import Koppel


@pytest.fixture
def url(tmp_path: Path, koppel: Koppel, monkeypatch: pytest.MonkeyPatch) -> str:
    found = f"sqlite:///{(tmp_path / 'kept' / 'koppel.db').as_posix()}"
    monkeypatch.setenv("KOPPEL_DATABASE_URL", found)
    assert koppel("migrate").exit_code == 0
    return found


def organisations(url: str) -> list[str]:
    database = Database(url)
    with database.look() as session:
        found = [one.name for one in session.exec(select(Organisation))]
    database.close()
    return found


def add(url: str, name: str) -> None:
    database = Database(url)
    with database.transaction() as session:
        session.add(Organisation(name=name))
    database.close()


@pytest.mark.parametrize("command", ["backup", "restore", "hold", "release"])
def test_every_command_explains_itself_with_an_example(koppel: Koppel, command: str) -> None:
    result = koppel(command, "--help")
    assert result.exit_code == 0
    assert f"Example: koppel {command}" in result.output


def test_a_copy_and_the_way_back(koppel: Koppel, url: str, tmp_path: Path) -> None:
    add(url, "Waterkant")
    made = koppel("backup", str(tmp_path / "monday.db"))
    assert made.exit_code == 0, made.output
    assert "MB" in made.output
    add(url, "Zeezicht")
    back = koppel("restore", str(tmp_path / "monday.db"))
    assert back.exit_code == 0, back.output
    assert "koppel release" in back.output
    assert organisations(url) == ["Waterkant"]
    [before] = Path(url.removeprefix("sqlite:///")).parent.glob("*.before-*")
    assert organisations(f"sqlite:///{before.as_posix()}") == ["Waterkant", "Zeezicht"]

    assert koppel("release", "--drop").exit_code == 0
    again = koppel("release")
    assert (again.exit_code, again.output.strip()) == (1, "Nothing is held.")
    database = Database(url)
    with database.look() as session:
        assert [hold.released_at is None for hold in session.exec(select(Hold))] == [False]
    database.close()


@pytest.mark.usefixtures("url")
def test_what_came_back_on_a_server_is_held_by_hand(koppel: Koppel) -> None:
    assert koppel("hold").output.strip() == "0 messages are held until `koppel release`."
    assert koppel("hold").exit_code == 1
    assert koppel("release").exit_code == 0


def test_a_server_is_backed_up_by_its_own_tools(koppel: Koppel, tmp_path: Path) -> None:
    server = "postgresql://koppel:geheim@127.0.0.1:9/koppel"
    result = koppel("backup", str(tmp_path / "copy"), "--database", server)
    assert result.exit_code == 1
    assert "docs/operating.md" in result.output
    assert "geheim" not in result.output
