"""A small connector of Teams on loopback: keeps what it is sent, and fails when told to.

It refuses by itself what the real one refuses: a card above 28 KB, a message above 80 KB.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.platforms.teams.connector import Connector
from bot.platforms.teams.tokens import Credentials, CredentialsFactory
from storage.models import ConversationKind
from storage.teams import Reference
from tests.scripted import Scripted

Json = dict[str, Any]
BOT = "28:koppel"
MOST, MOST_OF_A_CARD = 80_000, 28_000


@dataclass(frozen=True)
class Outcome:
    """How one request ends, instead of well."""

    status: int = 200
    code: str = ""
    text: str | None = None  # instead of Teams' own way to say the code
    retry_after: str = ""
    drop: bool = False  # the connection
    hang: bool = False  # never answer
    after: bool = False  # do what was asked all the same
    location: str = ""

    def body(self) -> str:
        if self.text is not None:
            return self.text
        return json.dumps({"error": {"code": self.code, "message": "as Teams says it"}})


def limited(seconds: int | str = "") -> Outcome:
    return Outcome(429, "Throttled", retry_after=str(seconds))


BAD_GATEWAY = Outcome(502, text="<html>Bad Gateway</html>")
BUSY = Outcome(412, "PreconditionFailed")
DROPPED, DROPPED_AFTER = Outcome(drop=True), Outcome(drop=True, after=True)
BLOCKED = Outcome(
    403,  # as in Microsoft's page on proactive messages
    text='{"errorCode":209,"message":"{\\r\\n  \\"subCode\\": \\"MessageWritesBlocked\\",\\r\\n'
    '  \\"details\\": \\"Thread is blocked from message writes.\\",\\r\\n'
    '  \\"errorCode\\": null,\\r\\n  \\"errorSubCode\\": null\\r\\n}"}',
)


@dataclass(frozen=True)
class Call:
    method: str
    path: str  # as it was sent, below /teams/v3/
    said: Json
    token: str


class FakeConnector(Scripted[Outcome]):
    """Conversations need not be known to it; a kind of request is a part of its method and path."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.activities: dict[str, list[Json]] = defaultdict(list)  # by conversation
        self.pages: dict[str, list[list[Json]]] = {}  # of members, by conversation
        self.teams: dict[str, tuple[str, list[Json]]] = {}  # name and channels
        self.people: dict[str, Json] = {}  # as it tells of them, by their ids
        self.accepts = 201

    # --- what a test says and asks ---

    def called(self, what: str = "") -> list[Call]:
        return [call for call in self.calls if what in f"{call.method} {call.path}"]

    def stands(self, conversation: str) -> list[str]:
        """The notifications of what stands in a conversation, oldest first."""
        return [each.get("summary") or each["text"] for each in self.activities[conversation]]

    @property
    def service(self) -> str:
        """Its address as activities tell it."""
        return self.url("/teams/")

    def personal(self, user: str, **told: Any) -> Reference:
        given = {"bot": BOT, "user": user, "member": f"29:{user}", **told}
        return Reference(f"a:{user}", ConversationKind.PERSONAL, self.service, **given)

    def channel(self, id: str = "19:general@thread.tacv2", **told: Any) -> Reference:
        given = {"bot": BOT, "team": "19:team@thread.tacv2", **told}
        return Reference(id, ConversationKind.CHANNEL, self.service, **given)

    # --- serving ---

    def routed(self, app: web.Application) -> None:
        app.router.add_route("*", "/{path:.*}", self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        path = request.raw_path.removeprefix("/teams/v3/")
        token = request.headers.get("Authorization", "")
        said: Json = json.loads(text) if text else {}
        self.calls.append(Call(request.method, path, said, token))
        outcome = self.outcome(f"{request.method} {path}".__contains__)
        if outcome is None and (refused := _refused(said)):
            outcome = refused
        if outcome is None or outcome.after:
            answer = self._do(request.method, request.path.removeprefix("/teams/v3/"), said)
            if outcome is None:
                return web.json_response(answer, status=self.accepts)
        return await self._fail(request, outcome)

    async def _fail(self, request: web.Request, outcome: Outcome) -> web.StreamResponse:
        if broken := await self.broken(request, outcome):
            return broken
        headers = {"Retry-After": outcome.retry_after} if outcome.retry_after else {}
        if outcome.location:
            headers["Location"] = outcome.location
        return web.Response(status=outcome.status, text=outcome.body(), headers=headers)

    # --- what Teams does ---

    def _do(self, method: str, path: str, said: Json) -> Json:
        match method, path.split("/"):
            case "POST", ["conversations"]:
                return {"id": "a:" + self._member(said["members"][0]["id"]).removeprefix("29:")}
            case "POST", ["conversations", place, "activities"]:
                return {"id": self._post(place, said)}
            case "PUT", ["conversations", place, "activities", id]:
                kept = self.activities[place]
                kept[int(id) - 1] = said
                return {"id": id}
            case "GET", ["conversations", place, "pagedmembers"]:
                return self._page(place)
            case "GET", ["conversations", _, "members", id]:
                somebody = {"id": id, "aadObjectId": id.removeprefix("29:"), "tenantId": "t1"}
                return self.people.get(id, somebody)
            case "GET", ["teams", id, "conversations"]:
                return {"conversations": self.teams[id][1]}
            case "GET", ["teams", id]:
                return {"id": id, "name": self.teams[id][0]}
        raise AssertionError(f"{method} {path} is not Teams'")

    def _member(self, id: str) -> str:
        """Somebody as this connector names them: Teams takes an id of the directory as well."""
        found = (who["id"] for who in self.people.values() if who["aadObjectId"] == id)
        return next(found, id)

    def _post(self, place: str, said: Json) -> str:
        self.activities[place].append(said)
        return str(len(self.activities[place]))

    def _page(self, place: str) -> Json:
        asked = self.calls[-1].path.partition("continuationToken=")[2]
        at = int(asked or 0)
        pages = self.pages.get(place, [[]])
        following = {"continuationToken": str(at + 1)} if at + 1 < len(pages) else {}
        return {"members": pages[at], **following}


def _refused(said: Json) -> Outcome | None:
    for attachment in said.get("attachments", ()):
        if _size(attachment.get("content")) > MOST_OF_A_CARD:
            return Outcome(413, "MessageSizeTooBig")
    return Outcome(413, "MessageSizeTooBig") if _size(said) > MOST else None


def _size(said: object) -> int:
    """As Teams counts it, in UTF-16."""
    return len(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def anonymous() -> Credentials:
    return CredentialsFactory("", playground=True).connector()


@asynccontextmanager
async def connected(
    credentials: Callable[[], Credentials] = anonymous, **given: Any
) -> AsyncIterator[tuple[FakeConnector, Connector]]:
    """The fake, and our connector that speaks to it."""
    async with FakeConnector() as teams:
        connector = Connector(credentials(), **given)
        try:
            yield teams, connector
        finally:
            await connector.close()
