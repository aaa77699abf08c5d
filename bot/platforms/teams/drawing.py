"""One message as the body of a card: every part drawn, and all of it within what Teams takes."""

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
from bot.platforms.runs import Run, read, said, shortened
from bot.platforms.teams import inputs
from bot.platforms.teams.texts import Json, heading, is_harmless, lines, rich, unread
from bot.platforms.words import ELLIPSIS, is_seen, length, one_line

VERB = "act"
WIRE, ASKED = "wire", "asked"  # what a button carries
BUTTON = 75  # characters
_ALT = 1_000
_WIRE = 2_000
_BESIDE = 100  # characters; a longer value, or label, does not stand beside the other
_ROW, _ROW_LETTERS, _PADDING = 5, 64, 4  # Teams cuts the words of many long buttons in a row
_FACTS = 20  # in one set, which is drawn or left out as a whole
_COMMA = 2  # bytes
_LARGE = 8_000  # bytes; a larger row of buttons is two
_LAST = 4  # elements that stay at the end of a card that is far too long
_STYLES = {Style.PRIMARY: "positive", Style.DANGER: "destructive"}


@dataclass(frozen=True)
class _Scale:
    """How amply a card is drawn: the longest text in it, and whether fields have columns and lines
    blocks of their own."""

    longest: int
    ample: bool = False


_SCALES = (_Scale(12_000, True), *map(_Scale, (12_000, 3_000, 1_000, 300, 100, 40)))


def size(drawn: object) -> int:
    """Bytes as Teams counts them: in UTF-16."""
    return 2 * length(json.dumps(drawn, ensure_ascii=False, separators=(",", ":")))


def fit(message: Message, nonce: str, pictures: Mapping[int, str], room: int) -> list[Json]:
    """The body, as amply as there is room for; at worst with a gap in its middle."""
    drawn: list[Json] = []
    for scale in _SCALES:
        drawn = [*_Drawing(message, nonce, pictures, scale).body()]
        _name_asked(drawn)
        if size(drawn) <= room:
            return drawn
    parted = _parted(drawn, room)
    _name_asked(parted)
    return parted


def _parted(drawn: list[Json], room: int) -> list[Json]:
    """As much of the beginning as there is room for, and the end in at most half of it."""
    gap = {**rich(read(ELLIPSIS)), "spacing": "Small"}
    head, last = drawn[:-_LAST], drawn[-_LAST:]
    while len(last) > 1 and size(last) > room // 2:
        last.pop(0)
    left = room - size([gap, *last])
    for place, element in enumerate(head):
        left -= size(element) + _COMMA
        if left < 0:
            return [*head[:place], gap, *last]
    return [*head, gap, *last]


def _name_asked(body: list[Json]) -> None:
    """Every button says what is asked on its card: what is left empty is not sent along."""
    found = (inputs.name_of(element) for element in body)
    names = dict.fromkeys(name for name in found if name is not None)
    for element in body:
        for action in element.get("actions", ()):
            data = action["data"]  # which its fallback shares
            data.pop(ASKED, None)
            if names:
                data[ASKED] = ",".join(names)


