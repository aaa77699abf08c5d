"""The small Slack with what people see: modals, Home tabs, cards that change, accounts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.slack.fake_slack import FakeSlack, Json


class Workplace(FakeSlack):
    """As `FakeSlack`, and what was answered to people, by how it reached them."""

    def __init__(self, teams: Iterable[str], *people: Json) -> None:
        super().__init__(*teams)
        self.people = {person["id"]: person for person in people}
        self.pages = [list(people)]
        self.modals: list[Json] = []  # every view that was opened, or put in the place of one
        self.homes: dict[str, list[Json]] = {}  # by user, each drawing
        self.whispers: list[Json] = []
        self.changed: list[Json] = []
        self.responses: dict[str, list[Json]] = {}  # by response_url
        self.response_status = 200
        self.slow = 0.0  # seconds that a message takes to arrive
        self.slow_now = False

    async def __aenter__(self) -> Workplace:
        await super().__aenter__()
        app = web.Application()
        app.router.add_post("/response/{id}", self._response)
        self._hooks = TestServer(app)
        await self._hooks.start_server()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._hooks.close()
        await super().__aexit__(kind, error, trace)

    def calls_of(self, method: str) -> list[Json]:
        """In every workspace, and with the app's own token."""
        return [call.said for call in self.calls if call.method == method]

    @property
    def api_url(self) -> str:
        return self.url("/api/")

    def response_url(self, id: str) -> str:
        return str(self._hooks.make_url(f"/response/{id}"))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token.startswith("xapp-"):
            self.teams.add(token)
        if request.match_info["method"] == "chat.postMessage":
            self.slow_now = True
            await asyncio.sleep(self.slow / 2)
            answer = await super()._answer(request)
            await asyncio.sleep(self.slow / 2)
            return answer
        return await super()._answer(request)

    async def _response(self, request: web.Request) -> web.Response:
        self.responses.setdefault(str(request.url), []).append(await request.json())
        return web.Response(status=self.response_status, text="ok")

    def _views_open(self, team: str, said: Json) -> Json:
        del team
        return self._seen(said)

    def _views_update(self, team: str, said: Json) -> Json:
        del team
        return self._seen(said)

    def _seen(self, said: Json) -> Json:
        view = _read(said["view"])
        self.modals.append(view)
        return {"view": {**view, "id": "V1"}}

    def _views_publish(self, team: str, said: Json) -> Json:
        del team
        self.homes.setdefault(said["user_id"], []).append(_read(said["view"]))
        return {}

    def _apps_connections_open(self, team: str, said: Json) -> Json:
        """An app-level token names the address of the line, in these tests."""
        del said
        return {"url": team.removeprefix("xapp-")}

    def _users_info(self, team: str, said: Json) -> Json:
        del team
        return {"user": self.people[said["user"]]}

    def _chat_postEphemeral(self, team: str, said: Json) -> Json:
        del team
        self.whispers.append(said)
        return {"message_ts": "1.0"}

    def _chat_update(self, team: str, said: Json) -> Json:
        del team
        self.changed.append(said)
        return {"ts": said["ts"], "channel": said["channel"]}


def _read(view: Any) -> Json:
    found: Json = json.loads(view) if isinstance(view, str) else view
    return found
