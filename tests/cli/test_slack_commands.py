"""`koppel keys` and `koppel manifest`: what whoever connects Slack types."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.platforms.slack.installations import Installations
from storage.database import Database
from storage.sealing import Seal
from tests.cli.command import Koppel
from tests.slack.installing import KEY, OTHER_KEY, installation


def test_a_new_key_can_be_used_at_once(koppel: Koppel, monkeypatch: pytest.MonkeyPatch) -> None:
    key = koppel("keys", "new").output.strip()
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", key)
    result = koppel("keys", "rotate")
    assert (result.exit_code, result.output.startswith("0 secrets")) == (0, True)


def stored(url: str, key: str, team: str) -> None:
    database = Database(url)
    asyncio.run(Installations(database, "12.34", Seal([key])).async_save(installation(team)))
    database.close()


def test_rotating_seals_with_the_first_key_and_says_how_many(
    koppel: Koppel, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(url, KEY, "T1")
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", f"{OTHER_KEY},{KEY}")
    assert "2 secrets are now sealed" in koppel("keys", "rotate", "--database", url).output
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", OTHER_KEY)
    assert koppel("keys", "rotate", "--database", url).exit_code == 0
    monkeypatch.setenv("KOPPEL_SECRET_KEYS", KEY)
    result = koppel("keys", "rotate", "--database", url)
    assert result.exit_code == 1
    assert "Workspaces: T1. Nothing was changed." in result.output


def test_rotating_without_a_key_says_what_is_missing(koppel: Koppel) -> None:
    result = koppel("keys", "rotate")
    assert (result.exit_code, "KOPPEL_SECRET_KEYS is not set" in result.output) == (2, True)


def test_the_manifest_is_printed_for_a_socket_or_for_an_address(koppel: Koppel) -> None:
    socket = json.loads(koppel("manifest", "slack").output)
    assert socket["settings"]["socket_mode_enabled"] is True
    http = json.loads(koppel("manifest", "slack", "--url", "https://koppel.example.com/").output)
    where = http["settings"]["interactivity"]["request_url"]
    assert where == "https://koppel.example.com/slack/events"
    result = koppel("manifest", "slack", "--url", "koppel.example.com")
    assert (result.exit_code, "--url: this must be" in result.output) == (2, True)
