"""`koppel check` asks Slack, and says in one line each what to do."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.news import Installed
from bot.platforms.slack import scopes
from bot.platforms.slack.installations import Installations
from storage import workspaces
from storage.models import WorkspaceState
from storage.sealing import Seal
from tests import sealed
from tests.cli.command import Koppel
from tests.slack.conftest import slack as slack
from tests.slack.fake_api import FakeSlack
from tests.slack.installing import KEY, OTHER_KEY, installation

LET_IN = {"ok": True, "team": "Waterkant", "team_id": "T1", "user": "koppel", "bot_id": "B1"}
SECRET = "geheim0123"


def checked(
    koppel: Koppel,
    fake: FakeSlack,
    monkeypatch: pytest.MonkeyPatch,
    *words: str,
    **settings: str,
) -> tuple[int, list[str]]:
    """How the check ended, and what it said of Slack."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SLACK_API_URL", fake.url)
    result = koppel("check", *words)
    assert SECRET not in result.output
    lines = result.output.splitlines()
    return result.exit_code, [line for line in lines if "slack" in line or "SLACK" in line]


ONE = {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}", "SLACK_SIGNING_SECRET": SECRET}
SOCKET = {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}", "SLACK_APP_TOKEN": f"xapp-{SECRET}"}
SEVERAL = {
    "SLACK_CLIENT_ID": "12.34",
    "SLACK_CLIENT_SECRET": SECRET,
    "SLACK_SIGNING_SECRET": SECRET,
    "KOPPEL_SECRET_KEYS": KEY,
    "KOPPEL_PUBLIC_URL": "https://koppel.example.com",
}


def test_everything_in_order(
    koppel: Koppel, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.answers = {"auth.test": LET_IN, "apps.connections.open": {"ok": True, "url": "wss://x"}}
    slack.headers["auth.test"] = {"x-oauth-scopes": ",".join([*scopes.BOT, "reactions:read"])}
    assert checked(koppel, slack, monkeypatch, **SOCKET) == (
        0,
        [
            "✓ slack: lets us in as koppel, workspace Waterkant (T1)",
            "✓ slack rights: all that are needed",
            "✓ slack socket: it opens",
        ],
    )
    assert [fields["token"] for _, fields in slack.calls] == [f"xoxb-{SECRET}", f"xapp-{SECRET}"]


@pytest.mark.parametrize(
    ("granted", "remedy"),
    [
        (set(scopes.BOT) - {"channels:read"}, "add channels:read under OAuth & Permissions"),
        ({*scopes.BOT, "channels:history"}, "take channels:history away"),
    ],
)
def test_a_right_too_few_or_one_too_many_is_named_with_the_remedy(
    granted: set[str],
    remedy: str,
    koppel: Koppel,
    slack: FakeSlack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slack.answers["auth.test"] = LET_IN
    slack.headers["auth.test"] = {"x-oauth-scopes": ", ".join(granted)}
    code, lines = checked(koppel, slack, monkeypatch, **ONE)
    assert (code, remedy in lines[-1], "reinstall" in lines[-1]) == (1, True, True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("invalid_auth", "Slack does not know this token; copy it anew from OAuth & Permissions"),
        ("token_revoked", "this token was revoked; install the app again"),
        ("account_inactive", "the app was removed from the workspace"),
        ("ratelimited", "Slack asks us to wait"),
        ("something_new", "Slack says something_new"),
    ],
)
def test_a_token_that_slack_refuses_is_one_clear_line(
    error: str, said: str, koppel: Koppel, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.answers["auth.test"] = {"ok": False, "error": error}
    code, (line,) = checked(koppel, slack, monkeypatch, **ONE)
    assert code == 1
    assert line.startswith(f"✗ SLACK_BOT_TOKEN: {said}")


def test_an_app_token_without_its_right_is_named(
    koppel: Koppel, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: dict[str, Any] = {"ok": False, "error": "missing_scope"}
    slack.answers = {"auth.test": LET_IN, "apps.connections.open": refused}
    code, lines = checked(koppel, slack, monkeypatch, **SOCKET)
    assert code == 1
    assert lines[-1].startswith("✗ SLACK_APP_TOKEN: this token lacks the right connections:write")


@pytest.mark.parametrize("setup", [ONE, SEVERAL])
def test_without_a_network_the_address_is_named(
    setup: dict[str, str], koppel: Koppel, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.url = "http://127.0.0.1:9/api/"
    code, (line,) = checked(koppel, slack, monkeypatch, **setup)
    assert code == 1
    assert "Slack does not answer at http://127.0.0.1:9/api/" in line


def test_a_token_of_the_wrong_kind_is_named_before_anybody_is_asked(
    koppel: Koppel, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = ONE | {"SLACK_BOT_TOKEN": f"xapp-{SECRET}"}
    code, (line,) = checked(koppel, slack, monkeypatch, **wrong)
    assert code == 1
    assert "this is an app-level token; the bot's token starts with xoxb-" in line
    assert slack.calls == []


def test_each_workspace_that_installed_the_bot_is_told_of(
    koppel: Koppel, slack: FakeSlack, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.answers["api.test"] = {"ok": True}
    database = sealed.opened(url)
    every = ",".join(scopes.BOT)

    async def install() -> None:
        ours = Installations(database, "12.34", Seal([KEY]))
        lost = Installations(database, "12.34", Seal([OTHER_KEY]))
        await ours.async_save(installation("T1", team_name="Good", bot_scopes=every))
        await ours.async_save(installation("T2", team_name="Paused", bot_scopes=every))
        await ours.async_save(installation("T3", team_name="Lacking", bot_scopes="chat:write"))
        await lost.async_save(installation("T4", team_name="Lost", bot_scopes=every))

    asyncio.run(install())
    with database.transaction() as session:
        paused = workspaces.installed(
            session, Installed("slack", "T2", name="Paused"), "", datetime.now(UTC)
        )
        paused.state = WorkspaceState.PAUSED
    database.close()
    code, lines = checked(koppel, slack, monkeypatch, "--database", url, **SEVERAL)
    assert code == 1
    assert [line.partition(";")[0] for line in lines[:4]] == [
        "✓ slack workspace Good (T1): installed",
        f"✗ slack workspace Lacking (T3): it lacks {', '.join(sorted(set(scopes.BOT) - {'chat:write'}))}",
        "✗ slack workspace Lost (T4): no key in KOPPEL_SECRET_KEYS opens its token",
        "✗ slack workspace Paused (T2): paused, Slack refused our token",
    ]
    assert lines[4].startswith("✗ administrator of Paused: nobody")
    assert lines[5] == "✓ slack: answers"


def test_before_anybody_installed_it_the_address_to_do_so_is_told(
    koppel: Koppel, slack: FakeSlack, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.answers["api.test"] = {"ok": True}
    code, lines = checked(koppel, slack, monkeypatch, "--database", url, **SEVERAL)
    assert code == 0
    assert "https://koppel.example.com/slack/install" in lines[0]
