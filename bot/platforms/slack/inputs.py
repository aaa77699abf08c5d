"""Inputs on the wire, there and back: names and raw values travel in Slack's ids and values.

Nothing is remembered in between. What an id or a value might not bring back whole is written
percent-encoded; a raw value too long for an option stands in the id of the block, and the option
says where (`#0`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never
from urllib.parse import quote, unquote

from bot.core.markup import plain
from bot.core.messages import Ask, Kind
from bot.platforms.runs import read, shortened
from bot.platforms.slack.limits import (
    ELLIPSIS,
    ID,
    LABEL,
    MARKS,
    NOTE,
    OPTION,
    OPTIONS,
    TYPED,
    clean,
    cut,
    is_seen,
    length,
    one_line,
    pieces,
)
from bot.platforms.slack.mrkdwn import Json, plain_text, text_object
from bot.platforms.words import is_day

_PREFIX = "ask:"
_UNSAFE = re.compile(r"""[^\w!"$'()*+,./:;=?@\[\]^{}~-]""")
_NONCE = 40
_HELD = ID - _NONCE - 20  # characters of a block's id that are left for raw values
_OVERHEAD = 70  # characters of JSON around an option


def safe(words: str) -> str:
    """The words in characters that Slack neither escapes nor trims nor takes for an emoji."""
    return _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="surrogatepass"), words)


def unsafe(words: str) -> str:
    """The words that were made safe; anything else stays as it is."""
    try:
        return unquote(words, errors="surrogatepass")
    except UnicodeDecodeError:
        return words


def token(nonce: str) -> str:
    """The part of an id that is fresh each time a card is drawn."""
    return re.sub(r"[^A-Za-z0-9]", "", nonce)[:_NONCE]


def block_id(nonce: str, number: int, ask: Ask, chunk: int = 0) -> str:
    """Where a message's nth input is drawn; a list of many options goes on in further chunks."""
    place = f"{token(nonce)}-{number}" + (f".{chunk}" if chunk else "")
    return "|".join((place, *_held(ask)))


def is_drawn(ask: Ask) -> bool:
    """A choice of nothing is no input: Slack refuses an empty list."""
    return ask.kind not in (Kind.CHOICE, Kind.CHOICES) or bool(_options(ask))


def draw(ask: Ask, number: int, nonce: str, longest: int) -> Iterator[Json]:
    """The input with its label and hint, and under it what is wrong with the answer."""
    label = plain_text(one_line(plain(ask.label), min(LABEL, longest)))
    if is_drawn(ask):
        elements, left_out = _elements(ask, longest)
        hint = cut(clean(plain(ask.hint)), min(LABEL - 20, longest))
        hint += f" {ELLIPSIS} +{left_out}" if left_out else ""
        for chunk, element in enumerate(elements):
            yield {
                "type": "input",
                "block_id": block_id(nonce, number, ask, chunk),
                "label": label,
                "optional": True,
                "element": {**element, "action_id": _action_id(ask, number, chunk)},
                **({"hint": plain_text(hint)} if is_seen(hint) else {}),
            }
    else:
        yield {"type": "section", "text": label}
    if is_seen(plain(ask.error)):
        error = shortened(read(f"⚠️ {ask.error}"), min(NOTE, longest))
        yield {"type": "context", "elements": [text_object(error, NOTE)]}


def _action_id(ask: Ask, number: int, chunk: int) -> str:
    return f"{_PREFIX}{number}.{chunk}:{safe(ask.name)}"[:ID]


def _elements(ask: Ask, longest: int) -> tuple[list[Json], int]:
    """The element, or elements; and how many options could not be offered."""
    value = ask.value[0] if ask.value else ""
    match ask.kind:
        case Kind.CHOICE | Kind.CHOICES:
            offered = _offered(ask, longest)
            draw = _one_of if ask.kind is Kind.CHOICE else _some_of
            return draw(ask, offered), len({raw for raw, _ in ask.options}) - len(offered)
        case Kind.DATE if not value:
            return [{"type": "datepicker"}], 0
        case Kind.DATE if is_day(value):
            return [{"type": "datepicker", "initial_date": value}], 0
        case Kind.TEXT | Kind.LONG_TEXT | Kind.NUMBER | Kind.DATE:
            return [_typed(ask, longest)], 0
        case _:
            assert_never(ask.kind)


def _typed(ask: Ask, longest: int) -> Json:
    parted = "\n" if ask.kind is Kind.LONG_TEXT else ", "
    value = cut(clean(parted.join(ask.value)), min(TYPED, longest))
    several_lines = ask.kind is Kind.LONG_TEXT or "\n" in value
    element: Json = {"type": "plain_text_input", "multiline": several_lines}
    return element | ({"initial_value": value} if is_seen(value) else {})


