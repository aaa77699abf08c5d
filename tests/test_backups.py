"""A copy made at work, the way back, and what is held until an administrator lets it leave."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot import app as running
from bot.app import App
from bot.core.messages import say
from bot.core.platform import FREELY, Letter
from storage import backups, closing, holding, outbox, schema
from storage.backups import BackupError, OnServer
from storage.database import Database
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Organisation,
    Person,
    Workspace,
)
from tests import sealed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{(tmp_path / 'koppel.db').as_posix()}"
    schema.upgrade(found)
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Waterkant, with Noor, who was promised a message."""
    found = sealed.opened(url)
    with found.transaction() as session:
        session.add(Organisation(name="Waterkant"))
        session.flush()
        session.add(Workspace(organisation_id=1, platform="local", external="w"))
        session.add(Person(organisation_id=1, name="Noor"))
        session.flush()
        session.add(Identity(person_id=1, workspace_id=1, user="noor", address="noor"))
    promise(found, "first")
    yield found
    found.close()


def promise(database: Database, key: str) -> None:
    with database.transaction() as session:
        noor = session.exec(select(Person)).one()
        outbox.promise(session, noor, say("Hello"), key=key, now=NOW)


def states(database: Database) -> dict[str, DeliveryState]:
    with database.look() as session:
        return {row.key: row.state for row in session.exec(select(Delivery))}


class Sent:
    """A platform that keeps the keys of what it was given."""

    name = "local"
    pace = FREELY

    def __init__(self) -> None:
        self.keys: list[str] = []

    def room(self, workspace: str) -> int:
        del workspace
        return 100

    async def send(self, letter: Letter) -> None:
        self.keys.append(letter.key)


# --- copies ---


def test_a_copy_is_whole_though_somebody_writes_meanwhile(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        session.add(Person(organisation_id=1, name="Bram"))
        session.flush()
        backups.copy(database.url, tmp_path / "far" / "copy.db")
    copy = sealed.opened(f"sqlite:///{tmp_path.as_posix()}/far/copy.db")
    with copy.look() as session:
        assert [p.name for p in session.exec(select(Person))] == ["Noor"]
    copy.close()
    assert (tmp_path / "far" / "copy.db").stat().st_mode & 0o077 == 0
    assert [file.name for file in (tmp_path / "far").iterdir()] == ["copy.db"]


def test_a_copy_replaces_nothing_and_needs_something_to_copy(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(BackupError, match="is there already"):
        backups.copy(database.url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"
    with pytest.raises(BackupError, match="There is no database"):
        backups.copy(f"sqlite:///{tmp_path.as_posix()}/none.db", tmp_path / "other.db")
    with pytest.raises(OnServer):
        backups.copy("postgresql://koppel@localhost/koppel", tmp_path / "other.db")
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize("what", ["text", "cut", "foreign"])
def test_what_is_no_backup_is_refused_and_nothing_changes(
    database: Database, tmp_path: Path, what: str
) -> None:
    bad, url = tmp_path / "bad.db", database.url
    if what == "foreign":
        with contextlib.closing(sqlite3.connect(bad)) as other:
            other.execute("CREATE TABLE cats (name)")
    else:
        backups.copy(url, bad)
        bad.write_bytes(b"hello" if what == "text" else bad.read_bytes()[:20_000])
    database.close()
    with pytest.raises(BackupError):
        backups.put_back(bad, url, NOW)
    again = sealed.opened(url)
    assert states(again) == {"first": DeliveryState.WAITING}
    again.close()
    assert {file.name for file in tmp_path.iterdir()} <= {"bad.db", "koppel.db"}


def test_a_backup_is_not_put_under_a_bot_at_work(database: Database, tmp_path: Path) -> None:
    backups.copy(database.url, tmp_path / "copy.db")
    with database.look() as session:
        session.exec(select(Person)).all()
        with pytest.raises(BackupError, match="running"):
            backups.put_back(tmp_path / "copy.db", database.url, NOW)
    assert states(database) == {"first": DeliveryState.WAITING}


# --- the way back ---


@pytest.fixture
def back(database: Database, tmp_path: Path) -> Iterator[Database]:
    """Yesterday's backup, put back; what was promised since stands beside it."""
    backups.copy(database.url, tmp_path / "copy.db")
    promise(database, "since")
    database.close()
    before, held = backups.put_back(tmp_path / "copy.db", database.url, NOW)
    assert held == 1
    assert before is not None
    kept = sealed.opened(f"sqlite:///{before.as_posix()}")
    assert states(kept).keys() == {"first", "since"}
    kept.close()
    found = sealed.opened(database.url)
    yield found
    found.close()


def test_what_waited_is_held_and_who_acts_is_answered_all_the_while(back: Database) -> None:
    platform = Sent()

    async def story() -> None:
        app = App(back, {"local": platform}, now=lambda: NOW)
        promise(back, "answer")
        await app.tick()

    asyncio.run(story())
    assert platform.keys == ["answer"]
    assert states(back) == {"first": DeliveryState.HELD, "answer": DeliveryState.SENT}
    with back.look() as session:
        assert holding.since(session) == NOW


def test_what_is_held_is_kept_when_an_old_backup_is_sealed_for_the_first_time(
    back: Database,
) -> None:
    with back.transaction() as session:
        closing.close_all(session)
    with back.look() as session:
        [held] = session.exec(select(Delivery))
        assert held.state is DeliveryState.HELD
        assert "Hello" in held.message


@pytest.mark.parametrize("drop", [False, True])
def test_an_administrator_lets_it_leave_or_drops_it_and_the_clock_runs_again(
    back: Database, monkeypatch: pytest.MonkeyPatch, *, drop: bool
) -> None:
    platform = Sent()
    monkeypatch.setattr(running, "LOOK_EVERY", 0.01)

    async def story() -> None:
        app = App(back, {"local": platform}, now=lambda: NOW)
        async with app.working():
            await asyncio.sleep(1.3)  # the post looks every second
            assert platform.keys == []
            with back.transaction() as session:
                assert holding.release(session, NOW, drop=drop) == 1
            promise(back, "later")
            async with asyncio.timeout(20):
                while "later" not in platform.keys:
                    await asyncio.sleep(0.02)

    asyncio.run(story())
    assert platform.keys == (["later"] if drop else ["first", "later"])
    with back.look() as session:
        assert holding.since(session) is None
        assert not any(row.message for row in session.exec(select(Delivery)))
