"""Slack's client in miniature: what somebody sees of blocks, and what it sends when they click."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from tests.contract.stage import Given, Input, Json, Seen, several
from tests.slack.rules import check_view, options_of, shown, state, walk
from tests.slack.windows import name_of
from tests.slack.workplace import Workplace

_STARTS_AS = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}
_WARNS = "⚠️ "


def submit(card: Json) -> str:
    """The label of the button below a window."""
    return str((card.get("submit") or {}).get("text") or "")


def labels(card: Json) -> tuple[str, ...]:
    drawn = [each["text"]["text"] for each in _buttons(card)]
    return (*drawn, submit(card)) if submit(card) else tuple(drawn)


def button(card: Json, label: str) -> Json:
    """The pressed one, as Slack sends it."""
    [found] = [each for each in _buttons(card) if each["text"]["text"] == label]
    return {**found, "action_ts": "1795316142.764"}


def _buttons(card: Json) -> list[Json]:
    return [each for each in walk(card.get("blocks", [])) if each.get("type") == "button"]


def filled(card: Json, fields: Mapping[str, Given]) -> Json:
    """All inputs as they stand, these excepted."""
    asked = {name_of(each["element"]) for each in _inputs(card)}
    assert set(fields) <= asked, asked

    def choose(element: Json) -> Json | None:
        name = name_of(element)
        return _given(element, several(fields[name])) if name in fields else None

    return state(card["blocks"], choose)


def _inputs(card: Json) -> list[Json]:
    return [block for block in card.get("blocks", []) if block["type"] == "input"]


def _given(element: Json, given: tuple[str, ...]) -> Json:
    typed = given[0] if given and given[0] else None
    match element["type"]:
        case "plain_text_input":
            return {"value": typed}
        case "datepicker":
            return {"selected_date": typed}
    chosen = [each for each in options_of(element) if each["text"]["text"] in given]
    assert len(chosen) == len([each for each in given if each])
    if element["type"] in ("checkboxes", "multi_static_select"):
        return {"selected_options": chosen}
    return {"selected_option": chosen[0] if chosen else None}


class Windows:
    """What stands before people's chats; `triggers` says by whose deed a window may open."""

    def __init__(self, fake: Workplace) -> None:
        self.triggers: dict[str, str] = {}
        self._fake, self._read = fake, 0
        self._open: dict[str, Json | None] = {}

    def of(self, user: str) -> Json | None:
        """After all that Slack was told to open and change."""
        calls = self._fake.calls[self._read :]
        self._read += len(calls)
        for call in calls:
            if call.method in ("views.open", "views.update"):
                view = call.said["view"]
                whose = call.said.get("view_id") or self.triggers[call.said["trigger_id"]]
                self._open[whose] = json.loads(view) if isinstance(view, str) else view
        return self._open.get(user)

    def put(self, user: str, window: Json | None) -> None:
        """What a window that was sent has become."""
        self.of(user)
        self._open[user] = window


def after(view: Json, reply: Json) -> Json | None:
    """What stands in a window that was sent; None when it closes. With something wrong in it, what
    was typed stays."""
    match reply.get("response_action"):
        case None:
            return None
        case "update":
            check_view(reply["view"])
            updated: Json = reply["view"]
            return updated
    ids = {block["block_id"] for block in _inputs(view)}
    assert reply["errors"] and set(reply["errors"]) <= ids
    blocks = [_kept(block, view["state"]["values"]) for block in view["blocks"]]
    return {**view, "blocks": blocks, "errors": reply["errors"]}


def _kept(block: Json, values: Json) -> Json:
    if block["type"] != "input":
        return block
    [given] = values[block["block_id"]].values()
    starts = {_STARTS_AS[key]: value for key, value in given.items() if key in _STARTS_AS}
    bare = {key: value for key, value in block["element"].items() if not key.startswith("initial")}
    return {**block, "element": bare | {key: value for key, value in starts.items() if value}}


def together(messages: Iterable[Json], alts: list[str]) -> list[Seen]:
    """Each card with the pictures that follow it as files."""
    found: list[Seen] = []
    waiting = iter(alts)
    for message in messages:
        if message.get("blocks"):
            found.append(seen(message))
        for _ in message.get("files", ()):
            last = found.pop()
            found.append(
                Seen(last.words, last.buttons, last.inputs, (*last.pictures, next(waiting)))
            )
    return found


def seen(card: Json) -> Seen:
    """A message or a window, to the eye."""
    blocks = card["blocks"]
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    errors: dict[str, str] = card.get("errors", {})
    inputs = {}
    for at, block in enumerate(blocks):
        if block["type"] == "input":
            below = blocks[at + 1] if at + 1 < len(blocks) else {}
            error = errors.get(block["block_id"]) or _error(below)
            value = _value(block["element"])
            inputs[name_of(block["element"])] = Input(block["label"]["text"], value, error)
    return Seen(shown(blocks), labels({**card, "blocks": blocks}), inputs)


def _error(below: Json) -> str:
    words = shown([below]) if below.get("type") == "context" else ""
    return words.removeprefix(_WARNS) if words.startswith(_WARNS) else ""


def _value(element: Json) -> tuple[str, ...]:
    chosen = element.get("initial_options") or [element.get("initial_option")]
    typed = element.get("initial_value") or element.get("initial_date")
    return (typed,) if typed else tuple(each["text"]["text"] for each in chosen if each)
