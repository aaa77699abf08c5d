"""Stands between the bot and local-slack, both ways, so that each finds the other like Slack.

The bot's API calls come in at `/api/`, what happens in the workspace at `/slack/events` or, in Socket
Mode, at `/socket`. Everything that passed is kept: `calls` of the bot, `deliveries` to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.cage import HOST
from tests.slack.emulator import like_slack
from tests.slack.emulator.api import Api, Call
from tests.slack.emulator.config import APP, SECRET, TEAM, Config

Json = dict[str, Any]
PATH = "/slack/events"


@dataclass
class Delivery:
    """Something that went to the bot over HTTP, as it went, and its answer."""

    headers: dict[str, str]
    body: str
    status: int = 0
    answer: str = ""
    seconds: float = 0.0


@dataclass
class Between:
    config: Config
    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    typed: dict[str, Json] = field(default_factory=dict)  # what stands in somebody's inputs
    homes: dict[str, Json] = field(default_factory=dict)
    bot_port: int = 0
    port: int = 0
    emulator: str = ""
    under_way: int = 0  # calls and deliveries that wait for their answer

    async def start(self) -> None:
        app = web.Application(client_max_size=4 * 1024**2)
        self.api = Api(self)
        app.router.add_route("*", "/api/{method}", self.api.answer)
        app.router.add_post(PATH, self._happened)
        app.router.add_get("/socket/{id}", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.port = self._runner.addresses[0][1]
        self._sockets: set[web.WebSocketResponse] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    async def stop(self) -> None:
        for socket in list(self._sockets):
            await socket.close()
        await self._runner.cleanup()

    # --- over HTTP ---

    async def _happened(self, request: web.Request) -> web.Response:
        done = await self.deliver(self._improved(await request.text(), request.content_type))
        return web.Response(status=done.status, text=done.answer)

    def _improved(self, body: str, kind: str) -> Json:
        if kind == "application/json":
            return like_slack.event(json.loads(body))
        form = dict(parse_qsl(body, keep_blank_values=True))
        if "payload" in form:
            return self.interaction(json.loads(form["payload"]))
        return like_slack.command(form)

    def interaction(self, payload: Json) -> Json:
        user = payload["user"]["id"]
        if payload["type"] == "block_actions":
            return like_slack.click(payload, self.typed.pop(user, {}), self.homes.get(user))
        return payload

    async def deliver(self, payload: Json, **headers: str) -> Delivery:
        """Hand something to the bot as Slack does: signed now, by whichever way the app has."""
        if self.config.socket:
            return await self._over_socket(payload)
        kind, body = _encoded(payload)
        return await self.post(body, {"Content-Type": kind, **signed(body), **headers})

    async def post(self, body: str, headers: dict[str, str]) -> Delivery:
        """Exactly this request to the bot."""
        done = Delivery(headers, body)
        self.deliveries.append(done)
        before = time.monotonic()
        self.under_way += 1
        try:
            await self._sent(done)
        except aiohttp.ClientError:  # it did not arrive
            self.deliveries.remove(done)
            raise
        finally:
            self.under_way -= 1
            done.seconds = time.monotonic() - before
        return done

    async def _sent(self, done: Delivery) -> None:
        url = f"http://{HOST}:{self.bot_port}{PATH}"
        async with (
            aiohttp.ClientSession() as http,
            http.post(url, data=done.body.encode(), headers=done.headers) as answer,
        ):
            done.status, done.answer = answer.status, await answer.text()

    # --- over a socket ---

    @property
    def lines(self) -> int:
        """How many connections the bot keeps open."""
        return len(self._sockets)

    async def refresh(self) -> None:
        """Slack asks the bot to connect anew, as it does every few hours, and hangs up."""
        for socket in list(self._sockets):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            await socket.close()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """The bot's connection, and one of our own to local-slack that goes on in it."""
        bot = web.WebSocketResponse()
        await bot.prepare(request)
        self._sockets.add(bot)
        there = f"{self.emulator}/socket/{request.match_info['id']}"
        async with aiohttp.ClientSession() as http, http.ws_connect(there) as slack:
            news = asyncio.create_task(self._pass_on(slack, bot))
            async for said in bot:
                if said.type is WSMsgType.TEXT:
                    await self._acknowledged(said.data, slack)
            news.cancel()
        self._sockets.discard(bot)
        return bot

    async def _pass_on(
        self, slack: aiohttp.ClientWebSocketResponse, bot: web.WebSocketResponse
    ) -> None:
        improve: dict[str, Callable[[Json], Json]] = {
            "events_api": like_slack.event,
            "slash_commands": like_slack.command,
            "interactive": self.interaction,
        }
        async for frame in slack:
            envelope = json.loads(frame.data)
            if "payload" in envelope:
                envelope["payload"] = improve[envelope["type"]](envelope["payload"])
                self.deliveries.append(Delivery({}, json.dumps(envelope), 200))
            with contextlib.suppress(ConnectionError):
                await bot.send_json(envelope)

    async def _acknowledged(self, said: str, slack: aiohttp.ClientWebSocketResponse) -> None:
        answer = json.loads(said)
        waiting = self._waiting.pop(answer.get("envelope_id", ""), None)
        if waiting is None:
            await slack.send_str(said)
        else:
            waiting.set_result(answer.get("payload") or {})

    async def _over_socket(self, payload: Json) -> Delivery:
        id = f"ours-{len(self.deliveries)}"
        kind = "events_api" if payload.get("type") == "event_callback" else "interactive"
        kind = "slash_commands" if "command" in payload else kind
        envelope: Json = {"envelope_id": id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        done = Delivery({}, json.dumps(envelope), 200)
        self.deliveries.append(done)
        self._waiting[id] = asyncio.get_running_loop().create_future()
        [bot, *_] = self._sockets
        await bot.send_json(envelope)
        done.answer = json.dumps(await asyncio.wait_for(self._waiting[id], 5))
        return done

    async def whisper(self, payload: Json) -> None:
        """Something the bot need not answer; when it is going away it cannot."""
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
            await self.deliver(payload)

    # --- news that nobody in the workspace can cause ---

    async def tell(self, happened: Json, id: str = "") -> Delivery:
        """An event of Slack's own: somebody's account changed, the app was removed."""
        id = id or f"EvOURS{len(self.deliveries)}"
        return await self.deliver(like_slack.envelope(TEAM, APP, id, happened))


def signed(body: str, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that prove to the bot that Slack sent this, when it did."""
    stamp = str(int(time.time() if at is None else at))
    proof = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={proof.hexdigest()}",
    }


def _encoded(payload: Json) -> tuple[str, str]:
    if payload.get("type") == "event_callback":
        return "application/json", json.dumps(payload)
    form = payload if "command" in payload else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(form)
