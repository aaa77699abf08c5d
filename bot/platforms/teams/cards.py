"""Draws a message as an Adaptive Card for Teams, whatever it is for; and reads a click on it back.

`nonce` is fresh each time a card is drawn: where an id stays the same, a client may keep the old
input. `pictures` has the address of the nth picture: one on the web stands in the card, one that
holds the picture itself (`data:`) travels as an attachment of its own, because a card may be 28 KB.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.core.actions import Action, Expired, StaleAction
from bot.core.markup import plain
from bot.core.messages import Ask, Fields, Message, Picture
from bot.platforms.teams import inputs
from bot.platforms.teams.drawing import ASKED, WIRE, fit, size
from bot.platforms.teams.texts import Json, harmless, spoken, summary
from bot.platforms.words import one_line

__all__ = ["CARD", "card", "clicked", "images", "message"]

CARD = "application/vnd.microsoft.card.adaptive"
VERSION = "1.5"
MOST = 28_000  # bytes; Teams takes 28 KB
NO_PICTURES: Mapping[int, str] = MappingProxyType({})
_WIDE = (Ask, Fields, Picture)  # what a narrow card cramps
_SUMMARY = 300
_NAME = 200


def message(
    message: Message, *, nonce: str, lang: str = "", pictures: Mapping[int, str] = NO_PICTURES
) -> Json:
    """The activity to send: the card, then each picture that travels by itself."""
    drawn = card(message, nonce=nonce, lang=lang, pictures=pictures)
    return {
        "type": "message",
        "summary": drawn["fallbackText"],
        "attachmentLayout": "list",
        "attachments": [{"contentType": CARD, "content": drawn}, *images(message, pictures)],
    }


def images(message: Message, pictures: Mapping[int, str]) -> list[Json]:
    """The attachments of the pictures that travel by themselves, each with its words."""
    return [
        {
            "contentType": url.removeprefix("data:").partition(";")[0],
            "contentUrl": url,
            "name": harmless(one_line(plain(picture.alt), _NAME)),
        }
        for number, picture in enumerate(message.all(Picture))
        if (url := pictures.get(number, "")).startswith("data:")
    ]


def card(
    message: Message, *, nonce: str, lang: str = "", pictures: Mapping[int, str] = NO_PICTURES
) -> Json:
    """The card alone: for an attachment, and for an answer that replaces the card clicked on."""
    drawn: Json = {
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": summary(message.summary, _SUMMARY),
        "speak": spoken(message.summary, _SUMMARY),
        "body": [],
    }
    if lang:
        drawn["lang"] = lang
    if any(isinstance(part, _WIDE) for part in message.parts):
        drawn["msteams"] = {"width": "Full"}
    return drawn | {"body": fit(message, nonce, pictures, MOST - size(drawn))}


def clicked(value: object) -> tuple[Action, dict[str, tuple[str, ...]]]:
    """What a click means, and what stood in the inputs: the `value` of an invoke or of a message.

    Expired when this version cannot read the button.
    """
    data = _data(value)
    wire, asked = data.get(WIRE), data.get(ASKED)
    fields = inputs.fields(asked if isinstance(asked, str) else None, data)
    return _action(wire if isinstance(wire, str) else ""), fields


def _data(value: object) -> Mapping[str, Any]:
    """Execute sends its data within an action, Submit sends it bare."""
    if isinstance(value, Mapping) and isinstance(action := value.get("action"), Mapping):
        value = action.get("data")
    return value if isinstance(value, Mapping) else {}


def _action(wire: str) -> Action:
    try:
        return Action.decode(inputs.unsafe(wire))
    except StaleAction:
        return Expired()
