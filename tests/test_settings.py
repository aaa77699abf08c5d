"""Settings come from the environment and .env, and whatever is wrong is named all at once."""

from __future__ import annotations

import os
import re
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.settings import (
    DEFAULT_DATABASE,
    Settings,
    SettingsError,
    SlackSettings,
    TeamsSettings,
    load,
    mask,
    normalised,
)

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith(("KOPPEL_", "SLACK_", "TEAMS_", "MICROSOFT_", "DATABASE_URL")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def env_file(text: str) -> None:
    Path(".env").write_text(text, encoding="utf-8")


def problems() -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load()
    return caught.value.problems


def test_without_any_setting_everything_has_a_value() -> None:
    found = load()
    assert found.database == DEFAULT_DATABASE == "sqlite:///data/koppel.db"
    assert (found.host, found.port) == ("127.0.0.1", 8080)
    assert (found.log_level, found.log_format) == ("INFO", "text")
    assert (found.default_locale, found.default_time_zone, found.default_country) == (
        "en",
        "Europe/Amsterdam",
        "NL",
    )
    assert found.platforms_configured == ()


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    env_file("KOPPEL_PORT=1\nKOPPEL_HOST=file.example\nKOPPEL_LOG_LEVEL=debug\n")
    monkeypatch.setenv("KOPPEL_PORT", "2")
    monkeypatch.setenv("KOPPEL_HOST", "environment.example")
    found = load(port=3, host=None)
    assert (found.port, found.host, found.log_level) == (3, "environment.example", "DEBUG")


def test_an_empty_value_is_no_value() -> None:
    env_file("KOPPEL_PORT=\nKOPPEL_DATABASE_URL=''\nSLACK_BOT_TOKEN=\n")
    found = load()
    assert (found.port, found.database, found.platforms_configured) == (8080, DEFAULT_DATABASE, ())


@pytest.mark.parametrize("name", ["KOPPEL_DATABASE_URL", "DATABASE_URL"])
@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_is_read_however_it_is_written(
    name: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, f" {scheme}://koppel:p%40ss%2Fword@db:5433/koppel?sslmode=require ")
    url = make_url(load().database)
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "koppel",
        "p@ss/word",
        "db",
        5433,
        "koppel",
    )
    assert url.query == {"sslmode": "require"}


