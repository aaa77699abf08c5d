"""Teams' activities become events; what comes back is answered where it belongs.

Each is handled to the end, and committed, before Teams hears that it was: what Teams does not hear
from us it sends again. It waits some ten seconds; at eight we say that the answer follows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from bot.core.events import Event
from bot.core.messages import Message
from bot.core.platform import Bot
from bot.platforms.intime import InTime
from bot.platforms.teams import answers, wire
from bot.platforms.teams.answers import Speaking
from bot.platforms.teams.newcomers import Newcomers
from bot.platforms.teams.places import Places
from storage.models import ConversationKind

GUARD = 8.0  # seconds; Teams gives up on a click after ten or so
LEISURE = 30.0  # seconds for a question to Teams while nobody waits for an answer
CHANNEL = "msteams"
Json = dict[str, Any]
Body = Mapping[str, Any]
log = structlog.get_logger()


class Adapter:
    """Takes turns: `welcomes` says whether a tenant is one of ours, and makes it known."""

    def __init__(
        self,
        bot: Bot,
        newcomers: Newcomers,
        places: Places,
        speaking: Speaking,
        welcomes: Callable[[Body], Awaitable[bool]],
        guard: float = GUARD,
    ) -> None:
        self._bot, self._newcomers, self._places = bot, newcomers, places
        self._speaking, self._welcomes = speaking, welcomes
        self._in_time = InTime(guard, _unshown)
        self._kinds: dict[str, Callable[[Body], Awaitable[Json | None]]] = {
            "message": self._message,
            "invoke": self._invoke,
            "installationUpdate": self._installation,
            "conversationUpdate": self._update,
        }

    async def turn(self, body: Body) -> Json | None:
        """What answers an activity: something for an invoke, nothing for all else."""
        kind = self._kinds.get(str(body.get("type")))
        if kind is None or body.get("channelId") != CHANNEL or not wire.conversation(body):
            return None
        try:
            return await kind(body) if await self._welcomes(body) else None
        except Exception as error:  # an activity that we cannot make sense of
            log.error("teams.not_understood", kind=body.get("type"), error=type(error).__name__)
            return None

    async def finish(self) -> None:
        """Wait for answers that are still on their way, but not for Teams to tell of people."""
        await self._in_time.finish(GUARD)

    # --- people ---

    async def _message(self, body: Body) -> None:
        """Words, or a click from an older client. What the bot answers to words in a private chat, it
        has promised."""
        clicked = wire.submitted(body)
        event = clicked or wire.typed(body) or wire.mention(body)
        if event is None:
            return

        refusal = None if self._bot.admits(event.who) else await self._bot.too_often(event)

        async def show(answer: Message | None) -> None:
            if answer is None:
                return
            if (
                clicked
                and answer is not refusal
                and event.place.private
                and await self._over(body, answer)
            ):
                return
            await self._speaking.say(wire.reference(body), answer, thread=wire.thread(body))

        if refusal:
            self._in_time.soon(show(refusal))
            return
        over, answer = await self._in_time.answer(self._act(event, body), show)
        if over:
            self._in_time.soon(show(answer))

    async def _invoke(self, body: Body) -> Json | None:
        """A click: its answer takes the card's place, unless the card is everybody's."""
        event = wire.executed(body)
        if event is None:
            return None
        if not self._bot.admits(event.who):  # the card stays, with what was filled in
            return answers.told(await self._bot.too_often(event))

        async def late(answer: Message | None) -> None:
            if answer and not (event.place.private and await self._over(body, answer)):
                await self._speaking.say(wire.reference(body), answer, thread=wire.thread(body))

        over, answer = await self._in_time.answer(self._act(event, body), late)
        if not over:
            return answers.WAIT
        if not event.place.private:
            return answers.told(answer)
        if answer and answers.pictured(answer):
            self._in_time.soon(self._speaking.show_pictures(wire.reference(body), answer))
        return answers.invoked(answer)

    async def _over(self, body: Body, answer: Message) -> bool:
        """Put the answer where the clicked card stands; False when that is no longer there."""
        card = str(body.get("replyToId") or "")
        return bool(card) and await self._speaking.instead(wire.reference(body), card, answer)

    async def _act(self, event: Event, body: Body) -> Message | None:
        try:
            await self._places.heard(event.who.workspace, wire.reference(body))
            await self._newcomers.know(event.who, body)
        except Exception as error:  # whoever acts must hear of it: the bot says what goes wrong
            log.error("teams.not_remembered", error=type(error).__name__)
        return await self._bot.act(event)

    # --- news ---

    async def _installation(self, body: Body) -> None:
        """The bot was added to a chat or a team, or taken out of it."""
        action, tenant = str(body.get("action") or ""), wire.tenant(body)
        if action.startswith("remove"):
            await self._left(body)
            return
        await self._places.heard(tenant, wire.reference(body))
        if action == "add":  # and not add-upgrade, which nobody asked for
            self._in_time.soon(self._welcome(body))

    async def _welcome(self, body: Body) -> None:
        """In its own time: an administrator may add the bot for thousands at once."""
        if event := wire.welcomed(body):
            await self._newcomers.know(event.who, body, patience=LEISURE)
            await self._bot.act(event)  # which promises the answer

    async def _update(self, body: Body) -> None:
        """Somebody came or went, or a channel is not what it was."""
        data = body.get("channelData")
        what = str(data.get("eventType") or "") if isinstance(data, Mapping) else ""
        if wire.is_about_us(body, "membersRemoved") or what in ("channelDeleted", "teamDeleted"):
            await self._left(body, channel=what == "channelDeleted")
            return
        tenant, here = wire.tenant(body), wire.reference(body)
        await self._places.heard(tenant, here)
        if here.kind is not ConversationKind.CHANNEL:
            return
        if wire.is_about_us(body, "membersAdded"):
            self._in_time.soon(self._newcomers.team(tenant, here))
        for member in wire.members(body, "membersAdded"):
            self._in_time.soon(self._newcomers.met(tenant, here, member))

    async def _left(self, body: Body, *, channel: bool = False) -> None:
        reference = wire.reference(body)
        tenant = wire.tenant(body)
        if reference.team and not channel:
            await self._places.left(tenant, team=reference.team)
        else:
            gone = wire.channel(body) or reference.conversation
            await self._places.left(tenant, conversation=gone)


def _unshown(error: Exception) -> None:
    log.warning("teams.answer_not_shown", error=type(error).__name__)
