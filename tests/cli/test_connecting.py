"""`koppel keys` and `koppel manifest`: what whoever connects Slack or Teams types."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot.platforms.slack.installations import Installations
from storage.sealing import Seal
from tests import sealed
from tests.cli.command import Koppel
from tests.slack.installing import KEY, OTHER_KEY, installation
from tests.teams.test_settings import APP, BOT


def test_a_new_key_can_be_used_at_once(koppel: Koppel, monkeypatch: pytest.MonkeyPatch) -> None:
    key = koppel("keys", "new").output.strip()
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", key)
    result = koppel("keys", "rotate")
    assert (result.exit_code, result.output) == (0, "Sealed with the first key: 1.\n")


def stored(url: str, key: str, team: str) -> None:
    database = sealed.opened(url)
    asyncio.run(Installations(database, "12.34", Seal([key])).async_save(installation(team)))
    database.close()


def test_rotating_seals_with_the_first_key_and_says_how_many(
    koppel: Koppel, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(url, KEY, "T1")
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", f"{OTHER_KEY},{KEY}")
    # Two tokens, and the mark of the database.
    assert "first key: 3." in koppel("keys", "rotate", "--database", url).output
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", OTHER_KEY)
    assert koppel("keys", "rotate", "--database", url).exit_code == 0
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", KEY)
    result = koppel("keys", "rotate", "--database", url)
    assert result.exit_code == 2
    assert "No key in KOPPEL_SECRET_KEYS" in result.output
    assert "put the former key back, behind the first. Nothing was changed." in result.output


def test_rotating_without_a_key_in_the_settings_takes_the_file_beside_the_database(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOPPEL_SECRET_KEYS")
    assert koppel("keys", "rotate").exit_code == 0
    file = Path("data/koppel.key")
    former = file.read_text(encoding="utf-8")
    file.write_text(f"{OTHER_KEY}\n{former}", encoding="utf-8")
    assert "first key: 1." in koppel("keys", "rotate").output
    file.write_text(former, encoding="utf-8")
    result = koppel("keys", "rotate")
    assert (result.exit_code, "No key in data/koppel.key" in result.output) == (2, True)


def test_a_lost_key_is_missed_at_once_and_no_other_is_made(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOPPEL_SECRET_KEYS")
    assert koppel("keys", "rotate").exit_code == 0
    file = Path("data/koppel.key")
    kept = file.read_text(encoding="utf-8")
    file.unlink()
    for command in (["run"], ["keys", "rotate"], ["export", "--programme", "x", "--out", "o"]):
        result = koppel(*command)
        assert (result.exit_code, result.output.count("\n")) == (2, 1)
        assert "data/koppel.key is not there" in result.output
        assert not file.exists()
    file.write_text(kept, encoding="utf-8")
    assert koppel("keys", "rotate").exit_code == 0


def test_a_server_wants_a_key_in_the_settings(
    koppel: Koppel, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOPPEL_SECRET_KEYS")
    koppel("migrate", "--database", empty_url)
    result = koppel("keys", "rotate", "--database", empty_url)
    if empty_url.startswith("sqlite"):
        assert result.exit_code == 0
    else:
        assert (result.exit_code, "koppel keys new" in result.output) == (2, True)


def test_the_manifest_is_printed_for_a_socket_or_for_an_address(koppel: Koppel) -> None:
    socket = json.loads(koppel("manifest", "slack").output)
    assert socket["settings"]["socket_mode_enabled"] is True
    http = json.loads(koppel("manifest", "slack", "--url", "https://koppel.example.com/").output)
    where = http["settings"]["interactivity"]["request_url"]
    assert where == "https://koppel.example.com/slack/events"
    result = koppel("manifest", "slack", "--url", "koppel.example.com")
    assert (result.exit_code, "--url: this must be" in result.output) == (2, True)


# --- Teams ---

URL = "https://koppel.example.com"
NAMED = ("manifest", "teams", "--app-id", APP, "--url", URL)


def told(file: Path) -> dict[str, Any]:
    with ZipFile(file) as package:
        found: dict[str, Any] = json.loads(package.read("manifest.json"))
    return found


def test_the_package_for_teams_is_written_for_the_bot_and_address_that_are_named(
    koppel: Koppel,
) -> None:
    result = koppel("manifest", "teams", "--app-id", APP.upper(), "--url", f"{URL}/")
    assert (result.exit_code, result.output) == (0, "koppel-teams.zip\n")
    found = told(Path("koppel-teams.zip"))
    assert found["bots"][0]["botId"] == APP
    assert (found["developer"]["name"], found["developer"]["privacyUrl"]) == ("Koppel", URL)


def test_what_is_not_named_comes_from_the_settings(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {"KOPPEL_PUBLIC_URL": URL, "KOPPEL_ORGANISATION": "Waterkant"}
    for name, value in {**BOT, **theirs}.items():
        monkeypatch.setenv(name, value)
    assert koppel("manifest", "teams").exit_code == 0
    found = told(Path("koppel-teams.zip"))
    assert (found["bots"][0]["botId"], found["validDomains"]) == (APP, ["koppel.example.com"])
    assert found["developer"]["name"] == "Waterkant"


@pytest.mark.parametrize(
    ("out", "file"),
    [("made/for/it", "made/for/it/koppel-teams.zip"), ("made/app.zip", "made/app.zip")],
)
def test_it_is_written_to_a_folder_or_a_file(out: str, file: str, koppel: Koppel) -> None:
    assert koppel(*NAMED, "--out", out).output == f"{file}\n"
    assert told(Path(file))["bots"]


def test_where_it_cannot_be_written_it_says_so(koppel: Koppel) -> None:
    Path("taken").write_text("a file, and no folder", encoding="utf-8")
    result = koppel(*NAMED, "--out", "taken")
    assert (result.exit_code, "--out: taken" in result.output) == (2, True)


def test_without_a_bot_or_an_address_it_says_where_to_name_them(koppel: Koppel) -> None:
    bare = koppel("manifest", "teams", "--url", URL)
    assert (bare.exit_code, "TEAMS_APP_ID" in bare.output) == (2, True)
    nowhere = koppel("manifest", "teams", "--app-id", APP)
    assert (nowhere.exit_code, "KOPPEL_PUBLIC_URL" in nowhere.output) == (2, True)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--app-id", "koppel", "--app-id: this must be the Microsoft App ID of the bot, a GUID"),
        ("--url", "http://koppel.example.com", "--url: this must be an address such as https://"),
        ("--url", "https://localhost:8080", "--url: this must be an address"),
        ("--url", "https://127.0.0.1", "--url: this must be an address"),
        ("--url", "https://[::1]:8080", "--url: this must be an address"),
        ("--url", "https://koppel.example.com/?a=b", "--url: this must be an address"),
        ("--url", "https://[", "--url: this must be an address"),
        ("--website", "waterkant.example", "--website: this must be an address"),
        ("--privacy", "ftp://waterkant.example", "--privacy: this must be an address"),
        ("--terms", "https://", "--terms: this must be an address"),
        ("--publisher", "x" * 33, "--publisher: Teams takes 32 characters at most"),
        ("--version", "1.2", "--version: this must be three numbers, such as 1.2.3"),
    ],
)
def test_what_teams_would_refuse_is_refused_before(
    option: str, value: str, said: str, koppel: Koppel
) -> None:
    result = koppel(*NAMED, option, value)
    assert (result.exit_code, result.output.startswith(said)) == (2, True), result.output
    assert not Path("koppel-teams.zip").exists()


def test_a_package_can_be_given_a_later_version(koppel: Koppel) -> None:
    koppel(*NAMED, "--version", "1.0.1")
    assert told(Path("koppel-teams.zip"))["version"] == "1.0.1"