def test_the_prefixed_name_wins_over_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///plain.db")
    monkeypatch.setenv("KOPPEL_DATABASE_URL", "sqlite:///prefixed.db")
    assert load().database == "sqlite:///prefixed.db"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://u:geheim@h/d", "SQLite or PostgreSQL"),
        ("postgresql+asyncpg://u:geheim@h/d", "SQLite or PostgreSQL"),
        ("sqlite+aiosqlite:///geheim.db", "without a driver's name"),
        ("sqlite://", "forgets everything"),
        ("sqlite:///:memory:", "forgets everything"),
        ("postgresql://u:geheim@h", "name of the database is missing"),
        ("postgresql://u:geheim@h:port/d", "not a database URL"),
        ("postgresql://u:@geheim@h/d", "write @ as %40"),
        ("geheim", "not a database URL"),
    ],
)
def test_a_wrong_database_address_says_why_and_never_repeats_it(
    url: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    (problem,) = problems()
    assert reason in problem
    assert problem.startswith("DATABASE_URL: ")
    assert "Example: DATABASE_URL=postgresql://" in problem
    assert "geheim" not in problem


def test_everything_that_is_wrong_is_named_at_once_with_an_example() -> None:
    env_file(
        "KOPPEL_PORT=abc\nKOPPEL_LOG_LEVEL=loud\nKOPPEL_LOG_FORMAT=xml\nKOPPEL_DEFAULT_LOCALE=fr\n"
        "KOPPEL_DEFAULT_TIME_ZONE=Mars/Base\nKOPPEL_DEFAULT_COUNTRY=Nederland\n"
        "KOPPEL_HOST=http://x/\nKOPPEL_DATABASE_URL=oracle://x\n"
        f"KOPPEL_ORGANISATION={'x' * 101}\n"
        "KOPPEL_PUBLIC_URL=http://koppel.example.com\nKOPPEL_SECRET_KEYS=short\nKOPPEL_ADMIN=Noor\n"
        "KOPPEL_ERASURES_FILE=data/\nKOPPEL_ONE_CORE=perhaps\n"
    )
    found = problems()
    named = {problem.partition(":")[0] for problem in found}
    assert named == {f"KOPPEL_{field.upper()}" for field in Settings.model_fields}
    assert all(f"Example: {name}=" in " ".join(found) for name in named)
    assert "14 settings are not right" in str(SettingsError(list(found)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("KOPPEL_PROT", "KOPPEL_PORT"),
        ("KOPPEL_DATABSE_URL", "KOPPEL_DATABASE_URL"),
        ("KOPPEL_DB_URL", "KOPPEL_DATABASE_URL"),
        ("koppel_timezone", "KOPPEL_DEFAULT_TIME_ZONE"),
        ("KOPPEL_LOGLEVEL", "KOPPEL_LOG_LEVEL"),
    ],
)
def test_a_mistyped_name_is_named_with_the_one_that_was_meant(typed: str, meant: str) -> None:
    env_file(f"{typed}=1\n")
    assert problems() == (f"{typed}: there is no such setting; did you mean {meant}?",)


def test_a_name_that_is_like_no_other_gets_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOPPEL_XYZZY", "1")
    (problem,) = problems()
    assert problem.startswith("KOPPEL_XYZZY: there is no such setting; there are KOPPEL_DATABASE_U")


def test_what_kubernetes_writes_beside_a_service_called_koppel_is_understood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KOPPEL_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KOPPEL_PORT_8080_TCP_ADDR", "10.0.0.1")
    load()
    monkeypatch.setenv("KOPPEL_PORT", "tcp://10.0.0.1:8080")
    (problem,) = problems()
    assert "enableServiceLinks: false" in problem


def test_a_line_of_the_file_that_cannot_be_read_is_named_and_never_repeated() -> None:
    env_file('KOPPEL_PORT=8081\nKOPPEL_HOST="geheim\nSLACK_BOT_TOKEN\n=geheim\n')
    found = problems()
    assert [problem.partition(":")[0] for problem in found] == [
        ".env, line 2",
        ".env, line 3",
        ".env, line 4",
    ]
    assert "geheim" not in " ".join(found)


def test_a_file_that_is_not_utf_8_or_no_file_is_named() -> None:
    Path(".env").write_bytes("KOPPEL_ORGANISATION=Café".encode("cp1252"))
    assert problems() == (".env: save this file as UTF-8, it cannot be read as it is",)
    Path(".env").unlink()
    Path(".env").mkdir()
    (problem,) = problems()
    assert problem.startswith(".env: it cannot be read")


def test_a_file_saved_by_notepad_is_read() -> None:
    Path(".env").write_bytes("KOPPEL_ORGANISATION=Café\r\nKOPPEL_PORT=9\r\n".encode("utf-8-sig"))
    found = load()
    assert (found.organisation, found.port) == ("Café", 9)


@pytest.mark.parametrize(
    ("names", "platforms"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-x", "SLACK_APP_TOKEN": "xapp-x"}, ("Slack",)),
        ({"TEAMS_PLAYGROUND": "true"}, ("Teams",)),
        (
            {"SLACK_BOT_TOKEN": "xoxb-x", "SLACK_APP_TOKEN": "xapp-x", "TEAMS_PLAYGROUND": "yes"},
            ("Slack", "Teams"),
        ),
        ({"SLACKER": "x", "TEAMS_PLAYGROUND": "false", "DATABASE_URL": "sqlite:///x.db"}, ()),
    ],
)
def test_the_chat_platforms_that_are_set_up_are_known(
    names: dict[str, str], platforms: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file("".join(f"{name}={value}\n" for name, value in names.items()))
    assert load().platforms_configured == platforms
    Path(".env").unlink()
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert load().platforms_configured == platforms


def test_no_way_of_printing_settings_shows_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://koppel:geheim@db/koppel?password=geheim")
    found = load()
    assert "geheim" in found.database
    shown = f"{found} {found!r} {found.model_dump()} {found.model_dump_json()}"
    assert "geheim" not in shown + found.masked_database
    assert found.masked_database == "postgresql+psycopg://koppel:***@db/koppel"


@given(
    secret=st.from_regex(r"[a-z]{12}", fullmatch=True),
    around=st.lists(st.sampled_from("/:@?#%&= 1a[]\\"), max_size=6),
    position=st.integers(min_value=0, max_value=6),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_nothing_of_a_password_is_ever_shown_however_badly_it_is_written(
    secret: str, around: list[str], position: int
) -> None:
    password = "".join([*around[:position], secret, *around[position:]])
    try:
        shown = mask(normalised(f"postgresql://koppel:{password}@db/koppel"))
    except ValueError as error:
        shown = str(error)
    assert secret not in shown


def test_settings_cannot_be_changed_under_way() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().port = 1


def test_the_example_file_lists_every_setting_and_may_be_copied_as_it_is() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^# ((?:KOPPEL|SLACK|TEAMS)_\w+)=", text, re.MULTILINE))
    assert listed == {
        f"{prefix}_{field.upper()}"
        for prefix, group in (
            ("KOPPEL", Settings),
            ("SLACK", SlackSettings),
            ("TEAMS", TeamsSettings),
        )
        for field in group.model_fields
    }
    env_file(text)
    assert load() == Settings()
    env_file(re.sub(r"^# (?=KOPPEL_)", "", text, flags=re.MULTILINE))
    assert load().organisation == "Waterkant"
    tokens = "SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\n"
    env_file(re.sub(r"^# (?=SLACK_)", "", text, flags=re.MULTILINE) + tokens)
    set_up = SlackSettings(bot_token=SecretStr("xoxb-1"), app_token=SecretStr("xapp-1"))
    assert load().slack == set_up
    ids = {"app_id": f"{1:032x}", "tenant_id": f"{2:032x}"}
    registered = {name: str(UUID(value)) for name, value in ids.items()} | {"app_password": "x~1"}
    lines = [f"TEAMS_{name.upper()}={value}\n" for name, value in registered.items()]
    env_file(re.sub(r"^# (?=TEAMS_)", "", text, flags=re.MULTILINE) + "".join(lines))
    assert load().teams == TeamsSettings.model_validate(registered)
