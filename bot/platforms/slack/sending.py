"""Letters leave for Slack: no faster than it takes them, in order, each once wherever one can see."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.messages import Message, Part, Picture
from bot.core.platform import (
    Letter,
    Limit,
    Pace,
    TryLater,
    Unreachable,
    Why,
    members_of,
)
from bot.platforms.pace import Budget, Clock, Lanes, Sleep
from bot.platforms.slack import blocks, failures, places, plainly, sharing
from bot.platforms.slack.mrkdwn import Json
from bot.platforms.slack.places import Places
from bot.platforms.slack.sharing import Posted
from scheduler.delivery import BATCH, SEND_WITHIN

APART = 1.0  # seconds between two posts in one channel
TAKES = Limit(200, 60.0)  # posts in a workspace, in seconds
PATIENCE = BATCH * APART  # a whole batch may be for one channel
PICTURES_UNTIL = SEND_WITHIN - 3  # past it, the post would take the message for lost
log = structlog.get_logger()


class SlackPlatform:
    """Sends to every workspace; the pace is kept for each by itself.

    A letter in doubt is looked up before it is sent again where the bot may read: in a chat with one
    person. Channels and group chats are not ours to read, so there a doubt may cost one repeat.
    A channel's turn lasts until its message has arrived with its pictures. Whoever waits for it
    too long is told to come later, and may then stand behind what came meanwhile: more than
    a whole batch in one channel at a slow moment is the only case in which the order is lost.
    """

    name = "slack"

    def __init__(
        self,
        clients: Callable[[str], Awaitable[AsyncWebClient]],
        *,
        limit: Limit = TAKES,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`clients` gives a client with the workspace's token, or raises Refused; `sent`, which may
        be replaced, is told the workspace and the account of whom a letter reached."""
        self.sent: Callable[[str, str], object] = lambda _workspace, _user: None
        self._clients, self.pace = clients, Pace((limit,), APART)
        self._clock, self._sleep = clock, sleep
        self._budgets: dict[str, Budget] = {}  # as many as there are workspaces
        self._lanes, self._places = Lanes(clock, sleep, APART), Places()

    def room(self, workspace: str) -> int:
        """How many letters the workspace takes now; 0 while it asks to wait."""
        return self._budget(workspace).left()

    async def send(self, letter: Letter) -> None:
        """Deliver, or raise what the outbox understands."""
        started = self._clock()
        client = await self._client(letter.workspace)
        async with self._lanes.turn(_lane(letter), PATIENCE):
            place = await self._place(client, letter)
            if letter.again and await self._has_arrived(client, letter, place):
                return
            posted = await self._deliver(client, letter, place)
            self._tell(letter)
            within = PICTURES_UNTIL - (self._clock() - started)
            await sharing.share(client, posted, letter.message, within, self._sleep)

    def _tell(self, letter: Letter) -> None:
        if letter.address[:1] not in ("U", "W"):
            return
        try:
            self.sent(letter.workspace, letter.address)
        except Exception as error:  # the letter has arrived: it must not go out again
            log.error("slack.not_told", error=type(error).__name__)

    def _budget(self, workspace: str) -> Budget:
        return self._budgets.setdefault(workspace, Budget(self.pace.workspace, self._clock))

    async def _client(self, workspace: str) -> AsyncWebClient:
        """One that asks once: the SDK's own retries would post a second time after a connection
        that broke, and nobody would know."""
        try:
            client = copy.copy(await self._clients(workspace))
        except failures.KINDS as error:
            raise failures.unposted(error) from error
        client.retry_handlers = []
        return client

    async def _place(self, client: AsyncWebClient, letter: Letter) -> str:
        """What to post to. Slack opens the chat with one person by itself."""
        workspace, address = letter.workspace, letter.address
        if members_of(address) or (letter.again and places.is_direct(address)):
            return await self._places.open(client, workspace, address)
        return self._places.known(workspace, address)

    async def _has_arrived(self, client: AsyncWebClient, letter: Letter, place: str) -> bool:
        if not places.is_direct(letter.address):
            return False
        return await self._places.has_arrived(client, place, letter.key, time.time())

    async def _deliver(self, client: AsyncWebClient, letter: Letter, place: str) -> Posted:
        """Post it, if need be without its layout or to a channel found by its name; where it is."""
        # Pictures follow as files, each with its own words for who cannot see it.
        words = replace(letter.message, parts=_but_pictures(letter.message))
        drawn = blocks.message(words, nonce=uuid4().hex[:12])
        try:
            return await self._post(client, letter, place, drawn)
        except failures.Misdrawn:
            await self._lanes.pause(_lane(letter))
            return await self._post_plainly(client, letter, place)
        except Unreachable as error:
            self._places.forget(letter.workspace, letter.address)
            name = places.channel_of(letter.address)
            if not name.startswith("#") or error.why is not Why.NOT_INVITED:
                raise
            found = await self._places.find(client, letter.workspace, name)
            await self._lanes.pause(_lane(letter))
            return await self._post(client, letter, found, drawn)

    async def _post_plainly(self, client: AsyncWebClient, letter: Letter, place: str) -> Posted:
        """The words are worth more than the buttons; what Slack did not like stands in the log."""
        try:
            return await self._post(client, letter, place, plainly.text(letter.message))
        except failures.Misdrawn as error:
            raise failures.NotArrived(str(error)) from error

    async def _post(
        self, client: AsyncWebClient, letter: Letter, place: str, drawn: Json
    ) -> Posted:
        budget = self._budget(letter.workspace)
        metadata = {"event_type": places.EVENT, "event_payload": {"key": letter.key}}
        try:
            with budget.one():
                answer = await client.chat_postMessage(channel=place, metadata=metadata, **drawn)
        except failures.KINDS as error:
            failure = failures.read(error, channel=places.is_channel(letter.address))
            if isinstance(failure, TryLater):
                budget.close(failure.wait)
            raise failure from error
        return Posted(str(answer.get("channel") or place), str(answer.get("ts") or ""))


def _lane(letter: Letter) -> tuple[str, str]:
    return letter.workspace, places.channel_of(letter.address)


def _but_pictures(message: Message) -> tuple[Part, ...]:
    return tuple(part for part in message.parts if not isinstance(part, Picture))
