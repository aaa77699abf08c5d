"""The one place that calls Teams: messages, members, channels, and chats that are to begin."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from bot.platforms.teams import failures
from bot.platforms.teams.failures import KINDS, PASSING, Answer, NotArrived
from bot.platforms.teams.playground import as_it_is
from bot.platforms.teams.texts import Json
from bot.platforms.teams.tokens import Credentials
from bot.platforms.teams.transport import Transport
from storage.models import ConversationKind
from storage.teams import Reference

WITHIN = 12.0  # seconds for one request
PATIENCE = 8.0  # seconds of waiting between tries
TRIES = 4
MEMBERS_APART = 1 / 14  # seconds between two questions about members
PAGE = 500  # members
_PAGES = 400
_SOON = 0.3  # seconds before the second try, about
_BUSY: Container[int] = (412,)  # several things at once in one conversation: it was not done

Read = Callable[..., Exception]


class Connector:
    """Speaks to Teams; raises what `failures` makes of whatever goes wrong."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        within: float = WITHIN,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        shown: Callable[[Json], Json] = as_it_is,
    ) -> None:
        """`shown` may change what is said for a client that does not draw it as it is."""
        self._shown = shown
        self._transport = Transport(credentials, within)
        self._patience, self._clock, self._sleep = patience, clock, sleep
        self._members, self._members_at = asyncio.Lock(), float("-inf")

    async def close(self) -> None:
        await self._transport.close()

    async def send(
        self, to: Reference, activity: Json, *, thread: str = "", patient: bool = False
    ) -> str:
        """Post a message; its id, "" when Teams does not tell.

        `thread` is the message of a channel to answer under. Who is `patient` would rather repeat an
        answer than lose it; others hear of a failure at once and try again by themselves.
        """
        place = f"{to.conversation};messageid={thread}" if thread else to.conversation
        path = f"conversations/{_quoted(place)}/activities"
        body = _addressed(to, place, self._shown(activity))
        again = PASSING if patient else _BUSY
        return _word(await self._ask(to, "POST", path, body, again, failures.read), "id")

    async def update(self, to: Reference, id: str, activity: Json) -> None:
        """Replace a message of ours."""
        path = f"conversations/{_quoted(to.conversation)}/activities/{_quoted(id)}"
        body = _addressed(to, to.conversation, self._shown(activity)) | {"id": id}
        await self._ask(to, "PUT", path, body, read=failures.read)

    async def member(self, of: Reference, member: str) -> Json:
        """Somebody of a conversation, as Teams tells it."""
        await self._members_turn()
        path = f"conversations/{_quoted(of.conversation)}/members/{_quoted(member)}"
        return await self._told(of, path)

    async def members(self, of: Reference, conversation: str = "") -> AsyncIterator[list[Json]]:
        """Everybody of a conversation, page by page."""
        path = f"conversations/{_quoted(conversation or of.conversation)}/pagedmembers"
        query = {"pageSize": str(PAGE)}
        for _ in range(_PAGES):
            await self._members_turn()
            page = await self._told(of, f"{path}?{urlencode(query)}")
            yield _objects(page, "members")
            following = _word(page, "continuationToken")
            if not following or following == query.get("continuationToken"):
                return
            query["continuationToken"] = following

    async def channels(self, of: Reference) -> list[Json]:
        """The channels of a team; the general one has an id and may have no name."""
        found = await self._told(of, f"teams/{_quoted(of.team)}/conversations")
        return _objects(found, "conversations")

    async def team(self, of: Reference) -> Json:
        """A team as Teams tells it: its name."""
        return await self._told(of, f"teams/{_quoted(of.team)}")

    async def begin(self, near: Reference, tenant: str, member: str) -> str:
        """The conversation id of somebody's own chat, which is made where there is none yet."""
        body = {
            "bot": {"id": near.bot},
            "isGroup": False,
            "members": [{"id": member}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        there = replace(near, kind=ConversationKind.PERSONAL)  # it is about a person
        if not (found := _word(await self._ask(there, "POST", "conversations", body), "id")):
            raise NotArrived("no conversation")
        return found

    async def _told(self, of: Reference, path: str) -> Json:
        if not isinstance(found := await self._ask(of, "GET", path), dict):
            raise NotArrived("no JSON")
        return found

    async def _ask(
        self,
        to: Reference,
        method: str,
        path: str,
        body: Json | None = None,
        again: Container[int] = PASSING,
        read: Read = failures.unposted,
    ) -> object:
        """What Teams tells, asked anew while that may help and there is time; None for nothing."""
        channel = to.kind is not ConversationKind.PERSONAL
        try:
            answer = await self._answer(to.service_url, method, path, body, again)
        except KINDS as error:
            raise read(error, channel=channel) from error
        told = _json(answer.text)
        if not answer.well or (answer.text.strip() and told is None):
            raise read(answer, channel=channel)
        return told

    async def _answer(
        self, url: str, method: str, path: str, body: Json | None, again: Container[int]
    ) -> Answer:
        until = self._clock() + self._patience
        for tried in range(1, TRIES + 1):
            answer = await self._transport.ask(url, method, path, body)
            asked = failures.wait(answer)
            pause = asked.total_seconds() if asked else _SOON * 2**tried * random.uniform(0.5, 1)
            if answer.status not in again or self._clock() + pause > until:
                break
            if tried < TRIES:
                await self._sleep(pause)
        return answer

    async def _members_turn(self) -> None:
        """Who gives up waiting takes nobody else's turn."""
        async with self._members:
            if (wait := self._members_at + MEMBERS_APART - self._clock()) > 0:
                await self._sleep(wait)
            self._members_at = self._clock()


def _addressed(to: Reference, place: str, activity: Json) -> Json:
    """The activity with from whom, to whom and where, as far as it does not say so itself."""
    said: Json = {"conversation": {"id": place}}
    if to.bot:
        said["from"] = {"id": to.bot}
    if to.member:
        said["recipient"] = {"id": to.member}
    return said | activity


def _quoted(id: str) -> str:
    return quote(id, safe="")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _word(found: object, name: str) -> str:
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, str) else ""


def _objects(found: Json, name: str) -> list[Json]:
    value = found.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
