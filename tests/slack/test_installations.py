"""Tokens of workspaces: sealed on disk, found per workspace, gone when the bot is removed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

import pytest
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Connection, MetaData, String, Table, Text, inspect, make_url, select, text
from sqlalchemy.types import TypeEngine

from bot.platforms.slack.installations import Installations, States
from storage import slack_tokens
from storage.database import Database
from storage.models.slack import SECRETS, slack_bots, slack_installations, slack_oauth_states
from storage.sealing import Seal, WrongKey
from tests.slack.installing import KEY, OTHER_KEY, installation

T = TypeVar("T")


def run(work: Awaitable[T]) -> T:
    async def waited() -> T:
        return await work

    return asyncio.run(waited())


@pytest.fixture
def store(database: Database) -> Installations:
    return Installations(database, "12.34", Seal([KEY]))


def everything(connection: Connection) -> str:
    """All that stands in the tables, as text."""
    tables = (slack_bots, slack_installations)
    return " ".join(str(tuple(row)) for each in tables for row in connection.execute(select(each)))


def test_a_token_comes_back_and_is_nowhere_to_be_read(
    store: Installations, database: Database
) -> None:
    run(store.async_save(installation(expires_in=9999, user_token="xoxp-noor")))
    bot = run(store.bot_of("T1"))
    assert bot is not None
    assert (bot.bot_token, bot.bot_refresh_token) == ("xoxb-T1-first", "xoxe-1-T1")
    found = run(store.async_find_installation(enterprise_id=None, team_id="T1"))
    assert found is not None
    assert (found.bot_token, found.user_token) == ("xoxb-T1-first", "xoxp-noor")
    with database.engine.connect() as connection:
        stored = everything(connection)
    assert "Waterkant" in stored
    assert "xox" not in stored


def test_the_database_file_holds_no_token(store: Installations, database: Database) -> None:
    if not database.is_sqlite:
        return
    run(store.async_save(installation(expires_in=9999)))
    file = Path(make_url(database.url).database or "")
    raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"Waterkant" in raw
    assert b"xox" not in raw


def test_the_column_with_the_longest_token_takes_it(store: Installations) -> None:
    long = "xoxe.xoxb-" + "x" * 400
    run(store.async_save(installation(bot_token=long)))
    bot = run(store.bot_of("T1"))
    assert bot is not None
    assert bot.bot_token == long


@pytest.mark.parametrize("enterprise", [None, "E1"])
def test_a_workspace_is_found_by_its_id_also_in_an_enterprise(
    enterprise: str | None, store: Installations
) -> None:
    run(store.async_save(installation("T1", enterprise)))
    run(store.async_save(installation("T2")))
    bot = run(store.bot_of("T1"))
    assert bot is not None
    assert (bot.enterprise_id, bot.team_id, bot.bot_token) == (enterprise, "T1", "xoxb-T1-first")
    assert run(store.bot_of("T3")) is None
    same = run(store.async_find_bot(enterprise_id=enterprise, team_id="T1"))
    assert same is not None
    assert same.bot_token == bot.bot_token


def test_who_installs_again_is_known_by_the_new_token(store: Installations) -> None:
    run(store.async_save(installation(installed_at=1000.5)))
    run(store.async_save(installation(installed_at=2000.5, bot_token="xoxb-second")))
    bot = run(store.bot_of("T1"))
    assert bot is not None
    assert bot.bot_token == "xoxb-second"


def test_forgetting_a_workspace_leaves_nothing_of_it_and_all_of_the_others(
    store: Installations, database: Database
) -> None:
    run(store.async_save(installation("TGONE", "E1")))
    run(store.async_save(installation("TGONE", installed_at=1000.5)))
    run(store.async_save(installation("T2")))
    run(store.forget("TGONE"))
    assert run(store.bot_of("TGONE")) is None
    with database.engine.connect() as connection:
        assert "TGONE" not in everything(connection)
    assert run(store.bot_of("T2")) is not None


def test_slacks_own_ways_to_delete_work_too(store: Installations, database: Database) -> None:
    run(store.async_save(installation("T1", "E1")))
    run(store.async_delete_all(enterprise_id="E1", team_id="T1"))
    with database.engine.connect() as connection:
        assert everything(connection) == ""


def test_the_workspaces_are_listed_without_any_key(
    store: Installations, database: Database
) -> None:
    run(store.async_save(installation("T2", installed_at=1000.5, bot_scopes="commands")))
    run(store.async_save(installation("T2", bot_scopes="commands,chat:write")))
    run(store.async_save(installation("T1", team_name="Polder")))
    with database.look() as session:
        found = slack_tokens.held(session, "12.34")
        assert slack_tokens.held(session, "another.app") == []
    assert [(each.workspace, each.name) for each in found] == [
        ("T1", "Polder"),
        ("T2", "Waterkant"),
    ]
    assert found[1].scopes == {"commands", "chat:write"}


# --- keys ---


def test_a_token_without_its_key_says_so(store: Installations, database: Database) -> None:
    run(store.async_save(installation()))
    stranger = Installations(database, "12.34", Seal([OTHER_KEY]))
    with pytest.raises(WrongKey, match="KOPPEL_SECRET_KEYS"):
        run(stranger.bot_of("T1"))
    with database.look() as session:
        assert slack_tokens.unopenable(session, Seal([OTHER_KEY])) == ["T1"]
        assert slack_tokens.unopenable(session, Seal([OTHER_KEY, KEY])) == []


def test_any_key_opens_and_after_renewing_the_first_alone(
    store: Installations, database: Database
) -> None:
    run(store.async_save(installation(expires_in=9999)))
    both = Seal([OTHER_KEY, KEY])
    assert run(Installations(database, "12.34", both).bot_of("T1")) is not None
    with database.transaction() as session:
        assert slack_tokens.reseal(session, both) == 4  # two secrets, in two tables
    bot = run(Installations(database, "12.34", Seal([OTHER_KEY])).bot_of("T1"))
    assert bot is not None
    assert (bot.bot_token, bot.bot_refresh_token) == ("xoxb-T1-first", "xoxe-1-T1")
    with pytest.raises(WrongKey):
        run(store.bot_of("T1"))


def test_renewing_stops_at_a_token_it_cannot_open_and_changes_nothing(
    store: Installations, database: Database
) -> None:
    run(store.async_save(installation("T1")))
    run(Installations(database, "12.34", Seal([OTHER_KEY])).async_save(installation("T2")))
    with database.engine.connect() as connection:
        before = everything(connection)
    with pytest.raises(WrongKey), database.transaction() as session:
        slack_tokens.reseal(session, Seal([KEY]))
    with database.engine.connect() as connection:
        assert everything(connection) == before


# --- whose browser began ---


def test_a_state_is_good_once(database: Database) -> None:
    states = States(database)
    state = run(states.async_issue())
    assert [run(states.async_consume(state)) for _ in range(2)] == [True, False]
    assert run(states.async_consume("invented")) is False


def test_states_that_expired_do_not_pile_up(database: Database) -> None:
    states = States(database)
    old = run(states.async_issue())
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE slack_oauth_states SET expire_at = '2020-01-01 00:00:00'"))
    assert run(states.async_consume(old)) is False
    run(states.async_issue())
    with database.engine.connect() as connection:
        assert len(connection.execute(select(slack_oauth_states)).all()) == 1


# --- the library's tables and ours ---


def wanted(name: str) -> Table:
    make = {
        "slack_bots": SQLAlchemyInstallationStore.build_bots_table,
        "slack_installations": SQLAlchemyInstallationStore.build_installations_table,
        "slack_oauth_states": SQLAlchemyOAuthStateStore.build_oauth_states_table,
    }[name]
    return make(MetaData(), name)


def width(kind: TypeEngine[object]) -> float:
    """How many characters a column takes."""
    if isinstance(kind, Text):
        return float("inf")
    return (kind.length or float("inf")) if isinstance(kind, String) else 0


@pytest.mark.parametrize("name", ["slack_bots", "slack_installations", "slack_oauth_states"])
def test_our_steps_make_the_columns_that_the_library_wants(name: str, database: Database) -> None:
    library = wanted(name)
    look = inspect(database.engine)
    made = {column["name"]: column for column in look.get_columns(name)}
    assert list(made) == [column.name for column in library.columns]
    for column in library.columns:
        ours = made[column.name]
        assert width(ours["type"]) >= width(column.type), column.name
        assert ours["type"]._type_affinity is column.type._type_affinity, column.name
        assert ours["nullable"] is bool(column.nullable), column.name
    wants = {
        str(index.name): [column.name for column in index.columns] for index in library.indexes
    }
    assert {str(i["name"]): i["column_names"] for i in look.get_indexes(name)} == wants


def test_every_column_that_holds_a_token_is_wide_enough_for_it_sealed() -> None:
    for table in (slack_bots, slack_installations):
        secrets = {c.name for c in table.c if "token" in c.name or c.name.endswith("webhook_url")}
        assert secrets - {"bot_token_expires_at", "user_token_expires_at", "token_type"} == {
            name for name in SECRETS if name in table.c
        }
        assert all(isinstance(table.c[name].type, Text) for name in SECRETS if name in table.c)
