"""Where an answer goes: over the card that was clicked, or below what was said."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import structlog

from bot.core.messages import Message, Picture
from bot.platforms.teams import cards
from storage.teams import Reference

Json = dict[str, Any]
Pictures = Callable[[Message], Awaitable[Mapping[int, str]]]
MESSAGE = "application/vnd.microsoft.activity.message"
WAIT: Json = {"statusCode": 200, "type": MESSAGE, "value": "⏳"}  # the answer follows
DONE: Json = {"statusCode": 200, "type": MESSAGE, "value": "✓"}  # there is nothing to show
log = structlog.get_logger()


class Line(Protocol):
    """What carries an activity to Teams."""

    async def send(
        self, to: Reference, activity: Json, *, thread: str = "", patient: bool = False
    ) -> str: ...
    async def update(self, to: Reference, id: str, activity: Json) -> None: ...


def invoked(answer: Message | None) -> Json:
    """What answers a click: the card that takes the place of the clicked one."""
    if answer is None:
        return DONE
    return {"statusCode": 200, "type": cards.CARD, "value": cards.card(answer, nonce=fresh())}


def pictured(answer: Message) -> bool:
    """Whether something of the answer does not fit into a card."""
    return bool(answer.all(Picture))


def fresh() -> str:
    """A nonce: where an input keeps its id, a client may keep what was in it."""
    return secrets.token_hex(4)


class Speaking:
    """Says an answer in a conversation; `pictures` draws those of a message, by their number."""

    def __init__(self, line: Line, pictures: Pictures) -> None:
        self._line, self._pictures = line, pictures

    async def say(self, to: Reference, answer: Message, *, thread: str = "") -> None:
        """Below what was said; in a channel, in its thread."""
        await self._line.send(to, await self._drawn(answer), thread=thread, patient=True)

    async def instead(self, to: Reference, id: str, answer: Message) -> bool:
        """Where a card stands. False when Teams does not let it be changed any more."""
        try:
            await self._line.update(to, id, await self._drawn(answer))
        except Exception as error:
            log.info("teams.card_not_changed", error=type(error).__name__)
            return False
        return True

    async def show_pictures(self, to: Reference, answer: Message) -> None:
        """What did not fit into the answer to a click: its pictures, each with its words."""
        shown = replace(answer, parts=answer.all(Picture))
        drawn = await self._drawn(shown)
        images = [each for each in drawn["attachments"] if each["contentType"] != cards.CARD]
        await self._line.send(to, {**drawn, "attachments": images}, patient=True)

    async def _drawn(self, answer: Message) -> Json:
        pictures = await self._pictures(answer)
        return cards.message(answer, nonce=fresh(), pictures=pictures)
