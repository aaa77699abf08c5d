"""What Teams refuses is told as what it is; nothing is sent in the open, and no token for nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.core.platform import Refused, TryLater, Unreachable, Unsure
from bot.platforms.teams import transport
from bot.platforms.teams.connector import TRIES, Connector
from bot.platforms.teams.failures import Misdrawn, NotArrived, Throttled, TooBig
from bot.platforms.teams.tokens import SCOPE, Credentials
from storage.models import ConversationKind
from storage.teams import Reference
from tests.teams.fake_connector import (
    BAD_GATEWAY,
    BLOCKED,
    BUSY,
    DROPPED,
    DROPPED_AFTER,
    FakeConnector,
    Outcome,
    limited,
)
from tests.teams.test_connector import HELLO, POST, tell
from tests.virtual_time import Time

# --- when it goes wrong ---


async def fail(teams: FakeConnector, connector: Connector, *outcomes: Outcome) -> Exception:
    teams.script(POST, *outcomes)
    with pytest.raises(Exception) as caught:
        await connector.send(teams.personal("noor"), HELLO)
    assert isinstance(caught.value, Exception)
    return caught.value


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (BLOCKED, Unreachable),
        (Outcome(404, "ConversationNotFound"), Unreachable),
        (Outcome(400, "BadSyntax"), Misdrawn),
        (Outcome(413, "MessageSizeTooBig"), TooBig),
        (Outcome(401, "Unauthorized"), Refused),
        (limited(9), Throttled),
        (limited(), Throttled),
        (BAD_GATEWAY, Unsure),
        (Outcome(502, "ServiceError", after=True), Unsure),
        (Outcome(504, text=""), Unsure),
        (Outcome(503, text=""), NotArrived),
        (Outcome(200, text="<html>please log in</html>"), Unsure),
        (DROPPED, Unsure),
        (DROPPED_AFTER, Unsure),
    ],
)
def test_a_letter_is_asked_once_and_its_end_told(outcome: Outcome, kind: type[Exception]) -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        assert type(await fail(teams, connector, outcome)) is kind
        assert len(teams.called(POST)) == 1

    tell(story)


def test_a_conversation_in_which_much_happens_is_tried_again_at_once() -> None:
    time = Time()

    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.script(POST, BUSY, BUSY)
        await connector.send(teams.personal("noor"), HELLO)
        assert teams.stands("a:noor") == ["hello"]
        assert len(time.slept) == 2 and sum(time.slept) < 2
        teams.always(POST, BUSY)
        assert type(await fail(teams, connector)) is NotArrived
        assert len(teams.called(POST)) == 3 + TRIES

    tell(story, time)


@pytest.mark.parametrize(
    "outcome", [BUSY, limited(2), limited(), BAD_GATEWAY, Outcome(503, text=""), Outcome(504)]
)
def test_an_answer_to_somebody_who_waits_is_tried_a_few_times(outcome: Outcome) -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.script(POST, outcome, outcome)
        await connector.send(teams.personal("noor"), HELLO, patient=True)
        assert len(teams.called(POST)) == 3

    tell(story)


def test_a_wait_that_teams_asks_for_is_kept_and_no_longer_than_there_is_patience() -> None:
    time = Time()

    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.script("GET", limited(3), limited(4))
        await connector.member(teams.personal("noor"), "29:noor")
        assert time.slept == [3, 4]
        teams.script("GET", limited(60))
        with pytest.raises(TryLater) as caught:
            await connector.member(teams.personal("noor"), "29:noor")
        assert caught.value.wait.total_seconds() == 60
        assert sum(time.slept) < 8

    tell(story, time)


def test_a_server_that_says_nothing_is_not_waited_for_long() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        assert type(await fail(teams, connector, Outcome(hang=True))) is Unsure
        teams.script("GET", Outcome(hang=True))
        with pytest.raises(NotArrived):
            await connector.member(teams.personal("noor"), "29:noor")

    tell(story, within=0.2)


def test_a_server_that_nobody_reaches_got_nothing() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        nowhere = replace(teams.personal("noor"), service_url="http://127.0.0.1:9/teams/")
        with pytest.raises(NotArrived):
            await connector.send(nowhere, HELLO)

    tell(story)


def test_a_redirect_is_not_followed() -> None:
    async def story(teams: FakeConnector, connector: Connector) -> None:
        elsewhere = Outcome(307, location=f"{teams.service}v3/elsewhere")
        assert type(await fail(teams, connector, elsewhere)) is NotArrived
        assert teams.called("elsewhere") == []

    tell(story)


# --- tokens ---


class Tokens:
    """Gives `token-1`, `token-2` and so on."""

    def __init__(self) -> None:
        self.fetches = 0

    def fetch(self) -> dict[str, Any]:
        self.fetches += 1
        return {"access_token": f"token-{self.fetches}", "expires_in": 3_600}

    def __call__(self) -> Credentials:
        return Credentials("app", SCOPE, self.fetch)


@pytest.mark.parametrize(
    "url",
    [
        "http://smba.trafficmanager.net/emea/",
        "http://127.0.0.1:3978/",
        "ftp://smba.trafficmanager.net/",
        "https://name@evil.example/",
        "https://smba.trafficmanager.net?x=/",
        "https://smba.trafficmanager.net/{0}/",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_token_never_leaves_in_the_open(url: str) -> None:
    tokens = Tokens()

    async def story(_teams: FakeConnector, connector: Connector) -> None:
        with pytest.raises(NotArrived):
            await connector.send(Reference("a:noor", ConversationKind.PERSONAL, url), HELLO)
        assert tokens.fetches == 0

    tell(story, credentials=tokens)


@pytest.mark.parametrize("url", ["http://10.0.0.1:3978/", "http://localhost.evil.example/"])
def test_in_the_playground_only_this_machine_is_spoken_to(url: str) -> None:
    async def story(_teams: FakeConnector, connector: Connector) -> None:
        with pytest.raises(NotArrived):
            await connector.send(Reference("a:noor", ConversationKind.PERSONAL, url), HELLO)

    tell(story)


@pytest.fixture
def any_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if loopback were https: nobody has a certificate for it."""
    monkeypatch.setattr(transport, "_SAFE", transport._HERE)


