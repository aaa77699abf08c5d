"""`koppel check` asks Microsoft, and says in one line each what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.core.news import Account, AccountsSeen, Installed, Uninstalled
from bot.platforms.teams import checkup
from bot.settings import load
from storage import accounts, organisations, workspaces
from storage.models import Workspace
from storage.people import Defaults
from tests import sealed
from tests.cli.command import Koppel
from tests.teams.fake_microsoft import FakeMicrosoft, fake_microsoft
from tests.teams.test_settings import APP, BOT, MANAGED, PASSWORD, SLACK, TENANT

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
REACHED = {"KOPPEL_PUBLIC_URL": "https://koppel.example.com"}
ENDPOINT = (
    "✓ teams messaging endpoint: https://koppel.example.com/api/messages; it must stand so under "
    "Configuration of your Azure Bot"
)


@pytest.fixture
def microsoft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMicrosoft]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    with fake_microsoft(tmp_path) as fake:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", fake.certificate)
        yield fake


@pytest.fixture(autouse=True)
def nobody_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real Microsoft is never asked: it is behind a proxy that is not there."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def said(monkeypatch: pytest.MonkeyPatch, fake: FakeMicrosoft, **names: str) -> list[str]:
    """What the check-up says with these settings."""
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    found = checkup.findings(load(), fake.url)
    lines = [f"{'✓' if each.good else '✗'} {each.words}" for each in found]
    assert PASSWORD not in " ".join(lines)
    return lines


def test_everything_in_order(microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said(monkeypatch, microsoft, **BOT, **REACHED)
    assert lines == [f"✓ teams: Microsoft lets the bot {APP} in", ENDPOINT]
    [asked] = microsoft.asked
    assert asked["scope"] == ["https://api.botframework.com/.default"]
    assert (asked["client_id"], asked["client_secret"]) == ([APP], [PASSWORD])


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("7000215", "TEAMS_APP_PASSWORD: Microsoft does not take this secret; copy the Value (not"),
        ("7000222", "TEAMS_APP_PASSWORD: this secret has expired; make a new one"),
        ("700016", "TEAMS_APP_ID: there is no such app in this tenant; both ids stand under"),
        (
            "7000229",
            "TEAMS_APP_ID: the app has no enterprise application in this tenant yet; make",
        ),
        ("7000112", "TEAMS_APP_ID: the app is switched off"),
        ("90002", "TEAMS_TENANT_ID: Microsoft knows no such tenant"),
        ("53003", "teams: an access rule (Conditional Access) of your tenant"),
        ("90055", "teams: Microsoft asks us to wait"),
        ("123456", "teams: Microsoft says AADSTS123456; https://login.microsoftonline.com/error?"),
    ],
)
def test_whatever_microsoft_refuses_is_one_clear_line(
    code: str, remedy: str, microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    microsoft.refuses(code, f"Something about {PASSWORD}.")
    line, _ = said(monkeypatch, microsoft, **BOT, **REACHED)
    assert line.startswith(f"✗ {remedy}")


def test_the_command_that_makes_an_enterprise_application_names_the_app(
    microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    microsoft.refuses("7000229")
    assert said(monkeypatch, microsoft, **BOT)[0].endswith(f"az ad sp create --id {APP}")


def test_a_tenant_that_microsoft_does_not_know_is_named_as_such(
    microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = f"AADSTS90002: Tenant '{TENANT}' not found."
    microsoft.about_tenant = (400, {"error": "invalid_tenant", "error_description": described})
    assert (
        "✗ TEAMS_TENANT_ID: Microsoft knows no such tenant"
        in said(monkeypatch, microsoft, **BOT)[0]
    )


@pytest.mark.parametrize("answer", [(200, "<html>Sign in to the guest network</html>"), (407, "")])
def test_what_is_not_microsoft_is_not_taken_for_it(
    answer: tuple[int, str], microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    microsoft.about_tenant = answer
    [line, _] = said(monkeypatch, microsoft, **BOT)
    assert f"✗ teams: Microsoft does not answer at {microsoft.url}/{TENANT}" in line
    assert "what answers there is not Microsoft" in line


@pytest.mark.parametrize("answer", [(503, "busy"), (200, "<html>"), (200, {})])
def test_an_answer_without_a_token_or_a_reason_is_told_too(
    answer: tuple[int, object], microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    microsoft.answer = answer
    assert said(monkeypatch, microsoft, **BOT)[0].startswith("✗ teams: Microsoft does not ")


def test_without_a_network_the_address_is_named(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**BOT, **REACHED}.items():
        monkeypatch.setenv(name, value)
    result = koppel("check")
    assert (result.exit_code, PASSWORD in result.output) == (1, False)
    lines = [line for line in result.output.splitlines() if "teams" in line.casefold()]
    platform, line, endpoint = lines
    assert (platform, endpoint) == ("✓ platform: Teams", ENDPOINT)
    where = f"https://login.microsoftonline.com/{TENANT}"
    assert line.startswith(f"✗ teams: Microsoft does not answer at {where} (ProxyError)")


def test_a_managed_identity_cannot_be_looked_at_from_here(
    microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, endpoint = said(monkeypatch, microsoft, **MANAGED, **REACHED)
    assert line.startswith("✓ teams: as a managed identity")
    assert "cannot be looked at from here" in line
    assert (endpoint, microsoft.asked) == (ENDPOINT, [])


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("", "this is missing; set the https address under which Teams reaches this server"),
        (
            "http://127.0.0.1:8080",
            "Teams speaks to https only; put a proxy with a certificate there",
        ),
    ],
)
def test_an_address_that_teams_cannot_call_is_named(
    url: str, remedy: str, microsoft: FakeMicrosoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = said(monkeypatch, microsoft, **BOT, KOPPEL_PUBLIC_URL=url)[1]
    assert line.startswith(f"✗ KOPPEL_PUBLIC_URL: {remedy}")


def test_in_the_playground_microsoft_is_not_asked_and_no_address_is_needed(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAMS_PLAYGROUND", "true")
    result = koppel("check")
    assert result.exit_code == 0, result.output
    assert "✓ teams: only the Agents Playground on this machine" in result.output


def test_the_platforms_that_are_set_up_are_named(
    koppel: Koppel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "✓ platform: the simulated workspace" in koppel("check").output
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    for name, value in {**SLACK, "TEAMS_PLAYGROUND": "true"}.items():
        monkeypatch.setenv(name, value)
    assert "✓ platform: Slack and Teams" in koppel("check").output


# --- the tenant, once it has met the bot ---


class Tenant:
    """Waterkant's, in which Noor works, and what the check says of it."""

    def __init__(self, koppel: Koppel, url: str) -> None:
        self._koppel, self._url = koppel, url

    @contextmanager
    def _session(self) -> Iterator[Session]:
        database = sealed.opened(self._url)
        with database.transaction() as session:
            yield session
        database.close()

    def meets_koppel(self, admin: str = "") -> None:
        noor = Account("29:1", "Noor", "noor@example.com")
        with self._session() as session:
            workspaces.installed(session, Installed("teams", TENANT, name="Waterkant"), "", NOW)
            accounts.learn(session, AccountsSeen("teams", TENANT, (noor,)), Defaults(), NOW)
            workspaces.installed(session, Installed("teams", TENANT, admin=admin), "", NOW)

    def removes_koppel(self) -> None:
        with self._session() as session:
            workspaces.gone(session, Uninstalled("teams", TENANT), NOW)

    @property
    def is_told(self) -> list[str]:
        lines = self._koppel("check", "--database", self._url).output.splitlines()
        return [line for line in lines if "tenant" in line or "administrator" in line]


