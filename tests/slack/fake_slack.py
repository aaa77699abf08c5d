"""A small Slack on loopback: keeps messages, forgets nothing it was asked, and fails when told to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.platform import Refused
from tests.scripted import Scripted

Json = dict[str, Any]
BOT_USER, BOT_ID, APP = "U0BOT", "B0BOT", "A0KOPPEL"


@dataclass(frozen=True)
class Outcome:
    """How one call ends, instead of well."""

    error: str = ""
    status: int = 200
    retry_after: str = ""
    drop: bool = False  # the connection
    hang: bool = False  # never answer
    after: bool = False  # do what was asked all the same
    more: Mapping[str, Any] = field(default_factory=dict)


def limited(seconds: int | str) -> Outcome:
    return Outcome("ratelimited", 429, str(seconds))


BROKEN = Outcome(status=500)
DROPPED, DROPPED_AFTER = Outcome(drop=True), Outcome(drop=True, after=True)
HANGS_AFTER = Outcome(hang=True, after=True)


@dataclass(frozen=True)
class Call:
    team: str
    method: str
    said: Json


class FakeSlack(Scripted[Outcome]):
    """Serves while it is entered; a token is `xoxb-` and the team."""

    def __init__(self, *teams: str) -> None:
        super().__init__()
        self.teams = set(teams or ("T1",))
        self.calls: list[Call] = []
        self.files: dict[str, bytes] = {}
        self.channels: dict[str, str] = {}  # id by name, of those the bot is in
        self.messages: dict[tuple[str, str], list[Json]] = defaultdict(list)
        self.pages: list[list[Json]] = [[]]  # of users.list
        self._now = 1_700_000_000.0

    # --- what a test asks ---

    def called(self, method: str, team: str = "T1") -> list[Json]:
        return [call.said for call in self.calls if (call.method, call.team) == (method, team)]

    def stands(self, channel: str, team: str = "T1") -> list[str]:
        """The notifications of what stands in a conversation, oldest first."""
        return [message["text"] for message in self.messages[team, channel]]

    def client(self, team: str) -> AsyncWebClient:
        return AsyncWebClient(token=f"xoxb-{team}", base_url=self.url("/api/"), timeout=2)

    async def clients(self, team: str) -> AsyncWebClient:
        if team not in self.teams:
            raise Refused
        return self.client(team)

    # --- serving ---

    def routed(self, app: web.Application) -> None:
        app.router.add_post("/api/{method}", self._answer)
        app.router.add_get("/api/{method}", self._answer)
        app.router.add_post("/upload/{file}", self._upload)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method, said = request.match_info["method"], await _said(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        team = token.removeprefix("xoxb-")
        self.calls.append(Call(team, method, said))
        if team not in self.teams:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        outcome = self.outcome(method.__eq__)
        if outcome is None or outcome.after:
            answer = self._do(method, team, said)
        if outcome is None:
            return web.json_response(answer)
        return await self._fail(request, outcome)

    async def _fail(self, request: web.Request, outcome: Outcome) -> web.StreamResponse:
        if broken := await self.broken(request, outcome):
            return broken
        if outcome.status >= 500:
            return web.Response(status=outcome.status, text="<p>Oops", content_type="text/html")
        headers = {"Retry-After": outcome.retry_after} if outcome.retry_after else {}
        body = {"ok": False, "error": outcome.error, **outcome.more}
        return web.json_response(body, status=outcome.status, headers=headers)

    async def _upload(self, request: web.Request) -> web.Response:
        self.files[request.match_info["file"]] = await request.read()
        return web.Response(text="OK - 1")

    # --- what Slack does ---

    def _do(self, method: str, team: str, said: Json) -> Json:
        return {"ok": True, **getattr(self, "_" + method.replace(".", "_"))(team, said)}

    def _auth_test(self, team: str, said: Json) -> Json:
        del said
        return {"team_id": team, "user_id": BOT_USER, "bot_id": BOT_ID}

    def _chat_postMessage(self, team: str, said: Json) -> Json:
        channel: str = said["channel"]
        if channel[:1] in "UW":
            channel = f"D{channel}"
        channel = self.channels.get(channel, channel)
        return {"channel": channel, "ts": self.write(team, channel, said)["ts"]}

    def _chat_update(self, team: str, said: Json) -> Json:
        del team
        return {"ts": said["ts"], "channel": said["channel"]}

    def write(self, team: str, channel: str, said: Json, bot: str = BOT_ID) -> Json:
        self._now += 1
        message = {**said, "ts": f"{self._now:.6f}", "bot_id": bot, "user": BOT_USER if bot else ""}
        self.messages[team, channel].append(message)
        return message

    def _conversations_open(self, team: str, said: Json) -> Json:
        del team
        users = said["users"].split(",")
        id = f"D{users[0]}" if len(users) == 1 else "G" + "".join(sorted(users))
        return {"channel": {"id": id}}

    def _conversations_history(self, team: str, said: Json) -> Json:
        assert said["channel"].startswith("D"), "the bot may read nothing else"
        kept = self.messages[team, said["channel"]][::-1][: int(said["limit"])]
        if said.get("include_all_metadata") not in (True, "1", "true"):
            kept = [{**message, "metadata": None} for message in kept]
        return {"messages": kept, "has_more": False}

    def _users_conversations(self, team: str, said: Json) -> Json:
        del team, said
        found = [{"id": id, "name": name[1:]} for name, id in self.channels.items()]
        return {"channels": found, "response_metadata": {"next_cursor": ""}}

    def _users_list(self, team: str, said: Json) -> Json:
        del team
        at = int(said.get("cursor") or 0)
        following = str(at + 1) if at + 1 < len(self.pages) else ""
        return {"members": self.pages[at], "response_metadata": {"next_cursor": following}}

    def _files_getUploadURLExternal(self, team: str, said: Json) -> Json:
        del team
        id = f"F{len(self.called('files.getUploadURLExternal'))}{said['length']}"
        return {"file_id": id, "upload_url": self.url(f"/upload/{id}")}

    def _files_completeUploadExternal(self, team: str, said: Json) -> Json:
        files = said["files"] if isinstance(said["files"], list) else json.loads(said["files"])
        for file in files:
            assert file["id"] in self.files
            self.write(team, said["channel_id"], {"text": "", "files": [file]})
        return {"files": files}


async def _said(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return {**request.query, **await request.json()}
    return {**request.query, **await request.post()}
