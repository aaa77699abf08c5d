"""Teams' client in miniature: what somebody sees of a card, and what stands in its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.platforms.teams.cards import CARD
from bot.platforms.teams.inputs import name_of, unsafe
from tests.contract.stage import Given, Input, Json, Seen, several
from tests.teams.rules import ZERO_WIDTH, buttons, shown, walk

__all__ = ["CARD", "card_of", "choosing", "labels", "seen"]
_WARNS = "⚠️ "


def card_of(activity: Json) -> Json:
    [card] = [each["content"] for each in activity["attachments"] if each["contentType"] == CARD]
    found: Json = card
    return found


def labels(card: Json) -> tuple[str, ...]:
    return tuple(each["title"] for each in buttons(card))


def choosing(card: Json, fields: Mapping[str, Given]) -> Callable[[Json], str | None]:
    """What stands in an input now; None where it stays as it is."""
    asked = {_name(each) for each in _inputs(card)}
    assert set(fields) <= asked, asked

    def choose(element: Json) -> str | None:
        name = _name(element)
        return _given(element, several(fields[name])) if name in fields else None

    return choose


def _given(element: Json, given: tuple[str, ...]) -> str:
    if element["type"] != "Input.ChoiceSet":
        return "".join(given)
    chosen = [each["value"] for each in element["choices"] if each["title"] in given]
    assert len(chosen) == len([each for each in given if each])
    return ",".join(chosen)


def _inputs(card: Json) -> list[Json]:
    return [each for each in walk(card) if str(each.get("type")).startswith("Input.")]


def _name(element: Json) -> str:
    return unsafe(name_of(element) or "")


def seen(activity: Json) -> Seen:
    """A message, to the eye."""
    card = card_of(activity)
    body = card["body"]
    inputs = {}
    for at, element in enumerate(body):
        if element["type"].startswith("Input."):
            inputs[_name(element)] = Input(
                element["label"], _value(element), _error(body[at + 1 :])
            )
    pictures = (each["name"] for each in activity["attachments"] if each["contentType"] != CARD)
    words = shown(card).replace(ZERO_WIDTH, "")  # which takes no room
    return Seen(words, labels(card), inputs, tuple(pictures))


def _value(element: Json) -> tuple[str, ...]:
    value = str(element.get("value", ""))
    if element["type"] != "Input.ChoiceSet":
        return (value,) if value else ()
    chosen = value.split(",")
    return tuple(each["title"] for each in element["choices"] if each["value"] in chosen)


def _error(below: list[Json]) -> str:
    """What stands right below an input in the colour of what is wrong."""
    for element in below:
        if element["type"] != "RichTextBlock":
            break
        if element["inlines"][0].get("color") == "Attention":
            words = "".join(inline["text"] for inline in element["inlines"])
            return words.removeprefix(_WARNS)
    return ""
