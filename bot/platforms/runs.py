"""Mark-up as runs of words that a platform can send: read, cut and split, whatever draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.core.markup import Span, spans
from bot.platforms.words import ELLIPSIS, clean, cut, is_seen, length, pieces

Run = Sequence[Span]


@lru_cache(maxsize=256)  # a card too long for its platform is drawn again, and again smaller
def read(markup: str) -> Run:
    """The mark-up as runs of words that can be sent."""
    cleaned = ((span, clean(span.text)) for span in spans(markup))
    return tuple(
        replace(span, text=text) if text != span.text else span for span, text in cleaned if text
    )


def said(run: Run) -> str:
    return "".join(span.text for span in run)


def shortened(run: Run, most: int) -> Run:
    """The run, at most so long, with an ellipsis where something is missing."""
    words = said(run)
    if length(words) <= most:
        return run
    kept = len(cut(words, most)) - len(ELLIPSIS)
    return [*_between(run, 0, kept), Span(ELLIPSIS)]


def split(run: Run, most: int) -> Iterator[Run]:
    """The run in pieces, each at most so long; a piece with nothing to see is left out."""
    words = said(run)
    for start, end in pieces(words, most):
        if is_seen(words[start:end]):
            yield _between(run, start, end)


def _between(run: Run, start: int, end: int) -> Run:
    found = []
    at = 0
    for span in run:
        text = span.text[max(start - at, 0) : max(end - at, 0)]
        if text:
            found.append(replace(span, text=text))
        at += len(span.text)
    return found
