"""Slack's requests, heard by Bolt, become events; what comes back is answered where it belongs.

Each is handled to the end, and committed, before it is acknowledged: what Slack does not hear from
us it sends again. Slack waits three seconds; at two we acknowledge all the same, and the answer
follows.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.events import Event
from bot.core.messages import Message
from bot.core.news import AccountsSeen, Uninstalled
from bot.core.platform import Bot
from bot.platforms.intime import InTime
from bot.platforms.slack import answers, blocks, scopes, wire
from bot.platforms.slack.accounts import account
from bot.platforms.slack.homes import Homes
from bot.platforms.slack.newcomers import Newcomers
from bot.platforms.slack.wire import NAME, Body, Origin
from bot.platforms.turnstile import WAIT

GUARD = 2.0  # seconds; Slack shows an error at three
_ANY = re.compile("")
log = structlog.get_logger()


class Adapter:
    """Listens to one Bolt app; `forget` drops the tokens of a workspace that removed the bot."""

    def __init__(
        self,
        bot: Bot,
        newcomers: Newcomers,
        homes: Homes,
        forget: Callable[[str], Awaitable[None]],
        guard: float = GUARD,
    ) -> None:
        self._bot, self._newcomers, self._homes = bot, newcomers, homes
        self._forget, self._in_time = forget, InTime(guard, _unshown)

    def listen(self, app: AsyncApp) -> None:
        """Register everything we answer to; names of events are those of `scopes.EVENTS`."""
        app.command(scopes.COMMAND)(self.command)
        app.action(_ANY)(self.clicked)
        app.view(blocks.FORM)(self.submitted)
        app.event("message")(self.typed)
        app.event("app_mention")(self.mentioned)
        app.event("app_home_opened")(self.home_opened)
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.revoked)
        app.event("user_change")(self.changed)
        app.event("team_join")(self.changed)
        app.error(_broken)

    async def finish(self) -> None:
        """Wait for answers that are still on their way."""
        await self._in_time.finish()

    # --- people ---

    async def command(self, body: Body, ack: AsyncAck, client: AsyncWebClient) -> None:
        """`/mentor …`, wherever it was typed."""
        began = asyncio.get_running_loop().time()
        event = wire.command(body)
        private = await self._newcomers.is_private(client, event.who, event.place.address)
        event = replace(event, place=replace(event.place, private=private))

        async def late(answer: Message | None) -> None:
            trigger = body["trigger_id"]
            if answer is None:
                return
            if answer.form and await answers.open_modal(client, trigger, answer, Origin()):
                return
            if not await answers.follow(client, body["response_url"], answer, private=private):
                await answers.say(client, event.who.user, answer)

        spent = asyncio.get_running_loop().time() - began
        work = self._asked(event, client)
        over, answer = await self._in_time.answer(work, late, spent)
        if not over or answer is None:
            await ack()
        elif answer.form:
            self._in_time.soon(late(answer))
            await ack()
        else:
            await ack(**answers.said(answer, private=private))

    async def clicked(self, body: Body, ack: AsyncAck, client: AsyncWebClient) -> None:
        """A button on a card, in a modal or on the Home tab."""
        event = wire.click(body)
        if event is None:
            await ack()
            return
        user = event.who.user
        if not self._bot.admits(event.who):  # the card stays, with what was filled in
            refusal = await self._bot.too_often(event)
            self._in_time.soon(_beside(body, client, user, refusal))
            await ack()
            return

        async def put(answer: Message | None) -> None:
            if answer and not await self._put(body, client, answer):
                await answers.say(client, user, answer)

        over, answer = await self._in_time.answer(self._handled(event, client), put)
        if over:
            self._in_time.soon(put(answer))
        await ack()

    async def _put(self, body: Body, client: AsyncWebClient, answer: Message) -> bool:
        """Where the click was; False when that is no longer there."""
        view = body.get("view") or {}
        trigger, response_url = str(body.get("trigger_id")), str(body.get("response_url") or "")
        if view.get("type") == "modal":
            return await answers.change_modal(client, view, answer, wire.origin_of(view))
        place = body.get("container") or {}
        if view or place.get("type") == "view":  # the Home tab stays, the answer stands before it
            return await answers.open_modal(client, trigger, answer, Origin())
        if answer.form:
            # A card that only one person sees comes without its message.
            ts = str((body.get("message") or place).get("ts") or place.get("message_ts") or "")
            origin = Origin("", body["channel"]["id"], ts, response_url)
            if await answers.open_modal(client, trigger, answer, origin):
                return True
        return await answers.instead(client, response_url, answer)

    async def submitted(
        self, body: Body, ack: AsyncAck, client: AsyncWebClient
    ) -> BoltResponse | None:
        """A modal was sent."""
        event, origin = wire.submission(body)
        view = body["view"]
        if not self._bot.admits(event.who):  # it stays open, with what was filled in
            return _later()

        async def late(answer: Message | None) -> None:
            if answer and not (origin.ts and await answers.over_card(client, origin, answer)):
                await answers.say(client, event.who.user, answer)

        over, answer = await self._in_time.answer(self._handled(event, client), late)
        if over and answers.is_elsewhere(answer, view):
            self._in_time.soon(late(answer))
        await ack(**(answers.on_submission(answer, view) if over else {}))
        return None

    async def typed(self, body: Body, client: AsyncWebClient) -> BoltResponse | None:
        """Words in the private chat. What the bot answers, it has promised."""
        event = wire.typed(body)
        if event is None:
            return None
        if not self._bot.admits(event.who):
            return _later()
        self._newcomers.saw_private(event.who, event.place.address)
        answer = await self._handled(event, client)
        if answer:  # only when something went wrong
            await answers.say(client, event.who.user, answer)
        return None

    async def mentioned(self, body: Body, client: AsyncWebClient) -> BoltResponse | None:
        """Somebody calls the bot by name in a channel: only they see the answer."""
        event = wire.mention(body)
        if event is None:
            return None
        if not self._bot.admits(event.who):
            return _later()
        answer = await self._handled(event, client)
        if answer:
            await answers.whisper(client, event.place.address, event.who.user, answer)
        return None

    async def home_opened(self, body: Body, client: AsyncWebClient) -> BoltResponse | None:
        """Somebody looks at the Home tab."""
        event = wire.home_opened(body)
        if event is None:
            return None
        if not self._bot.admits(event.who):
            return _later()
        if await self._newcomers.know(event.who, client):
            await self._homes.opened(event)
        return None

    async def _asked(self, event: Event, client: AsyncWebClient) -> Message | None:
        if not self._bot.admits(event.who):
            return await self._bot.too_often(event)
        return await self._handled(event, client)

    async def _handled(self, event: Event, client: AsyncWebClient) -> Message | None:
        if not await self._newcomers.know(event.who, client):
            return None
        answer = await self._bot.act(event)
        self._homes.changed(event.who)
        return answer

    # --- news ---

    async def uninstalled(self, body: Body) -> None:
        """The bot was removed from a workspace."""
        await self._gone(body)

    async def revoked(self, body: Body) -> None:
        """Somebody took back tokens; only the bot's own matter."""
        if (body["event"].get("tokens") or {}).get("bot"):
            await self._gone(body)

    async def _gone(self, body: Body) -> None:
        workspace = wire.workspace(body)
        if await self._bot.hear(Uninstalled(NAME, workspace, id=str(body.get("event_id") or ""))):
            await self._forget(workspace)
            log.warning("slack.uninstalled", workspace=workspace)

    async def changed(self, body: Body) -> None:
        """An account is new, or not what it was."""
        workspace = wire.workspace(body)
        seen = account(body["event"]["user"], workspace)
        await self._bot.hear(AccountsSeen(NAME, workspace, (seen,)))


async def _broken(error: Exception, body: Body) -> BoltResponse:
    """A request we cannot make sense of: Slack hears that all is well, the log what is wrong."""
    reference = secrets.token_hex(3).upper()
    kind = body.get("type") or ("command" if "command" in body else "")
    log.error("slack.not_understood", reference=reference, kind=kind, error=type(error).__name__)
    return BoltResponse(status=200)


async def _beside(body: Body, client: AsyncWebClient, user: str, answer: Message) -> None:
    """For one pair of eyes, and nothing that stands there changes."""
    url = str(body.get("response_url") or "")
    if not await answers.follow(client, url, answer, private=False):
        await answers.say(client, user, answer)


def _later() -> BoltResponse:
    """Slack sends an event again that it was asked to wait with, and keeps a modal open."""
    return BoltResponse(status=429, headers={"Retry-After": str(WAIT)})


def _unshown(error: Exception) -> None:
    log.warning("slack.answer_not_shown", error=answers.named(error))