@pytest.mark.usefixtures("any_url")
def test_a_hundred_messages_take_one_token() -> None:
    tokens = Tokens()

    async def story(teams: FakeConnector, connector: Connector) -> None:
        people = [teams.personal(f"person{n}") for n in range(100)]
        await asyncio.gather(*(connector.send(person, HELLO) for person in people))
        assert {call.token for call in teams.calls} == {"Bearer token-1"}
        assert tokens.fetches == 1

    tell(story, credentials=tokens)


@pytest.mark.usefixtures("any_url")
def test_a_token_that_is_not_taken_is_replaced_once() -> None:
    tokens = Tokens()

    async def story(teams: FakeConnector, connector: Connector) -> None:
        teams.script(POST, Outcome(401, "Unauthorized"))
        await connector.send(teams.personal("noor"), HELLO)
        assert [call.token for call in teams.calls] == ["Bearer token-1", "Bearer token-2"]
        unwanted = Outcome(401, "BotNotRegistered")
        assert type(await fail(teams, connector, unwanted, unwanted)) is Refused
        assert len(teams.calls) == 4

    tell(story, credentials=tokens)


@pytest.mark.usefixtures("any_url")
def test_without_a_token_nothing_is_sent() -> None:
    def refuse() -> dict[str, Any]:
        return {"error": "invalid_client"}

    async def story(teams: FakeConnector, connector: Connector) -> None:
        with pytest.raises(Refused):
            await connector.send(teams.personal("noor"), HELLO)
        assert teams.calls == []

    tell(story, credentials=lambda: Credentials("app", SCOPE, refuse))
