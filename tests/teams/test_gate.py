"""Who is let in: Microsoft's service, with a passport for this bot, and nobody else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from botframework.connector.auth import PasswordServiceClientCredentialFactory

from bot.platforms.teams.door import LARGEST, Door
from bot.platforms.teams.gate import Gate
from bot.platforms.teams.keys import Keys, fetched
from tests.teams import passports
from tests.teams.passports import APP, SERVICE, Json, Office, office, token

ACTIVITY: Json = {
    "type": "message",
    "id": "1",
    "channelId": "msteams",
    "serviceUrl": SERVICE,
    "text": "hoi",
    "conversation": {"id": "a:1"},
}


class Entrance:
    """The bot's address, and what came through it."""

    def __init__(self, url: str, http: ClientSession, office: Office) -> None:
        self._url, self._http, self.office = url, http, office
        self.heard: list[Json] = []

    async def gets(
        self,
        passport: str | None,
        body: Any = ACTIVITY,
        extra: Mapping[str, str] = MappingProxyType({}),
        **more: Any,
    ) -> tuple[int, str]:
        headers = {"Authorization": passport} if passport is not None else {}
        headers |= extra
        given = {"json": body} if "data" not in more else {}
        async with self._http.post(self._url, headers=headers, **given, **more) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def entrance(
    answer: Json | None = None, app_id: str = APP, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[Entrance]:
    async with office() as keys, ClientSession() as http:
        url = f"{keys.url}/metadata"
        credentials = PasswordServiceClientCredentialFactory(app_id, "secret", "a-tenant")
        gate = Gate(credentials, keys_url=url, keys=Keys(url, fetched, clock))
        heard: list[Json] = []

        async def turn(body: Json) -> Json | None:
            heard.append(body)
            return answer

        application = web.Application()
        application.router.add_post("/api/messages", Door(gate, turn).receive)
        async with TestServer(application, host="127.0.0.1") as server:
            found = Entrance(str(server.make_url("/api/messages")), http, keys)
            found.heard = heard
            yield found


def run(story: Callable[[Entrance], Any], **given: Any) -> None:
    async def told() -> None:
        async with entrance(**given) as door:
            await story(door)

    asyncio.run(told())


def test_a_passport_in_order_is_let_in() -> None:
    async def story(door: Entrance) -> None:
        assert await door.gets(token()) == (202, "")
        assert [body["text"] for body in door.heard] == ["hoi"]

    run(story)


@pytest.mark.parametrize(
    "passport",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer garbage",
        "Bearer a.b.c",
        "Basic a29wcGVsOmtvcHBlbA==",
        token().replace("Bearer", "bearer"),
        token() + "x",
        token() + " x",
        token(key="thursday", named="monday"),  # signed by somebody else
        token(named="friday"),  # with a key nobody published
        token(named=""),
        token(iss="https://evil.example"),
        token(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", ver="1.0"),
        token(without=("iss",)),
        token(aud="another-bot"),
        token(aud=[]),
        token(without=("aud",)),
        token(exp=time.time() - 3600),
        token(nbf=time.time() + 3600),
        token(serviceurl="https://evil.example/"),
        token(without=("serviceurl",)),
        token(algorithm="HS256", secret="the public key, as a secret of 32 bytes"),
        token(algorithm="none", secret=""),
    ],
)
def test_any_other_passport_is_refused_without_a_word(passport: str | None) -> None:
    async def story(door: Entrance) -> None:
        assert await door.gets(passport) == (401, "")
        assert door.heard == []

    run(story)


def test_without_an_address_of_the_service_nobody_is_let_in() -> None:
    """The SDK would not compare it with the one in the token, and we would send answers anywhere."""

    async def story(door: Entrance) -> None:
        for given in ({}, {"serviceUrl": None}, {"serviceUrl": ""}, {"serviceUrl": 7}):
            body = {name: value for name, value in ACTIVITY.items() if name != "serviceUrl"}
            status, _ = await door.gets(token(), body | given)
            assert status in (400, 401)
        assert door.heard == []

    run(story)


def test_a_key_that_may_not_speak_for_teams_is_refused() -> None:
    async def story(door: Entrance) -> None:
        door.office.keys = [passports.public("monday", endorsements=("webchat",))]
        assert (await door.gets(token()))[0] == 401

    run(story)


def test_keys_are_fetched_once_and_a_stranger_cannot_make_us_ask_all_day() -> None:
    async def story(door: Entrance) -> None:
        await asyncio.gather(*(door.gets(token()) for _ in range(10)))
        for number in range(5):
            assert (await door.gets(token(named=f"unknown-{number}")))[0] == 401
        assert door.office.looked == 1

    run(story)


def test_a_new_key_is_known_within_the_hour() -> None:
    now = [1_000.0]

    async def story(door: Entrance) -> None:
        assert (await door.gets(token()))[0] == 202
        door.office.keys = [passports.public("tuesday")]
        assert (await door.gets(token(key="tuesday")))[0] == 401
        now[0] += 3_601
        assert (await door.gets(token(key="tuesday")))[0] == 202
        assert (await door.gets(token()))[0] == 401  # Microsoft took the old one back

    run(story, clock=lambda: now[0])


def test_while_the_keys_cannot_be_fetched_teams_is_asked_to_come_again() -> None:
    async def story(door: Entrance) -> None:
        door.office.closed = True
        assert (await door.gets(token()))[0] == 503
        door.office.closed = False
        assert (await door.gets(token()))[0] == 202

    run(story)


def test_keys_of_yesterday_hold_while_new_ones_cannot_be_fetched() -> None:
    now = [1_000.0]

    async def story(door: Entrance) -> None:
        assert (await door.gets(token()))[0] == 202
        door.office.closed = True
        now[0] += 90_000
        assert (await door.gets(token()))[0] == 202

    run(story, clock=lambda: now[0])


def test_an_invoke_gets_its_answer_once_and_whole() -> None:
    card = {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": {"a": 1}}

    async def story(door: Entrance) -> None:
        body = ACTIVITY | {"type": "invoke", "name": "adaptiveCard/action", "value": {}}
        status, text = await door.gets(token(), body)
        assert status == 200
        assert text == '{"statusCode": 200, "type": "' + card["type"] + '", "value": {"a": 1}}'  # type: ignore[operator]

    run(story, answer=card)


def test_an_invoke_that_nobody_answers_is_not_implemented() -> None:
    async def story(door: Entrance) -> None:
        body = ACTIVITY | {"type": "invoke", "name": "task/fetch", "value": {}}
        assert (await door.gets(token(), body))[0] == 501

    run(story)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"[]",
        b"null",
        b"{}",
        b'{"type": 7}',
        b'{"type": null}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"type": "message", "conversation": "x", "from": [1], "timestamp": "never"}',
        b'{"type": "message", "text": "' + b"x" * LARGEST + b'"}',
    ],
)
def test_what_is_no_activity_is_refused(data: bytes) -> None:
    async def story(door: Entrance) -> None:
        status, _ = await door.gets(token(), data=data)
        assert status in (400, 401)
        assert door.heard == []

    run(story)


