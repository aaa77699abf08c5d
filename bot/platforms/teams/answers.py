"""Where an answer goes: over the card that was clicked, or below what was said."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import structlog

from bot.core.messages import Message, Picture
from bot.platforms.teams import cards, sharing
from bot.platforms.teams.connector import Connector
from bot.platforms.teams.texts import summary
from storage.teams import Reference

Json = dict[str, Any]
MESSAGE = "application/vnd.microsoft.activity.message"
WAIT: Json = {"statusCode": 200, "type": MESSAGE, "value": "⏳"}  # the answer follows
DONE: Json = {"statusCode": 200, "type": MESSAGE, "value": "✓"}  # there is nothing to show
_LONGEST = 500  # characters of words below a card
log = structlog.get_logger()


def invoked(answer: Message | None) -> Json:
    """What answers a click: the card that takes the place of the clicked one."""
    if answer is None:
        return DONE
    return {"statusCode": 200, "type": cards.CARD, "value": cards.card(answer, nonce=fresh())}


def told(answer: Message | None) -> Json:
    """What answers a click on a card that others see too: words below it, for whoever clicked."""
    if answer is None:
        return DONE
    return {"statusCode": 200, "type": MESSAGE, "value": summary(answer.summary, _LONGEST)}


def pictured(answer: Message) -> bool:
    """Whether something of the answer does not fit into a card."""
    return bool(answer.all(Picture))


def fresh() -> str:
    """A nonce: where an input keeps its id, a client may keep what was in it."""
    return secrets.token_hex(4)


class Speaking:
    """Says an answer in a conversation."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def say(self, to: Reference, answer: Message, *, thread: str = "") -> None:
        """Below what was said; in a channel, in its thread."""
        for activity in await asyncio.to_thread(sharing.drawn, answer):
            await self._connector.send(to, activity, thread=thread, patient=True)

    async def instead(self, to: Reference, id: str, answer: Message) -> bool:
        """Where a card stands. False when Teams does not let it be changed any more."""
        first, *more = await asyncio.to_thread(sharing.drawn, answer)
        try:
            await self._connector.update(to, id, first)
        except Exception as error:
            log.info("teams.card_not_changed", error=type(error).__name__)
            return False
        for activity in more:
            await self._connector.send(to, activity, patient=True)
        return True

    async def show_pictures(self, to: Reference, answer: Message) -> None:
        """What did not fit into the answer to a click: its pictures, each with its words."""
        for activity in await asyncio.to_thread(sharing.apart, answer):
            await self._connector.send(to, activity, patient=True)
