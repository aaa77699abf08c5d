"""Our mark-up as Adaptive Card texts, in which nobody's words can mention, link or format.

Teams reads markdown in a TextBlock, in a fact and in the title of a choice, and its clients differ
in what they read and in how it is escaped. None of them reads anything in the runs of a
RichTextBlock: so every sentence is one, with bold and italic beside the words instead of in them.
Only what must be a plain string is made harmless, and only a heading whose words are harmless as
they are is a TextBlock, because that is what a screen reader takes for a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.core.markup import Span, plain
from bot.platforms.runs import Run, said
from bot.platforms.words import ELLIPSIS, clean, cut, is_seen

Json = dict[str, Any]

_EDGE = "\u200b"  # takes no room, and parts what only together means something
_FUNCTION = re.compile(r"\{(?=\{)")  # {{DATE(…)}}, as the clock of the reader would tell it
_LOOK_ALIKE = str.maketrans("*_~`\\", "\u2217\u02cd\u223c\u02cb\u29f5")
_MEANS_NOTHING_PARTED = (
    re.compile(r"^(?=\s|[#>+=|-]|\d+[.)](?:\s|$))"),  # a list, a quote, a heading, a line, code
    re.compile(r"(?<=])(?=[(:\[])"),  # [words](link), [words]: link
    re.compile(r"(?<=<)"),  # <at>, <b>, <https://…>
    re.compile(r"(?<=&)(?=[#\w])"),  # &amp;
    re.compile(r"(?<=:)(?=//)|(?<=\w)(?=\.[^\W\d_])|(?=@)", re.IGNORECASE),  # an address
)
_SPOKEN = str.maketrans("<>&", "\u2039\u203a+")  # what is spoken is read as SSML


def unread(words: str) -> str:
    """Words for where no markdown is read, without what is read even there: `{{DATE(…)}}`."""
    return _FUNCTION.sub(f"{{{_EDGE}", words)


def harmless(words: str) -> str:
    """For where some clients read markdown and others show it: one line in which there is none."""
    words = unread(words).translate(_LOOK_ALIKE)
    for pattern in _MEANS_NOTHING_PARTED:
        words = pattern.sub(_EDGE, words)
    return words


def is_harmless(words: str) -> bool:
    """Whether no client reads anything but these words into them."""
    return harmless(words) == words


def summary(markup: str, most: int) -> str:
    """The notification, and what a client shows that cannot draw the card."""
    words = " ".join(clean(plain(markup)).split())
    return harmless(cut(words, most)) if is_seen(words) else ELLIPSIS


def spoken(markup: str, most: int) -> str:
    """What a screen reader says of the card."""
    words = " ".join(clean(plain(markup)).split())
    return cut(words, most).translate(_SPOKEN) if is_seen(words) else ELLIPSIS


def heading(line: str) -> Json:
    """A line that stands out; for a screen reader a heading, if Teams reads nothing into it."""
    if is_harmless(line):
        look = {"size": "Large", "weight": "Bolder", "wrap": True, "style": "heading"}
        return {"type": "TextBlock", "text": line, **look, "spacing": "Medium"}
    return {**rich([Span(line, bold=True)], size="Large"), "spacing": "Medium"}


def rich(run: Run, **look: Any) -> Json:
    """Words exactly as they are, in the styles of the run."""
    return {"type": "RichTextBlock", "inlines": [_inline(span, look) for span in run]}


def _inline(span: Span, look: Json) -> Json:
    inline: Json = {"type": "TextRun", "text": unread(span.text), **look}
    if span.bold:
        inline["weight"] = "Bolder"
    if span.italic:
        inline["italic"] = True
    return inline


def lines(run: Run, parted: bool = True, **look: Any) -> Iterator[Json]:
    """A block for every line, close together within a paragraph, because not every client is known
    to keep a break within a block; or all in one, which takes less."""
    if not is_seen(said(run)):
        return
    close: Json = {}
    for line in _lines(run) if parted else [run]:
        if said(line).strip():
            yield {**rich(line, **look), **close}
            close = {"spacing": "None"}
        elif close:
            close = {"spacing": "Small"}


def _lines(run: Run) -> Iterator[Run]:
    """What stands between the breaks."""
    line: list[Span] = []
    for span in run:
        first, *others = span.text.split("\n")
        line.append(replace(span, text=first))
        for text in others:
            yield [span for span in line if span.text]
            line = [replace(span, text=text)]
    yield [span for span in line if span.text]
