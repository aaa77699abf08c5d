"""Inputs on the wire, there and back: names and raw values travel in Teams' ids and values.

Nothing is remembered in between. A client sends no input that is empty, so each button carries the
names of what was asked. It sends several choices with commas between them, so raw values are
written percent-encoded. Nothing is required or checked by the client: what is wrong, the bot says,
beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never
from urllib.parse import quote, unquote

from bot.core.markup import Span, plain
from bot.core.messages import Ask, Kind
from bot.platforms.runs import read, shortened
from bot.platforms.teams.texts import Json, harmless, lines, rich, unread
from bot.platforms.words import ELLIPSIS, clean, cut, is_day, is_seen, length, one_line

MARKS = 10  # more radio buttons or boxes than this are a list
LABEL = 1_000  # of an input; its hint and what is wrong with it as well
OPTION = 200
TYPED = 3_000
_NONCE = 40
_OVERHEAD = 40  # characters of JSON around an option
_UNSAFE = re.compile(r"""[^\w!"$'()*+./:=?@\[\]^{}~-]""")
_RAW = "="  # begins a raw value on the wire, so that none is empty or a number
_ID = re.compile(r"ask-[A-Za-z0-9]*-\d+:(?P<mark>[tcm]):(?P<name>.*)", re.DOTALL)
_TYPED, _CHOSEN, _SEVERAL = "t", "c", "m"
_MARK = {Kind.CHOICE: _CHOSEN, Kind.CHOICES: _SEVERAL}


def safe(words: str) -> str:
    """The words in characters that no client trims, escapes, or takes for the end of a value."""
    return _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="surrogatepass"), words)


def unsafe(words: str) -> str:
    """The words that were made safe; others, which we did not make, as they are."""
    try:
        return unquote(words, errors="surrogatepass")
    except UnicodeDecodeError:
        return words


def draw(ask: Ask, number: int, nonce: str, longest: int) -> Iterator[Json]:
    """The input with its label, and below it the hint and what is wrong with the answer."""
    label = unread(one_line(plain(ask.label), min(LABEL, longest)))
    element, left_out = _element(ask, longest)
    if element:
        yield {**element, "id": _id(ask, number, nonce), "label": label}
    else:  # a choice of nothing is no input
        yield rich([Span(label)])
    hint = cut(clean(plain(ask.hint)), min(LABEL, longest))
    hint += f" {ELLIPSIS} +{left_out}" if left_out else ""
    yield from _below([Span(hint)], isSubtle=True, size="Small")
    if is_seen(plain(ask.error)):
        error = shortened(read(f"⚠️ {ask.error}"), min(LABEL, longest))
        yield from _below(error, color="Attention")


def _id(ask: Ask, number: int, nonce: str) -> str:
    fresh = re.sub(r"[^A-Za-z0-9]", "", nonce)[:_NONCE]
    return f"ask-{fresh}-{number}:{_MARK.get(ask.kind, _TYPED)}:{safe(ask.name)}"


def _below(run: Iterable[Span], **look: Any) -> Iterator[Json]:
    return ({**line, "spacing": "None"} for line in lines([*run], **look))


def _element(ask: Ask, longest: int) -> tuple[Json, int]:
    """The element; and how many options could not be offered."""
    value = ask.value[0] if ask.value else ""
    match ask.kind:
        case Kind.CHOICE | Kind.CHOICES:
            offered = _offered(ask, longest)
            return _choice(ask, offered), len({raw for raw, _ in ask.options}) - len(offered)
        case Kind.DATE if not value:
            return {"type": "Input.Date"}, 0
        case Kind.DATE if is_day(value):
            return {"type": "Input.Date", "value": value}, 0
        case Kind.TEXT | Kind.LONG_TEXT | Kind.NUMBER | Kind.DATE:
            return _typed(ask, longest), 0
        case _:
            assert_never(ask.kind)


def _typed(ask: Ask, longest: int) -> Json:
    """Numbers as well: a field for numbers drops what it cannot read, and reads 1,5 by country."""
    parted = "\n" if ask.kind is Kind.LONG_TEXT else ", "
    value = cut(clean(parted.join(ask.value)), min(TYPED, longest))
    element: Json = {"type": "Input.Text", "maxLength": TYPED}
    if ask.kind is Kind.LONG_TEXT or "\n" in value:
        element["isMultiline"] = True
    return element | ({"value": value} if is_seen(value) else {})


@dataclass(frozen=True)
class _Option:
    raw: str
    label: str

    @property
    def wire(self) -> str:
        return _RAW + safe(self.raw)

    def drawn(self) -> Json:
        title = one_line(plain(self.label), OPTION)
        return {"title": harmless(title), "value": self.wire}


def _offered(ask: Ask, longest: int) -> list[_Option]:
    """The options there is room for, in their order; those chosen come before the others."""
    labels: dict[str, str] = {}
    for raw, label in ask.options:
        labels.setdefault(raw, label)
    options = [_Option(raw, label) for raw, label in labels.items()]
    room = 3 * longest
    kept: set[str] = set()
    for option in sorted(options, key=lambda option: option.raw not in ask.value):
        room -= _OVERHEAD + length(option.wire) + min(length(option.label), OPTION)
        if room < 0 and kept:
            break
        kept.add(option.raw)
    return [option for option in options if option.raw in kept]


def _choice(ask: Ask, offered: list[_Option]) -> Json:
    """Marks to click, or a list. Never a filtered one: what is half typed there holds up every
    button, and what was chosen stands in it as its raw value."""
    if not offered:
        return {}
    several = ask.kind is Kind.CHOICES
    element: Json = {
        "type": "Input.ChoiceSet",
        "style": "expanded" if len(offered) <= MARKS else "compact",
        "choices": [option.drawn() for option in offered],
        "wrap": True,
    }
    if several:
        element["isMultiSelect"] = True
    kept = ask.value if several else ask.value[:1]
    chosen = [option.wire for option in offered if option.raw in kept]
    return element | ({"value": ",".join(chosen)} if chosen else {})


def name_of(element: Mapping[str, Any]) -> str | None:
    """The name of a drawn input, safe; None for any other element."""
    found = _ID.fullmatch(element.get("id") or "")
    return found["name"] if found else None


def fields(asked: str | None, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What stood in the inputs, by neutral name and value; `asked` is every name, empty ones too."""
    found: dict[str, tuple[str, ...]] = {}
    if asked is not None:
        found = {unsafe(name): () for name in asked.split(",")}
    for id, given in values.items():
        known = _ID.fullmatch(id)
        if known and isinstance(given, str):
            name = unsafe(known["name"])
            read = (*found.get(name, ()), *_given(known["mark"], given))
            found[name] = tuple(dict.fromkeys(read))
    return found


def _given(mark: str, given: str) -> tuple[str, ...]:
    if not given:
        return ()
    if mark == _TYPED:
        return (given,)
    wires = given.split(",") if mark == _SEVERAL else [given]
    return tuple(unsafe(wire.removeprefix(_RAW)) for wire in wires if wire)
