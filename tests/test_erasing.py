"""«Erase me»: of nobody who asked for it is anything left, in any table or file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url, text
from sqlmodel import SQLModel, col, select

from bot.cards.own_data import EraseForGood, EraseNow
from storage import erasing, erasures, opening
from storage.database import Database
from storage.models import (
    Answer,
    Delivery,
    Dialogue,
    Erasure,
    Identity,
    Installation,
    Member,
    Mentorship,
    MentorshipState,
    Participant,
    Person,
)
from tests.hands import Hands, matched
from tests.sealed import opened
from tests.slack.installing import KEY
from tests.world import MENTOR, World

PEOPLE = {"person", "participant", "member", "identity", "dialogue", "trialtalk"}
GOAL = "I want to present my plans to the board without shaking."


def erases_herself(noor: Hands) -> None:
    noor.types("/mentor erase-me")
    noor.presses(EraseForGood)
    noor.presses(EraseNow)


def everything(world: World) -> str:
    """All that the database holds, as it comes back through the models."""
    said: list[str] = []
    with world.database.look() as session:
        for table in SQLModel.metadata.sorted_tables:
            said += [repr(tuple(row)) for row in session.execute(table.select())]
    return "\n".join(said)


def sealed_with_a_mark(world: World) -> None:
    """As after a first start."""
    with world.database.transaction() as session:
        session.add(Installation(id=1, mark="waterkant"))


# --- asking twice ---


def test_it_is_asked_twice_and_tells_what_follows(world: World) -> None:
    _, noor = matched(world)
    noor.types("/mentor wis-mij")
    assert "Bram" in noor.sees and "Grow" in noor.sees
    noor.presses(EraseForGood)
    assert noor.row.erased_at is None
    assert "Weet je het zeker" in noor.sees
    noor.presses(EraseNow)
    assert not world.rows(select(Person).where(Person.name == "Noor"))


def test_who_says_no_after_all_is_kept(world: World) -> None:
    _, noor = matched(world)
    noor.types("/mentor erase-me")
    noor.presses(EraseForGood)
    noor.clicks("Nee, bewaar alles")
    assert noor.row.erased_at is None and noor.takes_part()


def test_the_partner_hears_it_in_neutral_words_and_stays(world: World) -> None:
    bram, noor = matched(world)
    erases_herself(noor)
    [ended] = world.rows(select(Mentorship))
    assert ended.state is MentorshipState.ENDED
    assert "Noor has stopped taking part" in bram.sees
    assert not [word for word in ("eras", "wis", "data") if word in bram.sees.casefold()]
    assert bram.takes_part() is not None


def test_a_sole_coordinator_hears_that_nobody_else_is_left(thomas: Hands) -> None:
    thomas.types("/mentor erase-me")
    assert "nobody but you coordinates: Grow." in thomas.sees


# --- every table ---


def test_every_table_says_what_happens_to_whom_is_erased() -> None:
    assert erasing.FATES.keys() == SQLModel.metadata.tables.keys()


def test_a_table_that_points_at_people_is_no_mere_number() -> None:
    """None is for tables of nobody; one that points at people says why here."""
    numbers = {
        "auditentry": "who did what: a number that is nobody's now",
        "erasure": "that somebody was erased",
        "round": "who asked for it",
        "vote": "a coordinator's on a pair of others",
        "slack_bots": "no person",
    }
    pointing = {
        table.name
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in PEOPLE
    }
    assert {name for name in pointing if erasing.FATES[name] is None} <= numbers.keys()


def test_nothing_of_her_is_in_any_table_and_nothing_of_others_is_lost(world: World) -> None:
    bram, noor = matched(world)
    world.passes(days=15)
    number = noor.row.id
    eva = Hands(world, "Eva", avoid=())
    world.joins("Eva", MENTOR | {"avoid": (str(number),)})
    before = everything(world)
    assert GOAL in before and "'Noor'" in before
    erases_herself(noor)
    world.tick()
    after = everything(world)
    assert not [line for line in after.splitlines() if GOAL in line or "noor" in line.casefold()]
    assert MENTOR["offer"][0] in after
    [shell] = world.rows(select(Person).where(Person.id == number))
    assert (shell.name, shell.email, shell.active) == (erasing.NOBODY, None, False)
    assert not world.rows(select(Identity).where(Identity.person_id == number))
    assert not world.rows(select(Dialogue).where(Dialogue.person_id == number))
    avoided = world.rows(select(Answer).where(Answer.question == "avoid"))
    assert [one.values for one in avoided if one.values] == []
    assert len(world.rows(select(Member))) == 2
    assert eva.takes_part() and bram.takes_part()


def test_a_message_that_waits_for_her_is_never_sent(world: World) -> None:
    _, noor = matched(world)
    mine = select(Delivery).where(Delivery.person_id == noor.row.id)
    with world.database.transaction() as session:
        for delivery in session.exec(mine):
            delivery.state, delivery.message = delivery.state.WAITING, '{"summary": "Noor"}'
            delivery.due_at = world.now + timedelta(days=1)
    erases_herself(noor)
    assert not world.rows(mine)


def test_once_more_changes_nothing_and_she_may_come_back_as_somebody_new(world: World) -> None:
    _, noor = matched(world)
    number = noor.row.id
    erases_herself(noor)
    noor.again()
    assert len(world.rows(select(Erasure))) == 1
    noor.types("/mentor help")
    [back] = world.rows(select(Person).where(Person.name == "noor"))
    assert back.id > number
    assert not world.rows(select(Participant).where(Participant.person_id == back.id))


# --- the file ---


def file_of(world: World) -> bytes:
    path = Path(str(make_url(world.database.url).database))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


@pytest.mark.only_a_file
def test_no_byte_of_her_stays_in_the_file(world: World) -> None:
    sealed_with_a_mark(world)
    _, noor = matched(world)
    world.passes(days=15)
    with world.database.transaction() as session:
        person = session.get_one(Person, noor.row.id)
        person.email, person.department = "noor.de.wit@waterkant.example", "Uniekafdeling"
    assert b"noor.de.wit@waterkant.example" in file_of(world)
    erases_herself(noor)
    world.tick()
    left = file_of(world)
    for trace in b"noor.de.wit", b"Uniekafdeling", b"Noor", b"dm:noor":
        assert trace not in left, trace


def test_nothing_stays_of_rows_that_moved_within_the_file(tmp_path: Path) -> None:
    """SQLite wipes what is deleted, and not what it copied to another page before."""
    chance = Random(1)
    database = opened(f"sqlite:///{(tmp_path / 'koppel.db').as_posix()}")
    file, marks = (
        tmp_path / "koppel.db",
        [f"mark{chance.getrandbits(64):016x}" for _ in range(1500)],
    )
    with database.transaction() as session:
        run = session.connection().exec_driver_sql
        run("CREATE TABLE said (id TEXT PRIMARY KEY, words TEXT) WITHOUT ROWID")
        for mark in marks:
            run("INSERT INTO said VALUES (?, ?)", (mark, "x" * chance.randint(1, 900)))
    for _ in range(2):
        with database.transaction() as session:
            run = session.connection().exec_driver_sql
            for mark in chance.choices(marks, k=1500):
                words = "y" * chance.randint(1, 900)
                run("UPDATE said SET words = ? WHERE id = ?", (words, mark))
    gone = marks[::2]
    with database.transaction() as session:
        for mark in gone:
            session.connection().exec_driver_sql("DELETE FROM said WHERE id = ?", (mark,))
    database.scrub()
    left = file.read_bytes() + (tmp_path / "koppel.db-wal").read_bytes()
    assert not [mark for mark in gone if mark.encode() in left]
    assert marks[1].encode() in left
    database.close()


# --- a backup that is put back ---


@pytest.mark.only_a_file
def test_a_restored_backup_does_not_bring_her_back(world: World, tmp_path: Path) -> None:
    sealed_with_a_mark(world)
    _, noor = matched(world)
    number = noor.row.id
    backup = tmp_path / "koppel.db"
    world.database.scrub()
    backup.write_bytes(Path(str(make_url(world.database.url).database)).read_bytes())
    erases_herself(noor)
    world.tick()
    listed = world.database.erasures
    assert listed is not None
    assert [one.person for one in erasures.read(listed)] == [number]
    assert "Noor" not in listed.read_text(encoding="utf-8")
    assert listed.stat().st_mode & 0o077 == 0
    url = f"sqlite:///{backup.as_posix()}"
    with Database(url).look() as session:
        assert session.get_one(Person, number).name == "Noor"
    restored = opening.opened(url, [KEY], listed)
    with restored.look() as session:
        assert session.get_one(Person, number).name == erasing.NOBODY
        assert (
            session.exec(
                select(Answer)
                .join(Dialogue, col(Dialogue.id) == Answer.dialogue_id)
                .where(Dialogue.person_id == number)
            ).all()
            == []
        )
    restored.close()
    assert b"Noor" not in backup.read_bytes()


def test_the_number_of_who_was_erased_is_given_to_nobody_in_an_older_backup(
    world: World, tmp_path: Path
) -> None:
    sealed_with_a_mark(world)
    listed = tmp_path / "list.erased"
    listed.write_text("waterkant 57 2026-03-02T09:00:00+00:00\nelsewhere 99 2026-03-02\nwaterk")
    world.database.erasures = listed
    assert erasures.apply(world.database) == 0
    newcomer = Hands(world, "Newcomer")
    assert newcomer.row.id == 58 if world.database.is_sqlite else newcomer.row.id > 57
    assert erasures.apply(world.database) == 0
    assert newcomer.row.name == "Newcomer"


def test_a_number_is_never_used_again(world: World) -> None:
    first = Hands(world, "First")
    number = first.row.id
    with world.database.transaction() as session:
        session.execute(text("DELETE FROM identity"))
        session.execute(text("DELETE FROM person"))
    assert Hands(world, "Second").row.id > number
