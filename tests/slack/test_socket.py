"""A line of our own to Slack: it breaks, it comes back, and what was said twice counts once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.slack.fake_slack import Json, Outcome
from tests.slack.office import NUMBERS, TEAM, Office, account, office
from tests.slack.test_wire import payload
from tests.world import World

BRAM = account("U02BRAM", "Bram Jansen")


class Line:
    """Slack's end of the socket."""

    def __init__(self) -> None:
        self.opened: list[web.WebSocketResponse] = []
        self.acknowledged: dict[str, Json] = {}

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.opened.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                answer = message.json()
                self.acknowledged[answer["envelope_id"]] = answer
        return socket

    async def sends(self, kind: str, body: Json, id: str = "", **more: Any) -> str:
        id = id or f"E{next(NUMBERS)}"
        envelope = {"envelope_id": id, "type": kind, "payload": body, **more}
        await self.opened[-1].send_json({**envelope, "accepts_response_payload": True})
        return id


def tell(
    world: World, story: Callable[[Office, Line], Awaitable[None]], *refusals: Outcome
) -> None:
    """`refusals` come before the first line."""

    async def told() -> None:
        line = Line()
        served = web.Application()
        served.router.add_get("/line", line.serve)
        server = TestServer(served)
        await server.start_server()
        address = str(server.make_url("/line")).replace("http", "ws")
        lines = (f"SLACK_BOT_TOKEN=xoxb-{TEAM}", f"SLACK_APP_TOKEN=xapp-{address}")
        async with office(world, BRAM, lines=lines, refusals=refusals) as here:
            await here.until(lambda: line.opened)
            await story(here, line)
        await server.close()

    asyncio.run(told())


def command(text: str) -> Json:
    body: Json = payload("socket_slash_commands")["payload"]
    return body | {
        "user_id": "U02BRAM",
        "channel_id": "DU02BRAM",
        "text": text,
        "trigger_id": f"t{next(NUMBERS)}",
    }


def test_a_command_over_the_line_is_answered_with_its_acknowledgement(world: World) -> None:
    async def story(here: Office, line: Line) -> None:
        id = await line.sends("slash_commands", command("help"))
        answer = await here.until(lambda: line.acknowledged.get(id))
        assert "mentor join" in str(answer["payload"]["blocks"])

    tell(world, story)


def test_a_line_that_slack_renews_or_that_breaks_comes_back(world: World) -> None:
    async def story(here: Office, line: Line) -> None:
        await line.opened[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
        await here.until(lambda: len(line.opened) > 1, 20)
        id = await line.sends("slash_commands", command("help"))
        assert await here.until(lambda: line.acknowledged.get(id))
        await line.opened[-1].close()
        await here.until(lambda: len(line.opened) > 2, 20)
        id = await line.sends("slash_commands", command("status"))
        assert await here.until(lambda: line.acknowledged.get(id))

    tell(world, story)


def test_what_slack_sends_again_is_acknowledged_again_and_done_once(world: World) -> None:
    async def story(here: Office, line: Line) -> None:
        body = payload("message_im")
        body["event"] |= {"user": "U02BRAM", "text": "help", "channel": "DU02BRAM"}
        for attempt in range(3):
            id = await line.sends("events_api", body, retry_attempt=attempt)
            assert await here.until(partial(line.acknowledged.get, id))
        await asyncio.sleep(0.5)
        assert len(here.in_chat("U02BRAM")) == 1

    tell(world, story)


def test_a_line_that_cannot_be_had_at_first_is_asked_for_again(
    world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr("bot.platforms.slack.serving._PING", 0.1)

    async def story(here: Office, line: Line) -> None:
        assert len(here.fake.calls_of("apps.connections.open")) >= 3
        id = await line.sends("slash_commands", command("help"))
        assert await here.until(lambda: line.acknowledged.get(id))

    tell(world, story, Outcome(error="internal_error"), Outcome(status=500))


def test_with_a_line_and_no_secret_nobody_can_knock_at_the_door(world: World) -> None:
    async def story(here: Office, line: Line) -> None:
        del line
        reply = await here.command("U02BRAM", "help", secret="guessed")
        assert reply.status == 404

    tell(world, story)
