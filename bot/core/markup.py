"""The only mark-up the product's sentences use: **bold**, _italic_, and a backslash before a mark.

Every label and body in a message is mark-up; what people typed enters a sentence escaped, so a
name can neither shout nor plant a link, whatever the platform reads into stars and brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby

_INNER = r"(?:\\.|[^\\])+?"  # an escaped mark is one unit and closes nothing
_ESCAPED = r"\\(?P<escaped>[\\*_])"
_BOLD = rf"\*\*(?P<bold>{_INNER})\*\*"
_ITALIC = rf"(?<!\w)_(?=\S)(?P<italic>{_INNER})(?<=\S)_(?!\w)"
# What is bold cannot become bolder: in it, its mark is an ordinary character, as deep as marks may go.
_TOKENS = {
    (bold, italic): re.compile(
        "|".join((_ESCAPED, *[_BOLD] * (not bold), *[_ITALIC] * (not italic))), re.DOTALL
    )
    for bold in (False, True)
    for italic in (False, True)
}


@dataclass(frozen=True)
class Span:
    """A run of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


def escape(words: str) -> str:
    """Make people's own words safe to stand inside mark-up."""
    return words.translate({ord(mark): f"\\{mark}" for mark in "\\*_"})


_MARK = re.compile(r"[\\*_]")


def spans(markup: str) -> tuple[Span, ...]:
    """Read mark-up into runs of one style; a mark that is never closed is an ordinary character."""
    if not _MARK.search(markup):
        return (Span(markup),) if markup else ()
    runs = groupby(_read(markup, Span("")), key=lambda span: (span.bold, span.italic))
    return tuple(Span("".join(s.text for s in same), *style) for style, same in runs)


def _read(markup: str, style: Span) -> list[Span]:
    found: list[Span] = []
    at = 0
    for token in _TOKENS[style.bold, style.italic].finditer(markup):
        found.append(replace(style, text=markup[at : token.start()]))
        at = token.end()
        match token.lastgroup:
            case "bold":
                found += _read(token["bold"], replace(style, bold=True))
            case "italic":
                found += _read(token["italic"], replace(style, italic=True))
            case _:
                found.append(replace(style, text=token["escaped"]))
    found.append(replace(style, text=markup[at:]))
    return [span for span in found if span.text]


def plain(markup: str) -> str:
    """The same words without any style: for labels, notifications and screen readers."""
    return "".join(span.text for span in spans(markup))
