"""Our mark-up as Slack's text objects, in which nobody's words can ping, link or format.

Slack's own mark-up has no way to escape a star. So words are `plain_text`, which Slack does not
read; only where they hold nothing that Slack could read does bold or italic make them `mrkdwn` (and
a line break, which some clients drop from `plain_text`). A sentence with a star in somebody's name
loses its bold rather than the star.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.core.markup import plain
from bot.platforms.runs import Run, said
from bot.platforms.slack.limits import ELLIPSIS, SUMMARY, clean, cut, is_seen, length

Json = dict[str, Any]

_SHORTCODE = re.compile(r":[\w+'-]+:")
_READ_BY_SLACK = re.compile(rf"[*_~`&<>@#]|://|www\.|{_SHORTCODE.pattern}", re.IGNORECASE)
_WORDS = re.compile(r"\S(?:.*\S)?")  # within one line, without the spaces around them
_EDGE = "\u200b"  # takes no room; Slack sees the end of a word
_OPENS_AFTER = f"({_EDGE}"
_CLOSES_BEFORE = f".,!?:;){_EDGE}"
_LOOK_ALIKE = str.maketrans("*_~`", "\u2217\u02cd\u223c\u02cb")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def plain_text(words: str) -> Json:
    """Exactly these words; `:tada:` stays what it is."""
    return {"type": "plain_text", "text": words, "emoji": not _SHORTCODE.search(words)}


def text_object(run: Run, most: int) -> Json:
    """A run (that fits) as it should look, or else as it was written."""
    words = said(run)
    styled = any(span.bold or span.italic for span in run)
    if (styled or "\n" in words) and not _READ_BY_SLACK.search(words):
        marked = _marked(run)
        if length(marked) <= most:
            return {"type": "mrkdwn", "text": marked, "verbatim": True}
    return plain_text(words)


def _marked(run: Run) -> str:
    """Slack sees a mark only at the edge of a word and within a line, so it gets edges there."""
    drawn = ""
    closed = False
    for marks, words in _in_words(run):
        if closed and not (words[0].isspace() or words[0] in _CLOSES_BEFORE):
            drawn += _EDGE
        if marks and drawn and not (drawn[-1].isspace() or drawn[-1] in _OPENS_AFTER):
            drawn += _EDGE
        drawn += f"{marks}{words}{marks[::-1]}"
        closed = bool(marks)
    return drawn


def _in_words(run: Run) -> Iterator[tuple[str, str]]:
    """Marks and the words between them; spaces and line breaks stand outside the marks."""
    for span in run:
        marks = "*" * span.bold + "_" * span.italic
        at = 0
        for found in _WORDS.finditer(span.text) if marks else ():
            if found.start() > at:
                yield "", span.text[at : found.start()]
            yield marks, found.group()
            at = found.end()
        if span.text[at:]:
            yield "", span.text[at:]


def summary(markup: str) -> str:
    """The notification: one line that Slack would read, and therefore escaped."""
    words = " ".join(clean(plain(markup)).split())
    if not is_seen(words):
        return ELLIPSIS
    most = SUMMARY
    while length(escaped := _escaped(cut(words, most))) > SUMMARY:
        most = most * 3 // 4
    return escaped


def _escaped(words: str) -> str:
    unquoted = f"{_EDGE}{words}" if words.startswith(">") else words
    return unquoted.translate(_LOOK_ALIKE).translate(_ESCAPED)
