"""Installing by web page: Slack's flow, whoever is welcome, and a kind page whatever happens."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.platforms.slack import oauth, pages, scopes
from bot.platforms.slack import tokens as room
from bot.platforms.slack.installations import States
from storage.database import Database
from tests.slack.fake_api import FakeSlack
from tests.slack.installing import several

GRANTED: dict[str, Any] = {
    "ok": True,
    "app_id": "A1",
    "authed_user": {"id": "UNOOR"},
    "scope": "chat:write,commands",
    "token_type": "bot",
    "access_token": "xoxb-granted",
    "bot_user_id": "U0BOT",
    "team": {"id": "T1", "name": "Water & <kant>"},
    "enterprise": None,
    "is_enterprise_install": False,
}
ANSWERS = {
    "oauth.v2.access": GRANTED,
    "auth.test": {"ok": True, "bot_id": "B1", "team_id": "T1", "url": "https://w.slack.com/"},
    "auth.revoke": {"ok": True, "revoked": True},
}


class Door:
    """The two web addresses, as a browser uses them; who came in is noted."""

    def __init__(self, slack: FakeSlack, database: Database, **decided: Any) -> None:
        slack.answers.update(ANSWERS)
        self.settings = several(slack.url, **decided)
        self.database = database
        self.store = room.installations(self.settings, database)
        found = room.tokens(self.settings, database)
        assert isinstance(found, room.StoredTokens)
        self.tokens = found
        self.heard: list[tuple[str, str, str]] = []
        self.flow = oauth.flow(self.settings, self.store, States(database), found, self.hear)

    async def hear(self, team: str, name: str, user: str) -> None:
        self.heard.append((team, name, user))

    def begin(self, query: str = "") -> tuple[BoltResponse, str, str]:
        """The first page, the state it carries and the cookie it sets."""
        response = asyncio.run(
            self.flow.handle_installation(AsyncBoltRequest(body="", query=query))
        )
        link = re.findall(r'href="([^"]+)"', response.body)[0]
        (state,) = parse_qs(urlsplit(unescape(link)).query)["state"]
        return response, state, str(response.headers["set-cookie"][0]).split(";")[0]

    def back(self, query: str, cookie: str = "") -> BoltResponse:
        """What is seen on coming back from Slack."""
        request = AsyncBoltRequest(body="", query=query, headers={"cookie": cookie})
        return asyncio.run(self.flow.handle_callback(request))

    def install(self) -> BoltResponse:
        _, state, cookie = self.begin()
        return self.back(f"code=1&state={state}", cookie)

    def stored(self) -> bool:
        return asyncio.run(self.store.bot_of("T1")) is not None


def well_dressed(response: BoltResponse) -> None:
    """In both languages, never kept, and without anything of the machine room."""
    assert 'lang="en"' in response.body
    assert 'lang="nl"' in response.body
    assert response.headers["cache-control"] == ["no-store"]
    assert response.headers["referrer-policy"] == ["no-referrer"]
    assert "script" not in response.body
    assert "Traceback" not in response.body
    assert "xox" not in response.body


def test_the_first_page_leads_to_slack_with_our_scopes_and_a_state_of_this_browser(
    slack: FakeSlack, database: Database
) -> None:
    door = Door(slack, database)
    response, state, cookie = door.begin()
    well_dressed(response)
    link = unescape(re.findall(r'href="([^"]+)"', response.body)[0])
    assert link.startswith(slack.url.replace("/api/", "/oauth/v2/authorize?"))
    asked = parse_qs(urlsplit(link).query)
    assert asked["scope"] == [",".join(scopes.BOT)]
    assert asked["redirect_uri"] == ["https://koppel.example.com/slack/oauth_redirect"]
    assert "user_scope" not in asked
    assert state in cookie


def test_who_installs_is_welcomed_stored_and_heard_of(slack: FakeSlack, database: Database) -> None:
    door = Door(slack, database)
    response = door.install()
    assert response.status == 200
    well_dressed(response)
    assert "Welkom! Koppel is nu in Water &amp; &lt;kant&gt;" in response.body
    assert "https://slack.com/app_redirect?app=A1&amp;team=T1" in response.body
    assert door.heard == [("T1", "Water & <kant>", "UNOOR")]
    assert asyncio.run(door.tokens.token("T1")) == "xoxb-granted"
    assert "Max-Age=0" in str(response.headers["set-cookie"]) or "1970" in str(response.headers)


def test_bolt_takes_the_flow_and_asks_us_who_it_is(slack: FakeSlack, database: Database) -> None:
    door = Door(slack, database)
    app = AsyncApp(signing_secret="geheim", oauth_flow=door.flow)
    assert app.oauth_flow is door.flow
    assert app._async_authorize is door.flow.settings.authorize
    assert isinstance(app._async_authorize, room.Authorize)


@pytest.mark.parametrize("wrong", ["cookie", "state", "again"])
def test_a_state_that_is_not_this_browsers_stores_nothing(
    wrong: str, slack: FakeSlack, database: Database
) -> None:
    door = Door(slack, database)
    _, state, cookie = door.begin()
    if wrong == "again":
        asyncio.run(States(database).async_consume(state))
    query = "code=1&state=" + ("stolen" if wrong == "state" else state)
    response = door.back(query, "" if wrong == "cookie" else cookie)
    assert response.status in (400, 401)
    well_dressed(response)
    assert "Let us try that once more" in response.body
    assert slack.calls == []
    assert not door.stored()


def test_whoever_changes_their_mind_is_told_that_nothing_changed(
    slack: FakeSlack, database: Database
) -> None:
    response = Door(slack, database).back("error=access_denied")
    well_dressed(response)
    assert "nothing has changed" in response.body


def test_what_a_stranger_writes_into_the_address_cannot_draw_on_the_page(
    slack: FakeSlack, database: Database
) -> None:
    response = Door(slack, database).back("error=%3Cimg+src%3Dx%3E%7Bbody%7D")
    well_dressed(response)
    assert "&lt;img src=x&gt;{body}" in response.body
    assert "<img" not in response.body


def test_a_workspace_that_is_not_listed_is_refused_kindly_and_its_token_given_back(
    slack: FakeSlack, database: Database
) -> None:
    door = Door(slack, database, workspaces=("T2",))
    response = door.install()
    assert response.status == 403
    well_dressed(response)
    assert "does not serve Water &amp; &lt;kant&gt;" in response.body
    assert slack.calls[-1] == ("auth.revoke", {"token": "xoxb-granted"})
    assert not door.stored()
    assert door.heard == []


def test_a_listed_workspace_is_welcome(slack: FakeSlack, database: Database) -> None:
    door = Door(slack, database, workspaces=("T2", "T1"))
    assert door.install().status == 200
    assert door.stored()


def test_a_whole_organisation_at_once_is_asked_to_choose_a_workspace(
    slack: FakeSlack, database: Database
) -> None:
    door = Door(slack, database)
    organisation = {"is_enterprise_install": True, "team": None, "enterprise": {"id": "E1"}}
    slack.answers["oauth.v2.access"] = GRANTED | organisation
    response = door.install()
    assert response.status == 403
    well_dressed(response)
    assert "choose one workspace" in response.body
    assert slack.methods()[-1] == "auth.revoke"
    assert asyncio.run(door.store.async_find_bot(enterprise_id="E1", team_id=None)) is None
    assert door.heard == []


def test_a_workspace_of_an_enterprise_is_welcome(slack: FakeSlack, database: Database) -> None:
    door = Door(slack, database)
    slack.answers["oauth.v2.access"] = GRANTED | {"enterprise": {"id": "E1", "name": "Polder"}}
    assert door.install().status == 200
    assert asyncio.run(door.tokens.token("T1")) == "xoxb-granted"


def test_a_code_that_slack_does_not_know_begins_again(slack: FakeSlack, database: Database) -> None:
    door = Door(slack, database)
    slack.answers["oauth.v2.access"] = {"ok": False, "error": "invalid_code"}
    response = door.install()
    well_dressed(response)
    assert "Let us try that once more" in response.body
    assert not door.stored()


@pytest.mark.parametrize("broken", ["database", "callback", "network"])
def test_whatever_breaks_gives_a_page_with_a_word_that_is_in_the_log(
    broken: str,
    slack: FakeSlack,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    door = Door(slack, database)

    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError("xoxb-granted is secret")

    where = {
        "database": (door.store, "async_save"),
        "callback": (door, "hear"),
        "network": (door.flow.client, "oauth_v2_access"),
    }[broken]
    monkeypatch.setattr(*where, fails)
    if broken == "callback":
        door.flow = oauth.flow(
            door.settings, door.store, States(database), door.tokens, fails_to_hear
        )
    response = door.install()
    assert response.status == 500
    well_dressed(response)
    (reference,) = re.findall(r"<small>([0-9A-F]{6})</small>", response.body)
    logged = capsys.readouterr().out
    assert reference in logged
    assert "xoxb" not in logged


async def fails_to_hear(team: str, name: str, user: str) -> None:
    raise RuntimeError(team + name + user)


@pytest.mark.parametrize("what", sorted(pages._WORDS))
def test_every_page_says_something_in_both_languages(what: str) -> None:
    shown = pages.page(what, link="https://slack.com/", name="<b>Waterkant</b>", detail="<i>")
    assert "<b>" not in shown
    assert "<i>" not in shown
    english, dutch = re.findall(r'<section lang="..">(.+?)</section>', shown)
    assert english != dutch
    assert "{" not in english + dutch
