"""One message as blocks: every part drawn, and all of it within what Slack takes at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count, groupby
from typing import assert_never

from bot.core.markup import Span, plain
from bot.core.messages import (
    Ask,
    Button,
    Fields,
    File,
    Heading,
    Message,
    Note,
    Part,
    Picture,
    Rule,
    Style,
    Text,
)
from bot.platforms.runs import Run, read, said, shortened, split
from bot.platforms.slack import inputs
from bot.platforms.slack.limits import (
    ALT,
    BUTTON,
    BUTTON_VALUE,
    ELLIPSIS,
    FIELD,
    FIELDS,
    HEADER,
    NOTE,
    SECTION,
    is_seen,
    length,
    one_line,
)
from bot.platforms.slack.mrkdwn import Json, plain_text, text_object

_BESIDE = 100  # characters; a longer value, or label, does not stand beside the other
_LARGE = 4_000  # bytes; a larger row of buttons is two
_LAST = 4  # blocks that stay at the end of a card that is far too long


@dataclass(frozen=True)
class Room:
    blocks: int
    size: int  # bytes of JSON; Slack is known to refuse a message near 13,200 characters


CHAT = Room(50, 12_500)
PAGE = Room(100, 100_000)


@dataclass(frozen=True)
class _Scale:
    """How amply a card is drawn: the longest text in it, and buttons in a row."""

    longest: int
    row: int = 25
    rules: bool = False


# Slack folds away what stands in a row beyond five buttons.
_SCALES = (_Scale(12_000, 5, True), *map(_Scale, (12_000, 3_000, 1_000, 300, 100, 40)))


def fit(message: Message, nonce: str, files: Mapping[int, str], room: Room) -> list[Json]:
    """The card, as amply as there is room for; at worst with a gap in its middle."""
    drawn: list[Json] = []
    for scale in _SCALES:
        drawn = [*_Drawing(message, nonce, files, scale).blocks()]
        if len(drawn) <= room.blocks and _size(drawn) <= room.size:
            return drawn
    head, last = drawn[:-_LAST][: room.blocks - _LAST - 1], drawn[-_LAST:]
    gap = _context(read(ELLIPSIS))
    while _size([*head, gap, *last]) > room.size:
        head.pop() if head else last.pop(0)
    return [*head, gap, *last]


def _size(blocks: object) -> int:
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode())


class _Drawing:
    """One message being drawn at one scale: numbers its inputs, buttons and pictures as it goes."""

    def __init__(
        self, message: Message, nonce: str, files: Mapping[int, str], scale: _Scale
    ) -> None:
        self._message, self._nonce, self._files, self._scale = message, nonce, files, scale
        self._inputs, self._buttons, self._pictures = count(), count(), count()

    def blocks(self) -> Iterator[Json]:
        parts = self._message.parts
        drawn = False
        for together, run in groupby(parts, key=lambda part: isinstance(part, Button)):
            elements = [element for part in run for element in self._draw(part)]
            for block in self._rows(elements) if together else elements:
                drawn = True
                yield block
        if not drawn:
            yield from self._text(self._message.summary) or [_context(read(ELLIPSIS))]

    def _draw(self, part: Part) -> Iterable[Json]:  # noqa: C901 - one case for each part
        match part:
            case Heading(text=text):
                return self._heading(text)
            case Text(body=body):
                return self._text(body)
            case Note(body=body):
                return map(_context, split(self._short(body), NOTE))
            case Fields(rows=rows):
                return self._fields(rows)
            case Picture(alt=alt):
                return [self._picture(alt)]
            case File(name=name):
                return [_context([Span(one_line(name, NOTE))])]
            case Ask():
                return inputs.draw(part, next(self._inputs), self._nonce, self._scale.longest)
            case Button():
                return [self._button(part)]
            case Rule():
                return [{"type": "divider"}] if self._scale.rules else []
            case _:
                assert_never(part)

    def _short(self, markup: str) -> Run:
        return shortened(read(markup), self._scale.longest)

    def _heading(self, markup: str) -> list[Json]:
        line = one_line(plain(markup), self._scale.longest, "")
        if length(line) > HEADER:
            return _sections([Span(line, bold=True)])
        return [{"type": "header", "text": plain_text(line)}] if line else []

    def _text(self, markup: str) -> list[Json]:
        return _sections(self._short(markup))

    def _fields(self, rows: Iterable[tuple[str, str]]) -> Iterator[Json]:
        """Labels on the left, values on the right; what is long, or alone, takes the whole width."""
        read = [(self._bold(label), self._short(value)) for label, value in rows]
        for beside, run in groupby(read, key=_is_beside):
            if beside:
                texts = [text_object(cell, FIELD) for row in run for cell in row]
                for start in range(0, len(texts), FIELDS):
                    yield {"type": "section", "fields": texts[start : start + FIELDS]}
            else:
                for label, value in run:
                    yield from _sections([*label, Span("\n"), *value] if label else value)

    def _bold(self, markup: str) -> Run:
        return [replace(span, bold=True) for span in self._short(markup)]

    def _picture(self, alt: str) -> Json:
        file = self._files.get(next(self._pictures))
        if file:
            words = one_line(plain(alt), min(ALT, self._scale.longest))
            return {"type": "image", "slack_file": {"id": file}, "alt_text": words}
        return _context(
            shortened(self._short(alt), NOTE) if is_seen(plain(alt)) else read(ELLIPSIS)
        )

    def _button(self, button: Button) -> Json:
        element: Json = {
            "type": "button",
            "action_id": f"act:{next(self._buttons)}",
            "text": plain_text(one_line(plain(button.label), BUTTON)),
        }
        wire = inputs.safe(button.wire)
        if 0 < length(wire) <= BUTTON_VALUE:
            element["value"] = wire
        if button.style is not Style.PLAIN:
            element["style"] = button.style.value
        return element

    def _rows(self, elements: list[Json]) -> Iterator[Json]:
        """Rows of about the same length, so that none has a single button left over."""
        rows = -(-len(elements) // self._scale.row)
        for row in range(rows):
            start, end = (len(elements) * at // rows for at in (row, row + 1))
            yield from self._row(elements[start:end])

    def _row(self, elements: list[Json]) -> Iterator[Json]:
        half = len(elements) // 2
        if half and _size(elements) > _LARGE:
            yield from (*self._row(elements[:half]), *self._row(elements[half:]))
        else:
            first = elements[0]["action_id"].replace(":", "-")
            id = f"{inputs.token(self._nonce)}-{first}"
            yield {"type": "actions", "block_id": id, "elements": elements}


def _is_beside(row: tuple[Run, Run]) -> bool:
    return all(is_seen(said(cell)) and len(said(cell)) <= _BESIDE for cell in row)


def _sections(run: Run) -> list[Json]:
    return [
        {"type": "section", "text": text_object(piece, SECTION)} for piece in split(run, SECTION)
    ]


def _context(run: Run) -> Json:
    return {"type": "context", "elements": [text_object(run, NOTE)]}
