"""Accounts are read from whatever Slack tells of them, be it half of what it promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.core.news import Account, Kind
from bot.platforms.slack.accounts import APART, MOST_WAITS, account, everyone
from tests.slack.fake_slack import FakeSlack, Outcome, limited

NOOR: dict[str, Any] = {
    "id": "W012A3CDE",
    "team_id": "T1",
    "name": "noor",
    "deleted": False,
    "color": "9f69e7",
    "real_name": "Noor de Vries",
    "tz": "Europe/Amsterdam",
    "tz_label": "Central European Time",
    "tz_offset": 3600,
    "profile": {
        "avatar_hash": "ge3b51ca72de",
        "status_text": "",
        "real_name": "Noor de Vries",
        "real_name_normalized": "Noor de Vries",
        "display_name": "noor",
        "title": "Head of R&amp;D",
        "email": "noor@waterkant.example",
        "team": "T1",
    },
    "is_admin": True,
    "is_owner": False,
    "is_primary_owner": False,
    "is_restricted": False,
    "is_ultra_restricted": False,
    "is_bot": False,
    "updated": 1502138686,
    "is_app_user": False,
    "has_2fa": False,
    "locale": "nl-NL",
}
READ = Account(
    user="W012A3CDE",
    name="Noor de Vries",
    email="noor@waterkant.example",
    locale="nl",
    time_zone="Europe/Amsterdam",
    function="Head of R&D",
)


def test_an_account_is_read_as_it_is() -> None:
    assert account(NOOR, "T1") == READ


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ({"is_bot": True}, Kind.BOT),
        ({"id": "USLACKBOT"}, Kind.BOT),
        ({"is_workflow_bot": True}, Kind.BOT),
        ({"is_bot": True, "is_stranger": True}, Kind.BOT),
        ({"is_restricted": True}, Kind.GUEST),
        ({"is_ultra_restricted": True}, Kind.GUEST),
        ({"is_stranger": True}, Kind.STRANGER),
        ({"team_id": "T2"}, Kind.STRANGER),
        ({"team_id": "T2", "is_restricted": True}, Kind.STRANGER),
        ({"team_id": None, "profile": {"team": "T2"}}, Kind.STRANGER),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}}, Kind.EMPLOYEE),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2"]}}, Kind.STRANGER),
        ({"team_id": "T2", "enterprise_user": {"teams": None}}, Kind.STRANGER),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": []}}, Kind.STRANGER),
        ({"team_id": None, "profile": None}, Kind.EMPLOYEE),
        ({"is_restricted": True, "enterprise_user": {"teams": ["T1"]}}, Kind.GUEST),
    ],
)
def test_it_is_known_who_belongs_here(about: dict[str, Any], kind: Kind) -> None:
    assert account({**NOOR, **about}, "T1").kind is kind


def test_in_an_organisation_wide_installation_everybody_of_it_belongs_here() -> None:
    grid = {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}
    assert account({**NOOR, **grid}, "E1").kind is Kind.EMPLOYEE


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"deleted": True}, replace(READ, active=False)),
        ({"is_primary_owner": True}, replace(READ, owner=True)),
        ({"is_owner": True}, READ),  # there may be many of these
        ({"tz": None}, replace(READ, time_zone="")),
        ({"locale": None}, replace(READ, locale="")),
        ({"locale": "en-GB"}, replace(READ, locale="en")),
        ({"locale": "EN_us"}, replace(READ, locale="en")),
        ({"profile": None}, replace(READ, email="", function="")),
        ({"profile": "?"}, replace(READ, email="", function="")),
        ({"profile": {"real_name": "", "team": "T1"}}, replace(READ, email="", function="")),
        (
            {"profile": {"real_name": " \u200b"}, "real_name": None},
            replace(READ, name="noor", email="", function=""),
        ),
        (
            {"profile": {"display_name": "Nootje"}, "real_name": ""},
            replace(READ, name="Nootje", email="", function=""),
        ),
    ],
)
def test_what_is_missing_is_empty(about: dict[str, Any], expected: Account) -> None:
    assert account({**NOOR, **about}, "T1") == expected


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("&lt;!channel&gt;", "<!channel>"),
        ("<!channel>", "<!channel>"),
        ("&amp;lt;", "&lt;"),
        ("  Noor\nde\t Vries\0 ", "Noor de Vries"),
        ("\ud800Noor", "Noor"),
        ("x" * 500, "x" * 199 + "…"),
        (["Noor"], "noor"),
    ],
)
def test_a_name_is_what_was_typed_on_one_line(given: Any, name: str) -> None:
    assert account({**NOOR, "real_name": "", "profile": {"real_name": given}}, "T1").name == name


def test_of_nothing_nothing_is_known() -> None:
    assert account({}, "T1") == Account("")


# --- everybody ---


def reads(*outcomes: Outcome | None, pages: int = 3) -> tuple[FakeSlack, list[str], list[float]]:
    """Who was read, and how long was waited in between."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def whole() -> tuple[FakeSlack, list[str], list[float]]:
        async with FakeSlack("T1") as slack:
            slack.pages = [[{**NOOR, "id": f"U{n}"}, {"name": "?"}] for n in range(pages)]
            slack.script("users.list", *outcomes)
            found: list[str] = []
            async for accounts in everyone(slack.client("T1"), "T1", sleep=sleep):
                found += [one.user for one in accounts]
        return slack, found, waited

    return asyncio.run(whole())


def test_everybody_is_read_page_by_page_slowly_and_with_their_language() -> None:
    slack, found, waited = reads()
    assert found == ["U0", "U1", "U2"]
    assert waited == [APART, APART]
    for said in slack.called("users.list"):
        assert (said["limit"], said["include_locale"]) == ("200", "1")


def test_asked_to_wait_it_waits_and_goes_on_where_it_was() -> None:
    _, found, waited = reads(None, limited(20), limited(5))
    assert found == ["U0", "U1", "U2"]
    assert waited == [APART, 20, 5, APART]


def test_it_does_not_wait_for_ever_and_says_what_went_wrong() -> None:
    for outcomes in ([limited(1)] * (MOST_WAITS + 1), [Outcome("missing_scope")]):
        with pytest.raises(SlackApiError):
            reads(*outcomes)


def test_a_list_that_goes_round_in_circles_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def circle(slack: FakeSlack, team: str, said: dict[str, Any]) -> dict[str, Any]:
        del slack, team, said
        return {"members": None, "response_metadata": {"next_cursor": "again"}}

    monkeypatch.setattr(FakeSlack, "_users_list", circle)
    slack, found, _ = reads()
    assert (found, len(slack.called("users.list"))) == ([], 2)
