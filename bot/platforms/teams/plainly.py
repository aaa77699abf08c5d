"""A message without a card, for when Teams does not take it as it was drawn."""

from __future__ import annotations

from bot.core.messages import Message
from bot.platforms.plainly import lines
from bot.platforms.teams.texts import Json, summary

MOST = 8_000  # characters; a message may be 28 KB in UTF-16
_LINE = 1_000
_APART = "\n\n"  # a single break is a space where Teams reads markdown after all


def text(message: Message) -> Json:
    """The activity to send: the words line by line, as far as they fit, nothing else."""
    words = lines(message, lambda line: summary(line, _LINE), MOST, len(_APART))
    return {"type": "message", "textFormat": "plain", "text": _APART.join(words)}
