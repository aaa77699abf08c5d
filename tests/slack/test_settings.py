"""Slack's settings: three ways to set it up, and whatever does not fit is named with a remedy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load

KEY = "SGVlbCBnZWhlaW0sIHplZ3QgaGV0IG5pZW1hbmQhISE="
SECRET = "geheim0123"
ONE_BY_SOCKET = {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}", "SLACK_APP_TOKEN": f"xapp-{SECRET}"}
ONE_BY_HTTP = {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}", "SLACK_SIGNING_SECRET": SECRET}
SEVERAL = {
    "SLACK_CLIENT_ID": "12.34",
    "SLACK_CLIENT_SECRET": SECRET,
    "SLACK_SIGNING_SECRET": SECRET,
    "KOPPEL_SECRET_KEYS": KEY,
    "KOPPEL_PUBLIC_URL": "https://koppel.example.com/",
}
Given = Callable[[dict[str, str]], Settings]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Given:
    for name in list(os.environ):
        if name.upper().startswith(("KOPPEL_", "SLACK_", "TEAMS_", "MICROSOFT_", "DATABASE_URL")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def read(names: dict[str, str]) -> Settings:
        lines = [f"{name}={value}\n" for name, value in names.items()]
        Path(".env").write_text("".join(lines), encoding="utf-8")
        return load()

    return read


def problems(given: Given, names: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        given(names)
    assert SECRET not in str(caught.value)
    return caught.value.problems


@pytest.mark.parametrize(
    ("names", "socket_mode", "oauth"),
    [
        (ONE_BY_SOCKET, True, False),
        (ONE_BY_HTTP, False, False),
        (ONE_BY_SOCKET | ONE_BY_HTTP, True, False),
        (SEVERAL, False, True),
        (SEVERAL | {"SLACK_APP_TOKEN": "xapp-1"}, True, True),
    ],
)
def test_every_way_to_set_slack_up_is_recognised(
    names: dict[str, str], socket_mode: bool, oauth: bool, given: Given
) -> None:
    slack = given(names).slack
    assert slack is not None
    assert (slack.socket_mode, slack.oauth) == (socket_mode, oauth)
    assert slack.api_url == "https://slack.com/api/"
    assert slack.messages_per_minute == 200


def test_without_any_word_about_slack_there_is_no_slack(given: Given) -> None:
    assert given({"KOPPEL_PUBLIC_URL": "https://koppel.example.com"}).slack is None
    assert given({"SLACK_BOT_TOKEN": ""}).slack is None


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_APP_TOKEN"]),
        ({"SLACK_SIGNING_SECRET": SECRET}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_API_URL": "http://127.0.0.1:1/"}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        *[
            ({name: value for name, value in SEVERAL.items() if name != left_out}, [left_out])
            for left_out in SEVERAL
        ],
        (SEVERAL | {"KOPPEL_ORGANISATION": "Waterkant"}, ["SLACK_WORKSPACES"]),
        ({"SLACK_CLIENT_ID": "1.2"}, [name for name in SEVERAL if name != "SLACK_CLIENT_ID"]),
    ],
)
def test_what_is_missing_is_named_with_where_to_find_it(
    names: dict[str, str], missing: list[str], given: Given
) -> None:
    found = problems(given, names)
    assert [problem.partition(": this is missing: ")[0] for problem in found] == missing
    assert all("Example: " in problem for problem in found)


def test_a_token_beside_a_client_id_is_one_too_many(given: Given) -> None:
    (problem,) = problems(given, SEVERAL | {"SLACK_BOT_TOKEN": "xoxb-1"})
    assert problem.startswith("SLACK_BOT_TOKEN: leave it out beside SLACK_CLIENT_ID")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SLACK_BOT_TOKEN", f"xapp-{SECRET}", "this is an app-level token; the bot's token starts"),
        ("SLACK_BOT_TOKEN", f"xoxp-{SECRET}", "this is a person's token; the bot's token starts"),
        ("SLACK_BOT_TOKEN", f"xoxe.xoxb-{SECRET}", "expires after twelve hours"),
        ("SLACK_BOT_TOKEN", SECRET, "this is no such token: the bot's token starts with xoxb-"),
        ("SLACK_APP_TOKEN", f"xoxb-{SECRET}", "this is a bot's token; an app-level token starts"),
        ("SLACK_SIGNING_SECRET", f"xoxb-{SECRET}", "signing secret, which is not a token"),
        ("SLACK_API_URL", f"http://{SECRET}.example.com", "an https address"),
        ("SLACK_API_URL", f"https://u:{SECRET}@slack.com/api", "an https address"),
        ("SLACK_MESSAGES_PER_MINUTE", "0", "a whole number from 1 to 1000"),
        ("SLACK_MESSAGES_PER_MINUTE", "1001", "a whole number from 1 to 1000"),
        ("SLACK_WORKSPACES", "T024BE7LD,waterkant", "the ids of workspaces"),
        ("KOPPEL_ADMIN", "Noor", "the e-mail address, Slack user id or Entra object id"),
        ("KOPPEL_SECRET_KEYS", f"{KEY},{SECRET}", "the first encrypts"),
        ("KOPPEL_PUBLIC_URL", "koppel.example.com", "the https address"),
    ],
)
def test_a_wrong_value_is_named_with_the_reason_and_never_repeated(
    name: str, value: str, reason: str, given: Given
) -> None:
    (problem,) = problems(given, ONE_BY_HTTP | ONE_BY_SOCKET | {name: value})
    assert problem.startswith(f"{name}: ")
    assert reason in problem
    assert f"Example: {name}=" in problem


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SLACK_TOKEN", "SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_KEY", "SLACK_SIGNING_SECRET"),
        ("slack_clientid", "SLACK_CLIENT_ID"),
    ],
)
def test_a_mistyped_name_is_named_with_the_one_that_was_meant(
    typed: str, meant: str, given: Given
) -> None:
    (problem,) = problems(given, ONE_BY_HTTP | ONE_BY_SOCKET | {typed: "1"})
    assert problem == f"{typed}: there is no such setting; did you mean {meant}?"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        (" http://127.0.0.1:5055/api ", "http://127.0.0.1:5055/api/"),
        ("http://slack:3000/api/", "http://slack:3000/api/"),
        ("https://slack-gov.com/api/", "https://slack-gov.com/api/"),
    ],
)
def test_the_web_api_may_be_elsewhere_and_unencrypted_only_nearby(
    url: str, meant: str, given: Given
) -> None:
    slack = given(ONE_BY_SOCKET | {"SLACK_API_URL": url}).slack
    assert slack is not None
    assert slack.api_url == meant


def test_only_listed_workspaces_are_welcome_and_without_a_list_all(given: Given) -> None:
    slack = given(SEVERAL | {"SLACK_WORKSPACES": "T024BE7LD, T0G9PQBBK"}).slack
    anybody = given(SEVERAL).slack
    assert slack and anybody
    assert [slack.welcomes(each) for each in ("T024BE7LD", "T0G9PQBBK", "T1")] == [
        True,
        True,
        False,
    ]
    assert anybody.welcomes("T1")


def test_keys_and_the_administrator_are_read_as_people_write_them(given: Given) -> None:
    found = given({"KOPPEL_SECRET_KEYS": f"{KEY}, {KEY}", "KOPPEL_ADMIN": "Noor@Example.com "})
    assert [key.get_secret_value() for key in found.secret_keys] == [KEY, KEY]
    assert found.admin == "noor@example.com"
    assert given({"KOPPEL_ADMIN": "u024be7lh"}).admin == "U024BE7LH"


def test_no_way_of_printing_settings_shows_a_secret(given: Given) -> None:
    found = given(SEVERAL | {"SLACK_APP_TOKEN": f"xapp-{SECRET}"})
    assert found.slack is not None
    shown = f"{found} {found!r} {found.model_dump()} {found.model_dump_json()} "
    shown += f"{found.slack} {found.slack!r} {found.slack.model_dump()}"
    assert SECRET not in shown
    assert KEY not in shown
