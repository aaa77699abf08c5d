"""What is said in confidence is sealed in the database, and its keys can be replaced."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    make_url,
    select,
    text,
    type_coerce,
)
from sqlmodel import col, create_engine
from sqlmodel import select as select_rows

from storage import closing, keys, opening, schema
from storage.database import Database, beside
from storage.keys import KEYS, KeysNeeded, seal_of
from storage.models import Answer, Delivery
from storage.sealing import NoKey, Seal, Sealed, SealedJson, WrongKey, new_key
from tests.databases import Postgres, Sqlite

OLD, NEW = new_key(), new_key()
SECRET = "Ik wil niet met mijn oud-manager praten."
NOTES = Table(
    "notes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Sealed),
    Column("said", SealedJson),
)


@pytest.fixture(autouse=True)
def a_dialect_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in real life: other stories share one, and have the same keys."""
    monkeypatch.setattr("storage.database.create_engine", create_engine)


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
    for known, opens in ([NEW, OLD], True), ([NEW], False):
        other = Database(url, Seal(known))
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
    [(words, _)] = stored(opened)
    assert Seal([OLD]).open(words) == SECRET
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
    file = beside(url, KEYS)
    assert file == tmp_path / "data" / "koppel.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_keys_in_the_settings_go_before_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path.as_posix()}/koppel.db"
    assert Seal([NEW]).open(seal_of(url, [NEW]).close(SECRET)) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_a_server_has_nothing_beside_it_and_wants_a_key_in_the_settings() -> None:
    with pytest.raises(KeysNeeded, match="koppel keys new"):
        seal_of("postgresql+psycopg://koppel@localhost/koppel")


def test_every_sealed_column_stands_in_the_record() -> None:
    told = (Path(__file__).parent.parent / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert [c for t, _, c in closing.places() if f"`{t}.{c}`" not in told] == []


# --- from before there were keys ---

BEFORE = "0009"


def test_what_stood_in_clear_is_sealed_at_the_first_start_and_leaves_the_file(
    databases: tuple[Sqlite | Postgres, str],
) -> None:
    server, _ = databases
    url = server.create()
    schema.upgrade(url, BEFORE)
    _tell_in_clear(url)
    schema.upgrade(url)
    database = opening.opened(url, [OLD])
    with database.look() as session:
        avoid, goal, rhythm = session.exec(select_rows(Answer).order_by(col(Answer.question))).all()
        assert (avoid.values, avoid.chosen) == (["12"], [])
        assert (goal.values, goal.chosen, goal.words) == ([SECRET], [], {SECRET: SECRET})
        assert (rhythm.values, rhythm.chosen) == (["monthly"], ["monthly"])
        waiting, sent = session.exec(select_rows(Delivery).order_by(col(Delivery.id))).all()
        assert (waiting.message, sent.message) == (SECRET, "")
        for table, _, column in closing.places():
            found = session.execute(text(f"SELECT {column} FROM {table}")).scalars()
            assert not [words for words in found if SECRET in words]
    database.close()
    if database.is_sqlite:
        path = Path(str(make_url(url).database))
        for file in path.parent.glob(f"{path.name}*"):
            assert SECRET.encode() not in file.read_bytes(), file
    opening.opened(url, [NEW, OLD]).close()
    with pytest.raises(keys.OtherKey):
        opening.opened(url, [NEW])
    server.drop(url)


def _tell_in_clear(url: str) -> None:
    """As the version before wrote it."""
    database = Database(url)
    now = "2026-03-02 09:00:00"
    said = json.dumps([SECRET])
    words = json.dumps({SECRET: SECRET})
    person = (
        "INSERT INTO person (id, organisation_id, name, kind, admitted, active, locale, "
        "locale_chosen, time_zone, country, working_days, work_start, work_end, languages, "
        "department, team, function, location, introduced) VALUES (1, 1, 'Noor', 'employee', "
        "false, true, 'en', false, 'UTC', 'NL', '12345', '09:00:00', '17:00:00', '[]', '', '', "
        "'', '', true)"
    )
    delivery = (
        "INSERT INTO delivery (key, organisation_id, workspace_id, person_id, address, message, "
        "state, due_at, attempts, in_doubt, failure) VALUES (:state, 1, 1, 1, 'dm:noor', :said, "
        ":state, :now, 0, false, '')"
    )
    answer = 'INSERT INTO answer (dialogue_id, question, "values", words) VALUES (1, :q, :v, :w)'
    with database.transaction() as session:
        run = session.connection().execute
        run(
            text(
                "INSERT INTO organisation (id, name, guests_welcome, strangers_welcome) "
                "VALUES (1, 'Waterkant', false, false)"
            )
        )
        run(
            text(
                "INSERT INTO workspace (id, organisation_id, platform, external, name, state) "
                "VALUES (1, 1, 'local', 'simulated', '', 'active')"
            )
        )
        run(text(person))
        run(
            text(
                "INSERT INTO dialogue (id, person_id, questionnaire, subject_id, state, asking, "
                "telling_more, confirmed, step, touched_at) VALUES (1, 1, 'intake', 1, 'done', '', "
                "false, true, 1, :now)"
            ),
            {"now": now},
        )
        for question, values in ("avoid", '["12"]'), ("goal", said), ("rhythm", '["monthly"]'):
            given = words if question == "goal" else "{}"
            run(text(answer), {"q": question, "v": values, "w": given})
        for state in "waiting", "sent":
            run(text(delivery), {"state": state, "said": SECRET, "now": now})
    database.close()
