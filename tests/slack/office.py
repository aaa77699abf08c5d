"""Koppel at work in a small Slack: people do things by signed requests, as Slack sends them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestServer
from slack_sdk.signature import SignatureVerifier
from sqlmodel import col, select

from bot.app import App
from bot.platforms.slack.serving import Slack
from bot.settings import Settings, load
from storage.models import Workspace
from tests.scripted import Reply, until
from tests.slack.fake_slack import Json, Outcome
from tests.slack.test_wire import payload
from tests.slack.workplace import Workplace
from tests.world import World

SECRET = "the-signing-secret"
TEAM = "T01TEST"
NUMBERS = count(1)


def account(user: str, name: str, locale: str = "en-GB", **more: Any) -> Json:
    return {
        "id": user,
        "team_id": TEAM,
        "name": name.casefold(),
        "locale": locale,
        "tz": "Europe/Amsterdam",
        "profile": {"real_name": name, "email": f"{name.split()[0].casefold()}@example.com"},
        **more,
    }


class Requests:
    """What people do in one workspace, as Slack sends it to this address."""

    def __init__(self, fake: Workplace, url: str, http: ClientSession) -> None:
        self.fake = fake
        self._url, self._http = url, http

    async def sends(
        self,
        body: Json,
        *,
        form: bool = False,
        secret: str = SECRET,
        age: int = 0,
        retry: int = 0,
    ) -> Reply:
        """A request as Slack signs it: an event, a click (`payload=`) or a command (`form`)."""
        if form:
            text, kind = urlencode(body), "application/x-www-form-urlencoded"
        elif body.get("type") == "event_callback":
            text, kind = json.dumps(body), "application/json"
        else:
            text = urlencode({"payload": json.dumps(body)})
            kind = "application/x-www-form-urlencoded"
        at = str(int(time.time()) - age)
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=text)
        headers = {
            "content-type": kind,
            "x-slack-request-timestamp": at,
            "x-slack-signature": signature or "",
            **({"x-slack-retry-num": str(retry)} if retry else {}),
        }
        async with self._http.post(self._url, data=text.encode(), headers=headers) as response:
            return Reply(response.status, await response.text())

    async def command(
        self, user: str, text: str, channel: str = "C01GEN", secret: str = SECRET, **more: Any
    ) -> Reply:
        body = payload("command_in_channel") | {
            "user_id": user,
            "text": text,
            "channel_id": channel,
            "trigger_id": f"t{next(NUMBERS)}",
            "response_url": self.response_url(),
        }
        return await self.sends(body | more, form=True, secret=secret)

    async def types(self, user: str, text: str, **more: Any) -> Reply:
        body = payload("message_im") | {"event_id": f"Ev{next(NUMBERS)}", **more}
        body["event"] |= {"user": user, "text": text, "channel": f"D{user}"}
        return await self.sends(body)

    async def event(self, user: str, name: str, **more: Any) -> Reply:
        body = payload(name) | {"event_id": f"Ev{next(NUMBERS)}"}
        body["event"] |= {"user": user, **more}
        return await self.sends(body)

    async def clicks(
        self, user: str, wire: str, *, state: Json | None = None, **more: Any
    ) -> Reply:
        """A press on a button of a card in the private chat."""
        body = payload("click_in_message") | {
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": f"t{next(NUMBERS)}",
            "response_url": self.response_url(),
            "channel": {"id": f"D{user}"},
            "state": {"values": state or {}},
        }
        body["actions"][0]["value"] = wire
        return await self.sends(body | more)

    async def submits(self, user: str, view: Json, state: Json, **more: Any) -> Reply:
        body = payload("view_submission") | {
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": f"t{next(NUMBERS)}",
            "view": {**view, "id": "V1", "hash": "1", "state": {"values": state}},
        }
        return await self.sends(body | more)

    def get(self, path: str) -> AbstractAsyncContextManager[ClientResponse]:
        return self._http.get(self._url.replace("/slack/events", path))

    def response_url(self) -> str:
        return self.fake.response_url(f"r{next(NUMBERS)}")

    until = staticmethod(until)

    def in_chat(self, user: str) -> list[str]:
        """The notifications that stand in somebody's chat with the bot."""
        return self.fake.stands(f"D{user}", TEAM)


class Office(Requests):
    """One workspace, and the bot in it."""

    def __init__(self, app: App, fake: Workplace, url: str, http: ClientSession) -> None:
        super().__init__(fake, url, http)
        self.app = app
        self.posting: asyncio.Task[int] | None = None


def settings(folder: Path, fake: Workplace, *lines: str) -> Settings:
    file = folder / "slack.env"
    said = (f"SLACK_API_URL={fake.api_url}", *lines)
    file.write_text("\n".join(said) + "\n", encoding="utf-8")
    return load(file)


ONE = (f"SLACK_BOT_TOKEN=xoxb-{TEAM}", f"SLACK_SIGNING_SECRET={SECRET}")


@asynccontextmanager
async def office(
    world: World,
    *people: Json,
    admin: str = "",
    guard: float = 2.0,
    teams: tuple[str, ...] = (TEAM,),
    lines: tuple[str, ...] = ONE,
    refusals: tuple[Outcome, ...] = (),
    wait: int = 1,
) -> AsyncIterator[Office]:
    """Everything that serves Slack, on the database of a story; as soon as it knows everybody in
    so many workspaces."""
    with TemporaryDirectory() as folder:
        async with Workplace(teams, *people) as fake:
            fake.script("apps.connections.open", *refusals)
            chosen = settings(Path(folder), fake, f"KOPPEL_ADMIN={admin}", *lines)
            slack = Slack(chosen, world.database, guard=guard)
            app = App(
                world.database,
                {"slack": slack.platform},
                now=lambda: world.now,
                organisation=chosen.organisation,
            )
            served = web.Application()
            working = slack.working(app, served.router, app.now)
            async with (
                slack.connected(),
                app.working(),
                working,
                TestServer(served) as server,
                ClientSession() as http,
            ):
                url = str(server.make_url("/slack/events"))
                here = Office(app, fake, url, http)
                await here.until(lambda: _all_seen(world) >= wait)
                yield here


def _all_seen(world: World) -> int:
    return len(
        world.rows(
            select(Workspace).where(
                Workspace.platform == "slack", col(Workspace.people_seen_at).is_not(None)
            )
        )
    )