@dataclass(frozen=True)
class _Option:
    raw: str
    wire: str
    label: str

    def drawn(self) -> Json:
        """What a label has beyond its room stands below it, in small print."""
        words = one_line(plain(self.label), 2 * OPTION)
        (_, end), *rest = pieces(words, OPTION)
        text = words[:end].rstrip()
        option = {"text": plain_text(text if is_seen(text) else ELLIPSIS), "value": self.wire}
        more = cut(words[end:], OPTION) if rest else ""
        return option | ({"description": plain_text(more)} if is_seen(more) else {})


def _options(ask: Ask) -> list[_Option]:
    """Each raw value once, if it can come back."""
    held = _held(ask)
    found = {}
    for raw, label in ask.options:
        wire = safe(raw)
        if raw not in found and (_fits(wire) or wire in held):
            found[raw] = _Option(raw, wire if _fits(wire) else f"#{held.index(wire)}", label)
    return list(found.values())


def _fits(wire: str) -> bool:
    return 0 < length(wire) <= OPTION


def _held(ask: Ask) -> list[str]:
    """The raw values that stand in the block's id."""
    held: dict[str, None] = {}
    room = _HELD
    for wire in (safe(raw) for raw, _ in ask.options):
        if not _fits(wire) and wire not in held and length(wire) < room:
            held[wire] = None
            room -= length(wire) + 1
    return list(held)


def _offered(ask: Ask, longest: int) -> list[_Option]:
    """The options there is room for, in their order; those chosen come before the others."""
    options = _options(ask)
    room = 3 * longest
    kept: set[str] = set()
    for option in sorted(options, key=lambda option: option.raw not in ask.value):
        room -= _OVERHEAD + length(option.wire) + min(length(option.label), 2 * OPTION)
        if room < 0 and kept:
            break
        kept.add(option.raw)
    return [option for option in options if option.raw in kept]


def _some_of(ask: Ask, offered: list[_Option]) -> list[Json]:
    """Boxes, or as many lists as it takes: in one list, Slack mislays what is chosen in groups."""
    elements = []
    for start in range(0, len(offered), OPTIONS):
        chunk = offered[start : start + OPTIONS]
        drawn = {option.raw: option.drawn() for option in chunk}
        chosen = [drawn[option.raw] for option in chunk if option.raw in ask.value]
        boxes = len(offered) <= MARKS
        element: Json = {
            "type": "checkboxes" if boxes else "multi_static_select",
            "options": list(drawn.values()),
        }
        elements.append(element | ({"initial_options": chosen} if chosen else {}))
    return elements


def _one_of(ask: Ask, offered: list[_Option]) -> list[Json]:
    """Radio buttons, or one list; a list of many options has groups."""
    drawn = [option.drawn() for option in offered]
    element: Json = {"type": "radio_buttons" if len(drawn) <= MARKS else "static_select"}
    if len(drawn) <= OPTIONS:
        element["options"] = drawn
    else:
        groups = [drawn[start : start + OPTIONS] for start in range(0, len(drawn), OPTIONS)]
        element["option_groups"] = [
            {"label": plain_text(_from_to(group)), "options": group} for group in groups
        ]
    chosen = [d for option, d in zip(offered, drawn, strict=True) if option.raw in ask.value[:1]]
    return [element | ({"initial_option": chosen[0]} if chosen else {})]


def _from_to(group: list[Json]) -> str:
    first, last = (cut(option["text"]["text"], OPTION // 2 - 2) for option in (group[0], group[-1]))
    return f"{first} – {last}"


def fields(state: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    """What stands in the inputs (`state` of a click or of a form sent), by neutral name and value."""
    found: dict[str, tuple[str, ...]] = {}
    for id, elements in ((state or {}).get("values") or {}).items():
        for action_id, given in elements.items():
            if action_id.startswith(_PREFIX):
                name = unsafe(action_id.removeprefix(_PREFIX).partition(":")[2])
                values = (*found.get(name, ()), *_given(given, id.split("|")[1:]))
                found[name] = tuple(dict.fromkeys(values))
    return found


def _given(given: Mapping[str, Any], held: list[str]) -> tuple[str, ...]:
    typed = given.get("value") or given.get("selected_date")
    if typed:
        return (typed,)
    chosen = given.get("selected_options") or [given.get("selected_option")]
    return tuple(_raw(option["value"], held) for option in chosen if option)


def _raw(wire: str, held: list[str]) -> str:
    known = {f"#{place}": word for place, word in enumerate(held)}
    return unsafe(known.get(wire, wire))
