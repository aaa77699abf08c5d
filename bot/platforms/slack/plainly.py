"""A message without any layout, for when Slack does not take it as it was drawn."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.markup import plain
from bot.core.messages import Fields, Heading, Message, Note, Part, Picture, Text
from bot.platforms.slack.limits import is_seen, length
from bot.platforms.slack.mrkdwn import Json, summary

MOST = 3_900  # characters; Slack may part a longer text in two


def text(message: Message) -> Json:
    """What chat.postMessage takes: the words line by line, as far as they fit, nothing else."""
    first = summary(message.summary)
    lines, size = [first], length(first)
    for words in _words(message):
        line = summary(words) if is_seen(plain(words)) else ""
        if not line or line == first:  # the first line of a card is often its summary
            continue
        size += 1 + length(line)
        if size > MOST:
            break
        lines.append(line)
    return {
        "text": "\n".join(lines),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _words(message: Message) -> Iterator[str]:
    for part in message.parts:
        for words in _of(part):
            yield from words.splitlines()


def _of(part: Part) -> list[str]:
    match part:
        case Heading(text=words) | Text(body=words) | Note(body=words) | Picture(alt=words):
            return [words]
        case Fields(rows=rows):
            return [f"{label}: {value}" if label else value for label, value in rows]
    return []
