"""What somebody does in their Playground, over the endpoints that its own page uses."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.teams.playground.config import BOT, TENANT, Json, Member

CARD = "application/vnd.microsoft.card.adaptive"
PATIENCE = 10.0  # seconds
HEARD = "/_ws_conversation/v1/conversations/stream"


class Client:
    """One person; `frames` is all that the Playground told its page, oldest first."""

    def __init__(self, http: aiohttp.ClientSession, address: str, sitting: Member) -> None:
        self._http, self.address, self.sitting = http, address, sitting
        self.frames: list[Json] = []
        self._news = asyncio.Event()

    # --- what people do ---

    async def install(self, conversation: str) -> None:
        """Add the app: the bot hears installationUpdate and conversationUpdate."""
        await self._post(f"/_debug/conversation/{quote(conversation)}/installation", {})

    async def say(self, conversation: str, text: str, *, mention: bool = False) -> str:
        """Send words, to the bot if so wished; gives the id of the message."""
        body: Json = {"type": "text", "text": text, "textFormat": "plain", "mentions": []}
        if mention:
            at = "<at>Koppel</at>"
            body["text"] = f"{at} {text}"
            body["mentions"] = [{"mentioned": {"id": BOT, "name": "Koppel"}, "text": at}]
        where = f"/_conversation/v1/conversations/{quote(conversation)}/messages"
        said = await self._post(where, body | self._me)
        return str(said["messageId"])

    async def submit(self, conversation: str, card: str, value: Mapping[str, Any]) -> None:
        """Press a button that is an Action.Submit, with what stands in the inputs."""
        body = {"conversation": {"id": conversation}, "replyToId": card, "value": value}
        await self._post("/_conversation/v1/submit", body | self._me)

    async def execute(
        self, conversation: str, card: str, action: Json, inputs: Mapping[str, str] | None = None
    ) -> Json:
        """Press a button that is an Action.Execute; gives what the bot answered."""
        kept = {key: action[key] for key in ("type", "id", "title", "verb") if key in action}
        filled = kept | {"data": {**action.get("data", {}), **(inputs or {})}}
        body = {"name": "adaptiveCard/action", "value": {"action": filled}, "replyToId": card}
        there = body | {"conversation": {"id": conversation}}
        return await self._post("/_conversation/v1/invoke", there | self._me)

    async def mock(self, conversation: Json, **about: Any) -> None:
        """Have an activity sent that nobody can cause by hand: uninstalling, a person who leaves."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        activity = {
            "id": str(uuid.uuid4()),
            "timestamp": now,
            "channelId": "msteams",
            "serviceUrl": f"{self.address}/_connector",
            "recipient": {"id": BOT, "name": "Koppel"},
            "conversation": {"tenantId": TENANT, **conversation},
            "from": {"id": self.sitting.id, "aadObjectId": self.sitting.aad},
        }
        await self._post("/_internal/v1/customActivities", activity | about)

    # --- what stands on the screen ---

    async def sees(self, what: Callable[[Json], bool]) -> Json:
        """Wait for a frame like this, the newest first."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._news.clear()
                for frame in reversed(self.frames):
                    if what(frame):
                        return frame
                await self._news.wait()

    @property
    def _me(self) -> Json:
        return {"from": {"id": self.sitting.id}}

    async def _post(self, path: str, body: Json) -> Json:
        async with self._http.post(self.address + path, json=body) as answer:
            said = await answer.text()
            assert answer.ok, f"{path}: {answer.status} {said}"
            if answer.content_type != "application/json":
                return {}
            found: Json = await answer.json()
            return found

    async def listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self.frames.append(message.json())
            self._news.set()


@asynccontextmanager
async def sitting(address: str, member: Member) -> AsyncIterator[Client]:
    """Sit down in front of a Playground, and look."""
    async with aiohttp.ClientSession() as http, http.ws_connect(address + HEARD) as socket:
        client = Client(http, address, member)
        watching = asyncio.create_task(client.listen(socket))
        try:
            yield client
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