@pytest.fixture
def tenant(koppel: Koppel, url: str, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    for name, value in {**MANAGED, **REACHED}.items():
        monkeypatch.setenv(name, value)
    return Tenant(koppel, url)


def test_a_tenant_that_has_not_met_koppel_yet_is_told_how_to(tenant: Tenant) -> None:
    assert tenant.is_told == [
        f"✓ teams tenant {TENANT}: nobody has met Koppel yet; upload the app and add it (koppel "
        "manifest teams)"
    ]


def test_once_it_has_met_koppel_and_has_an_administrator_that_is_all(tenant: Tenant) -> None:
    tenant.meets_koppel(admin="noor@example.com")
    assert tenant.is_told == [f"✓ teams tenant {TENANT}: has met Koppel"]


@pytest.mark.parametrize(
    ("named", "remedy"),
    [
        ("", "nobody yet; name one in KOPPEL_ADMIN and restart"),
        (APP, "nobody yet fits KOPPEL_ADMIN; see that it is the address, or the user id, of an"),
    ],
)
def test_where_nobody_is_administrator_it_says_what_to_do(
    named: str, remedy: str, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.meets_koppel()
    monkeypatch.setenv("KOPPEL_ADMIN", named)
    _, line = tenant.is_told
    assert line.startswith(f"✗ administrator of Waterkant: {remedy}")


def test_a_tenant_that_removed_koppel_is_told_so(tenant: Tenant) -> None:
    tenant.meets_koppel()
    tenant.removes_koppel()
    assert tenant.is_told == [
        f"✓ teams tenant {TENANT}: Koppel was removed; add the app again to go on"
    ]


def test_an_employer_in_slack_and_in_teams_is_told_of_once(
    tenant: Tenant, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant.meets_koppel()
    database = sealed.opened(url)
    with database.transaction() as session:
        [waterkant] = organisations.at(session, "teams")
        session.add(Workspace(organisation_id=waterkant.id, platform="slack", external="T1"))
    database.close()
    for name, value in {**SLACK, "SLACK_API_URL": "http://127.0.0.1:9/api/"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KOPPEL_ADMIN", "bram@example.com")
    _, line = tenant.is_told
    assert "of an employee as Slack or Teams knows them, and restart" in line
