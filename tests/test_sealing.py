"""What is said in confidence is sealed in the database, and its keys can be replaced."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, type_coerce

from storage.database import Database
from storage.keys import KeysNeeded, beside, seal_of
from storage.sealing import NoKey, Seal, Sealed, SealedJson, WrongKey, new_key

OLD, NEW = new_key(), new_key()
SECRET = "Ik wil niet met mijn oud-manager praten."
NOTES = Table(
    "notes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Sealed),
    Column("said", SealedJson),
)


@pytest.fixture
def opened(url: str) -> Iterator[Database]:
    """A database with a table of notes, opened with the old key."""
    database = Database(url, Seal([OLD]))
    NOTES.create(database.engine)
    yield database
    database.close()


def write(database: Database, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(insert(NOTES).values(values))


def read(database: Database) -> list[Any]:
    with database.look() as session:
        return [tuple(row) for row in session.execute(select(NOTES.c.words, NOTES.c.said))]


def stored(database: Database) -> list[Any]:
    as_it_is = [type_coerce(NOTES.c[name], Text) for name in ("words", "said")]
    with database.look() as session:
        return [tuple(row) for row in session.execute(select(*as_it_is))]


def test_what_was_written_is_read_again_and_does_not_stand_in_the_database(
    opened: Database,
) -> None:
    write(opened, words=SECRET, said={"why": [SECRET]})
    assert read(opened) == [(SECRET, {"why": [SECRET]})]
    [(words, said)] = stored(opened)
    assert words.startswith("gAAAA") and said.startswith("gAAAA")
    assert SECRET not in words + said


def test_the_same_words_are_never_stored_alike(opened: Database) -> None:
    write(opened, words=SECRET)
    write(opened, words=SECRET)
    one, other = (words for words, _ in stored(opened))
    assert one != other


def test_nothing_stays_nothing(opened: Database) -> None:
    write(opened, words="", said=[])
    write(opened, words=None, said=None)
    assert read(opened) == [("", []), (None, None)]


def test_a_second_key_opens_what_the_first_closed_and_another_does_not(
    opened: Database, url: str
) -> None:
    write(opened, words=SECRET, said=[SECRET])
    for keys, opens in ([NEW, OLD], True), ([NEW], False):
        other = Database(url, Seal(keys))
        if opens:
            assert read(other) == [(SECRET, [SECRET])]
        else:
            with pytest.raises(WrongKey, match="KOPPEL_SECRET_KEYS"):
                read(other)
        other.close()


def test_two_databases_in_one_process_keep_their_own_keys(opened: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path.as_posix()}/other.db", Seal([NEW]))
    NOTES.create(other.engine)
    write(other, words="of the other")
    write(opened, words=SECRET)
    assert (read(opened), read(other)) == ([(SECRET, None)], [("of the other", None)])
    other.close()


def test_without_a_key_nothing_confidential_is_written(opened: Database, url: str) -> None:
    without = Database(url)
    with pytest.raises(Exception, match=str(NoKey.__doc__)):
        write(without, words=SECRET)
    without.close()
    assert stored(opened) == []


def test_a_key_is_made_beside_a_file_for_its_owner_only_and_used_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path.as_posix()}/data/koppel.db"
    sealed = seal_of(url).close(SECRET)
    assert seal_of(url).open(sealed) == SECRET
    file = beside(url)
    assert file == tmp_path / "data" / "koppel.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_keys_in_the_settings_go_before_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path.as_posix()}/koppel.db"
    assert Seal([NEW]).open(seal_of(url, [NEW]).close(SECRET)) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_a_server_has_nothing_beside_it_and_wants_a_key_in_the_settings() -> None:
    with pytest.raises(KeysNeeded, match="koppel keys new"):
        seal_of("postgresql+psycopg://koppel@localhost/koppel")