class _Drawing:
    """One message being drawn at one scale: numbers its inputs and pictures as it goes."""

    def __init__(
        self, message: Message, nonce: str, pictures: Mapping[int, str], scale: _Scale
    ) -> None:
        self._message, self._nonce, self._urls, self._scale = message, nonce, pictures, scale
        self._inputs, self._pictures = count(), count()

    def body(self) -> Iterator[Json]:
        drawn = ruled = False
        for kind, run in groupby(self._message.parts, key=type):
            ruled = ruled or kind is Rule
            elements = [element for part in run for element in self._draw(part)]
            for element in _rows(elements) if kind is Button else elements:
                line = {"separator": True, "spacing": "Large"} if ruled and drawn else {}
                yield element | line
                drawn, ruled = True, False
        if not drawn:
            yield from self._text(self._message.summary) or [rich(read(ELLIPSIS))]

    def _draw(self, part: Part) -> Iterable[Json]:  # noqa: C901 - one case for each part
        match part:
            case Heading(text=text):
                line = one_line(plain(text), self._scale.longest, "")
                return [heading(line)] if line else []
            case Text(body=body):
                return self._text(body)
            case Note(body=body):
                return self._note(body)
            case Fields(rows=rows):
                return self._fields(rows)
            case Picture():
                return self._picture(part)
            case File(instead=words):
                return self._text(words)
            case Ask():
                return inputs.draw(part, next(self._inputs), self._nonce, self._scale.longest)
            case Button():
                return [_button(part)]
            case Rule():
                return []
            case _:
                assert_never(part)

    def _short(self, markup: str) -> Run:
        return shortened(read(markup), self._scale.longest)

    def _text(self, markup: str) -> list[Json]:
        return [*lines(self._short(markup), self._scale.ample)]

    def _note(self, markup: str) -> Iterator[Json]:
        return lines(self._short(markup), self._scale.ample, isSubtle=True, size="Small")

    def _fields(self, rows: Iterable[tuple[str, str]]) -> Iterator[Json]:
        """Labels on the left, values on the right; what is long, or alone, takes the whole width."""
        read = [(self._short(label), self._short(value)) for label, value in rows]
        if read and all(map(_is_fact, read)):
            facts = [{"title": said(label), "value": said(value)} for label, value in read]
            for start in range(0, len(facts), _FACTS):
                yield {"type": "FactSet", "facts": facts[start : start + _FACTS]}
            return
        for label, value in read:
            bold = [replace(span, bold=True) for span in label]
            if self._scale.ample and _is_beside((label, value)):
                yield _beside(bold, value)
            else:
                both = [*bold, Span("\n"), *value] if label else value
                yield from lines(both, self._scale.ample)

    def _picture(self, picture: Picture) -> Iterable[Json]:
        """An image that has an address; of one that travels by itself, or not at all, the words that
        stand nowhere else."""
        url = self._urls.get(next(self._pictures), "")
        if url.startswith("https://"):
            words = unread(one_line(plain(picture.alt), min(_ALT, self._scale.longest)))
            large = {"size": "Stretch", "msteams": {"allowExpand": True}}
            return [{"type": "Image", "url": url, "altText": words, **large}]
        return self._note(picture.beside)


def _is_beside(row: tuple[Run, Run]) -> bool:
    return all(is_seen(said(cell)) and len(said(cell)) <= _BESIDE for cell in row)


def _is_fact(row: tuple[Run, Run]) -> bool:
    """Whether Teams, which reads markdown in facts, would read nothing but these words."""
    styled = any(span.bold or span.italic for cell in row for span in cell)
    plainly = all("\n" not in said(cell) and is_harmless(said(cell)) for cell in row)
    return _is_beside(row) and plainly and not styled


def _beside(label: Run, value: Run) -> Json:
    columns = [
        {"type": "Column", "width": width, "items": [*lines(cell)]}
        for width, cell in ((2, label), (3, value))
    ]
    return {"type": "ColumnSet", "columns": columns, "spacing": "Small"}


def _button(button: Button) -> Json:
    """A click that a client of today sends as Execute, and an older one as Submit."""
    wire = inputs.safe(button.wire)
    data = {WIRE: wire} if 0 < length(wire) <= _WIRE else {}
    shown: Json = {"title": unread(one_line(plain(button.label), BUTTON))}
    if button.style in _STYLES:
        shown["style"] = _STYLES[button.style]
    older = {"type": "Action.Submit", **shown, "data": data}
    return {"type": "Action.Execute", **shown, "verb": VERB, "data": data, "fallback": older}


def _rows(actions: list[Json]) -> Iterator[Json]:
    """As many rows as it takes to read the words, of about the same length."""
    letters = sum(length(action["title"]) + _PADDING for action in actions)
    rows = min(len(actions), max(-(-len(actions) // _ROW), -(-letters // _ROW_LETTERS)))
    for row in range(rows):
        start, end = (len(actions) * at // rows for at in (row, row + 1))
        yield from _row(actions[start:end])


def _row(actions: list[Json]) -> Iterator[Json]:
    half = len(actions) // 2
    if half and size(actions) > _LARGE:
        yield from (*_row(actions[:half]), *_row(actions[half:]))
    else:
        yield {"type": "ActionSet", "actions": actions}
