"""`koppel check` tells where nobody is administrator, and whose people were imported elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.core.news import Account, AccountsSeen, Installed
from storage import accounts, workspaces
from storage.models import Organisation, Person
from storage.people import Defaults
from tests import sealed
from tests.cli.command import Koppel
from tests.cli.test_check_slack import LET_IN, ONE, SEVERAL
from tests.slack.conftest import slack as slack
from tests.slack.fake_api import FakeSlack

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def found(koppel: Koppel, slack: FakeSlack, url: str, monkeypatch: pytest.MonkeyPatch) -> Checked:
    slack.answers = {"auth.test": LET_IN, "api.test": {"ok": True}}
    monkeypatch.setenv("SLACK_API_URL", slack.url)
    return Checked(koppel, url, monkeypatch)


class Checked:
    """A workspace in which Noor works, and what the check says of it."""

    def __init__(self, koppel: Koppel, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._koppel, self._url, self._monkeypatch = koppel, url, monkeypatch

    def tells(self, about: str, settings: dict[str, str], admin: str = "") -> list[str]:
        database = sealed.opened(self._url)
        noor = Account("U1", "Noor", "noor@example.com")
        with database.transaction() as session:
            news = Installed("slack", "T1", name="Polder")
            workspaces.installed(session, news, "", NOW)
            accounts.learn(session, AccountsSeen("slack", "T1", (noor,)), Defaults(), NOW)
            workspaces.installed(session, Installed("slack", "T1", admin=admin), "", NOW)
        database.close()
        for name, value in settings.items():
            self._monkeypatch.setenv(name, value)
        lines = self._koppel("check", "--database", self._url).output.splitlines()
        return [line for line in lines if about in line]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (ONE, "nobody yet; name one in KOPPEL_ADMIN and restart"),
        (ONE | {"KOPPEL_ADMIN": "nor@example.com"}, "nobody yet fits KOPPEL_ADMIN; see that"),
        (SEVERAL, "install again at https://koppel.example.com/slack/install"),
    ],
)
def test_where_nobody_is_administrator_it_says_what_to_do(
    found: Checked, settings: dict[str, str], said: str
) -> None:
    [line] = found.tells("administrator", settings, admin="nor@example.com")
    assert line.startswith("✗ administrator of Polder: ")
    assert said in line
    assert "example.com" not in line.replace("koppel.example.com", "")


def test_of_an_administrator_who_is_there_nothing_is_said(found: Checked) -> None:
    assert found.tells("administrator", ONE, admin="noor@example.com") == []


def test_people_who_were_imported_into_an_organisation_without_a_workspace_are_told_of(
    found: Checked, url: str
) -> None:
    database = sealed.opened(url)
    with database.transaction() as session:
        waterkant = Organisation(name="Waterkant")
        session.add(waterkant)
        session.flush()
        for user in ("noor", "mo", "bo"):
            session.add(Person(organisation_id=waterkant.id, email=f"{user}@example.com"))
    [line] = found.tells("organisation", ONE, admin="U1")
    assert line == (
        "✗ organisation Waterkant: it has no workspace, so 2 of its people will not be recognised; "
        "import them again with --organisation 'Polder'"
    )
    with database.transaction() as session:
        [polder] = session.exec(select(Organisation).where(Organisation.name == "Polder"))
        for user in ("mo", "bo"):
            session.add(Person(organisation_id=polder.id, email=f"{user}@example.com"))
    database.close()
    assert found.tells("organisation", ONE) == []