def test_an_activity_that_comes_in_pieces_is_read_to_its_end() -> None:
    """As any does that is larger than one packet."""
    whole = json.dumps(ACTIVITY | {"text": "hoi " * 5_000}).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(whole), 4_000):
            yield whole[start : start + 4_000]
            await asyncio.sleep(0.01)

    async def story(door: Entrance) -> None:
        assert await door.gets(token(), data=pieces()) == (202, "")
        assert [len(body["text"]) for body in door.heard] == [20_000]

    run(story)


PLAYED = ACTIVITY | {"serviceUrl": "http://127.0.0.1:56150/_connector"}


def test_without_authentication_only_the_playground_is_let_in() -> None:
    async def story(door: Entrance) -> None:
        assert (await door.gets(None, PLAYED))[0] == 202

    run(story, app_id="")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},  # as any page on the web may post
        {"Content-Type": ""},
        {"Origin": "https://evil.example"},
        {"Host": "evil.example"},  # a name that leads to this machine
        {"Host": "koppel.example.com:8080"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
    ],
)
def test_no_page_and_no_proxy_is_let_in_for_the_playground(headers: dict[str, str]) -> None:
    async def story(door: Entrance) -> None:
        proper = {"Content-Type": "application/json", **headers}
        raw = json.dumps(PLAYED).encode()
        assert (await door.gets(None, data=raw, extra=proper))[0] == 401
        assert door.heard == []

    run(story, app_id="")


@pytest.mark.parametrize("service", ["https://evil.example/", "http://127.0.0.1@evil.example/", ""])
def test_answers_of_the_playground_stay_on_this_machine(service: str) -> None:
    async def story(door: Entrance) -> None:
        assert (await door.gets(None, PLAYED | {"serviceUrl": service}))[0] == 401
        assert door.heard == []

    run(story, app_id="")
