"""The steps lead to exactly the tables of the models, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel, select

from storage import schema
from storage.database import Database
from storage.models import Identity, Organisation, Person, SeenEvent, Workspace
from tests.databases import Postgres, Sqlite


@pytest.fixture
def url(databases: tuple[Sqlite | Postgres, str]) -> Iterator[str]:
    """A database with nothing in it."""
    server, _ = databases
    fresh = server.create()
    yield fresh
    server.drop(fresh)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def differences(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, SQLModel.metadata))


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_the_steps_make_exactly_the_tables_of_the_models(url: str, database: Database) -> None:
    schema.upgrade(url)
    assert differences(database) == []
    assert tables(database) == {*SQLModel.metadata.tables, "alembic_version"}


def test_the_comparison_notices_a_column_that_no_step_makes(url: str, database: Database) -> None:
    schema.upgrade(url)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE person DROP COLUMN function"))
    assert differences(database) != []


def test_the_steps_and_the_models_spell_a_table_alike(url: str, database: Database) -> None:
    """What compare_metadata does not look at: rows without numbers, types as they are stored."""
    schema.upgrade(url)
    stepped = spelled(database)
    schema.downgrade(url, schema.BASE)
    SQLModel.metadata.create_all(database.engine)
    made = spelled(database)
    assert [made[name] for name in SQLModel.metadata.tables] == [
        stepped[name] for name in SQLModel.metadata.tables
    ]


def spelled(database: Database) -> dict[str, Any]:
    look = inspect(database.engine)
    found: dict[str, Any] = {}
    for table in look.get_table_names():
        columns = [
            (each["name"], repr(each["type"]), each["nullable"]) for each in look.get_columns(table)
        ]
        keys = look.get_pk_constraint(table)["constrained_columns"]
        unique = sorted(tuple(u["column_names"]) for u in look.get_unique_constraints(table))
        links = sorted(
            (tuple(f["constrained_columns"]), f["referred_table"], repr(f.get("options")))
            for f in look.get_foreign_keys(table)
        )
        indexes = sorted((str(i["name"]), repr(i["column_names"])) for i in look.get_indexes(table))
        found[table] = (
            sorted(columns),
            keys,
            unique,
            links,
            indexes,
            look.get_table_options(table),
        )
    return found


@pytest.mark.only_a_file
def test_no_step_that_makes_a_table_anew_forgets_what_sqlite_alone_knows_of_it(
    url: str, database: Database
) -> None:
    """Numbers that are never given out again, and a trail that only grows."""
    schema.upgrade(url)
    with database.engine.connect() as connection:
        named = "SELECT name, sql FROM sqlite_master WHERE type = "
        made = dict(map(tuple, connection.execute(text(f"{named}'table'"))))
        triggers = set(connection.scalars(text(f"SELECT name FROM ({named}'trigger')")))
    once = {
        name
        for name, table in SQLModel.metadata.tables.items()
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert once
    assert {name for name, sql in made.items() if "AUTOINCREMENT" in (sql or "")} == once
    assert triggers == {"auditentry_no_update", "auditentry_no_delete"}


def test_going_up_twice_is_going_up_once(url: str, database: Database) -> None:
    assert schema.upgrade(url) is True
    assert schema.is_current(database.engine)
    before = spelled(database)
    assert schema.upgrade(url) is False
    assert spelled(database) == before


def test_an_empty_database_is_not_current(database: Database) -> None:
    assert schema.revision(database.engine) is None
    assert not schema.is_current(database.engine)


def test_going_down_to_the_base_leaves_no_table_and_up_again_works(
    url: str, database: Database
) -> None:
    schema.upgrade(url)
    schema.downgrade(url, schema.BASE)
    assert tables(database) == {"alembic_version"}
    assert schema.upgrade(url) is True
    assert differences(database) == []


def test_a_database_of_a_newer_version_is_left_alone(url: str, database: Database) -> None:
    schema.upgrade(url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.NewerSchema, match="newer version"):
        schema.upgrade(url)
    assert not schema.is_current(database.engine)
    assert schema.revision(database.engine) == "9999"


def test_instants_come_back_as_they_went_in(url: str, database: Database) -> None:
    schema.upgrade(url)
    at = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)
    with database.transaction() as session:
        session.add(SeenEvent(id="one", at=at))
    with database.look() as session:
        assert session.exec(select(SeenEvent.at)).one() == at


def test_a_table_made_anew_keeps_its_rows_and_those_that_point_at_it(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.upgrade(url)
    people_in(database)

    def later_step(config: Any, _to: str) -> None:
        operations = Operations(MigrationContext.configure(config.attributes["connection"]))
        with operations.batch_alter_table("person") as person:
            person.alter_column("department", new_column_name="crew")

    monkeypatch.setattr("storage.schema.command.upgrade", later_step)
    schema.upgrade(url)
    with database.look() as session:
        rows = session.connection().execute(
            text("SELECT p.crew, i.user FROM person p JOIN identity i ON i.person_id = p.id")
            if database.is_sqlite
            else text('SELECT p.crew, i."user" FROM person p JOIN identity i ON i.person_id = p.id')
        )
        assert [tuple(row) for row in rows] == [("HR", "noor")]


def test_a_step_that_breaks_half_way_leaves_everything_as_it_was(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.upgrade(url)
    before = spelled(database)

    def broken_step(config: Any, _to: str) -> None:
        connection: Connection = config.attributes["connection"]
        connection.execute(text("DROP TABLE seenevent"))
        raise RuntimeError("the lights went out")

    monkeypatch.setattr("storage.schema.command.upgrade", broken_step)
    with pytest.raises(RuntimeError, match="lights"):
        schema.upgrade(url)
    assert spelled(database) == before


def test_two_processes_that_go_up_together_do_it_once(url: str, database: Database) -> None:
    went: list[bool] = []

    def go_up() -> None:
        went.append(schema.upgrade(url))

    both = [threading.Thread(target=go_up, daemon=True) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=60)
    assert sorted(went) == [False, True]
    assert schema.is_current(database.engine)


def test_a_step_that_leaves_a_row_pointing_nowhere_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite only: there the references are not watched while a table is made anew."""
    url = f"sqlite:///{tmp_path.as_posix()}/koppel.db"
    schema.upgrade(url)
    database = Database(url)
    people_in(database)

    def careless_step(config: Any, _to: str) -> None:
        config.attributes["connection"].execute(text("DELETE FROM person"))

    monkeypatch.setattr("storage.schema.command.upgrade", careless_step)
    with pytest.raises(schema.BrokenReferences):
        schema.upgrade(url)
    with database.look() as session:
        assert session.exec(select(Person.name)).all() == ["Noor"]
    database.close()


def test_going_up_makes_the_folder_of_a_file_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    schema.upgrade(f"sqlite:///{folder.as_posix()}/koppel.db")
    assert [path.name for path in folder.iterdir()] == ["koppel.db"]
    assert folder.stat().st_mode & 0o077 == 0


def test_every_step_has_its_number_and_comes_with_the_package() -> None:
    steps = sorted(path.stem for path in (schema.FOLDER / "versions").glob("[0-9]*.py"))
    assert [step[:4] for step in steps] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    assert schema.head() == steps[-1][:4]


def people_in(database: Database) -> None:
    with database.transaction() as session:
        organisation = Organisation(name="Waterkant")
        session.add(organisation)
        session.flush()
        workspace = Workspace(
            organisation_id=organisation.id, platform="local", external="simulated"
        )
        noor = Person(
            organisation_id=organisation.id, name="Noor", department="HR", work_start=time(8)
        )
        session.add_all([workspace, noor])
        session.flush()
        session.add(
            Identity(person_id=noor.id, workspace_id=workspace.id, user="noor", address="dm:noor")
        )
