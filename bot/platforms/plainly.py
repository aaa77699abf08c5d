"""A message without any layout, for when a platform does not take it as it was drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.core.markup import plain
from bot.core.messages import Fields, File, Heading, Message, Note, Part, Picture, Text
from bot.platforms.words import is_seen, length


def lines(message: Message, draw: Callable[[str], str], most: int, between: int = 1) -> list[str]:
    """The words line by line as `draw` writes them: as many as fit into so many characters, with so
    many between two lines."""
    first = draw(message.summary)
    drawn, size = [first], length(first)
    for words in _words(message):
        line = draw(words) if is_seen(plain(words)) else ""
        if not line or line == first:  # the first line of a card is often its summary
            continue
        size += between + length(line)
        if size > most:
            break
        drawn.append(line)
    return drawn


def _words(message: Message) -> Iterator[str]:
    for part in message.parts:
        for words in _of(part):
            yield from words.splitlines()


def _of(part: Part) -> list[str]:
    match part:
        case Heading(text=words) | Text(body=words) | Note(body=words) | Picture(beside=words):
            return [words]
        case File(instead=words):
            return [words]
        case Fields(rows=rows):
            return [f"{label}: {value}" if label else value for label, value in rows]
    return []
