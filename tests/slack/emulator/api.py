"""The Web API as the bot finds it: local-slack's answers, with Slack's refusals and what Slack knows."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from tests.slack.emulator import like_slack
from tests.slack.emulator.config import APP, APP_TOKEN, TEAM, TOKEN

if TYPE_CHECKING:
    from tests.slack.emulator.between import Between

Json = dict[str, Any]
SCOPES = (
    "commands,chat:write,im:write,mpim:write,files:write,users:read,users:read.email,team:read,"
    "channels:read,groups:read,im:history,app_mentions:read"
)
_JSON_FIELDS = ("blocks", "view", "metadata", "files")


@dataclass(frozen=True)
class Call:
    method: str
    args: Json
    answer: Json


class Api:
    def __init__(self, between: Between) -> None:
        self._between = between
        self.refusals: list[str] = []  # what Slack would not have taken
        self.busy: Counter[str] = Counter()  # how often a method still says: too many requests
        self.broken: dict[str, str] = {}  # a method's answer, instead of the true one
        self.slow: dict[str, float] = {}  # seconds that a method takes before it answers
        self.scopes = SCOPES
        self._metadata: dict[str, Json] = {}
        self._groups: dict[frozenset[str], str] = {}

    async def answer(self, request: web.Request) -> web.Response:
        method, args = request.match_info["method"], await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.get(
            "token"
        )
        if self.busy[method] > 0:
            self.busy[method] -= 1
            headers = {"Retry-After": "1"}
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers=headers
            )
        self._between.under_way += 1
        try:
            found = await self._found(method, args, str(token))
            await asyncio.sleep(self.slow.get(method, 0))
        finally:
            self._between.under_way -= 1
        self._between.calls.append(Call(method, args, found))
        return web.json_response(found, headers={"x-oauth-scopes": self.scopes})

    async def _found(self, method: str, args: Json, token: str) -> Json:
        wanted = APP_TOKEN if method == "apps.connections.open" else TOKEN
        problem = like_slack.refusal(method, args)
        if problem:
            self.refusals.append(f"{method}: {problem}")
        error = self.broken.get(method) or ("invalid_blocks" if problem else "")
        error = error or ("" if token == wanted else "invalid_auth")
        error = error or self._unknown(method, args)
        if error:
            return {"ok": False, "error": error}
        if method == "conversations.open" and "," in args.get("users", ""):
            return await self._group(args["users"])
        return self._improved(method, args, await self.ask(method, await self._drawable(args)))

    def _unknown(self, method: str, args: Json) -> str:
        """Nobody has this account, where local-slack would open a chat with nobody."""
        wanted = args.get("channel") if method == "chat.postMessage" else args.get("users")
        ids = [id for id in str(wanted or "").split(",") if id.startswith("U")]
        known = {member.id for member in self._between.config.people}
        if set(ids) <= known:
            return ""
        return "user_not_found" if method == "conversations.open" else "channel_not_found"

    async def ask(self, method: str, args: Mapping[str, Any]) -> Json:
        """What local-slack itself answers."""
        there = f"{self._between.emulator}/api/{method}"
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(there, json=dict(args), headers=bearer) as answer,
        ):
            found: Json = await answer.json()
            return found

    async def _group(self, users: str) -> Json:
        """A chat of several people; local-slack has only channels for that."""
        who = frozenset(users.split(","))
        if who not in self._groups:
            names = "--".join(sorted(user.removeprefix("U01").casefold() for user in who))
            made = await self.ask(
                "conversations.create", {"name": f"mpdm-{names}-1", "is_private": True}
            )
            self._groups[who] = made["channel"]["id"]
        return {"ok": True, "channel": {"id": self._groups[who], "is_mpim": True}}

    async def _drawable(self, args: Json) -> Json:
        """local-slack's page draws an image by its address only."""
        blocks = args.get("blocks")
        if not isinstance(blocks, list):
            return args
        drawn = []
        for block in blocks:
            id = (block.get("slack_file") or {}).get("id")
            file = (await self.ask("files.info", {"file": id})).get("file") if id else None
            drawn.append(
                {**block, "image_url": urlsplit(file["permalink"]).path} if file else block
            )
        return {**args, "blocks": drawn}

    def _improved(self, method: str, args: Json, answer: Json) -> Json:
        if not answer.get("ok"):
            return answer
        match method:
            case "apps.connections.open":
                id = answer["url"].rpartition("/")[2]
                return {**answer, "url": f"ws://127.0.0.1:{self._between.port}/socket/{id}"}
            case "views.publish":
                self._between.homes[args["user_id"]] = answer["view"]
            case "chat.postMessage" | "chat.update":
                self._posted(args, answer)
        return self._told(answer)

    def _told(self, answer: Json) -> Json:
        """With what Slack tells of accounts and messages."""
        found = dict(answer)
        if "bot_id" in found and "user_id" in found:
            found["app_id"] = APP
        if "profile" in (found.get("user") or ()):
            found["user"] = self._account(found["user"])
        if "members" in found:
            found["members"] = [
                self._account(each) if isinstance(each, dict) else each for each in found["members"]
            ]
        if "messages" in found:
            found["messages"] = [*map(self._with_metadata, found["messages"])]
        return found

    def _account(self, user: Json) -> Json:
        return like_slack.account(user, self._between.config.about(user["id"]))

    def _with_metadata(self, message: Json) -> Json:
        kept = self._metadata.get(message["ts"])
        return {**message, "metadata": kept} if kept else message

    def _posted(self, args: Json, answer: Json) -> None:
        if args.get("metadata"):
            self._metadata[answer["ts"]] = args["metadata"]
        if answer["channel"].startswith("D") and "edited" not in answer["message"]:
            event = like_slack.envelope(TEAM, APP, "", {})
            echo = like_slack.echo(event, answer["message"])
            self._echo = asyncio.create_task(self._between.whisper(echo))


async def _arguments(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= json.loads(await request.text() or "{}")
    elif request.method == "POST":
        args |= dict(await request.post())
    for name in _JSON_FIELDS:
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args
