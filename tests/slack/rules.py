"""Slack as a judge: what it would refuse, what it would read into a text, and what it sends back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.platforms.slack.limits import is_seen

Json = dict[str, Any]
Drawn = list[tuple[str, bool, bool]]  # character, bold, italic

SCHEMAS = Path(__file__).parent / "schemas"
LISTS = {
    "radio_buttons": 10,
    "checkboxes": 10,
    "static_select": 100,
    "multi_static_select": 100,
}
BLOCKS = {  # as the schemas call them; to try them all, as "any block" does, takes ten times longer
    "actions": "ActionsBlock",
    "context": "ContextBlock",
    "divider": "DividerBlock",
    "header": "HeaderBlock",
    "image": "ImageBlock",
    "input": "InputBlock",
    "section": "SectionBlock",
}
MOST = 13_000  # bytes of JSON in a message
ZERO_WIDTH = "\u200b"


@cache
def _view() -> Draft7Validator:
    return Draft7Validator(_read("view"))


@cache
def _block(definition: str) -> Draft7Validator:
    """Of a block in a message, and of one in a view: they have the same."""
    schema, other = _read("message"), _read("view")["definitions"]
    ours = {name: found for name, found in schema["definitions"].items() if name != "Message"}
    assert ours == {name: other[name] for name in ours}
    return Draft7Validator({**schema, "$ref": f"#/definitions/{definition}"})


def _read(name: str) -> Json:
    schema: Json = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return schema


def check_message(payload: Json) -> None:
    """Everything Slack is known to refuse in chat.postMessage."""
    assert set(payload) == {"text", "blocks", "unfurl_links", "unfurl_media"}
    assert 0 < len(payload["text"]) <= 3_000
    payload["text"].encode()
    size = len(json.dumps(payload["blocks"], ensure_ascii=False, separators=(",", ":")).encode())
    assert size <= MOST
    _check_blocks(payload["blocks"], 50)


def check_view(view: Json) -> None:
    """The same, for views.open and views.publish."""
    _view().validate({"view": {**view, "blocks": []}})
    assert View(**view).to_dict() == view
    _check_blocks(view["blocks"], 100)
    if view["type"] == "modal" and any(block["type"] == "input" for block in view["blocks"]):
        assert "submit" in view


def _check_blocks(blocks: list[Json], most: int) -> None:
    assert 0 < len(blocks) <= most
    for key in ("block_id", "action_id"):
        ids = Counter(found[key] for found in walk(blocks) if key in found)
        assert all(times == 1 and 0 < len(id) <= 255 for id, times in ids.items()), ids
    for block in blocks:
        _check_block(json.dumps(block))


@lru_cache(20_000)
def _check_block(written: str) -> None:
    """Judged once: the same block stands in a message, a view and the next card."""
    block = json.loads(written)
    _block(BLOCKS[block["type"]]).validate(block)
    parsed = Block.parse(block)
    assert parsed is not None
    assert parsed.to_dict() == block
    assert all(len(field["text"]) <= 2_000 for field in block.get("fields", ()))
    assert block.get("fields") != [] and block.get("elements") != []
    assert block.get("optional", True)
    for found in walk(block):
        _check(found)


def _check(found: Json) -> None:
    match found:
        case {"type": "plain_text" | "mrkdwn", "text": text}:
            text.encode()
            assert is_seen(text)
            assert not re.search("[\0-\x08\x0b-\x1f\x7f]", text)
        case {"type": "actions", "elements": elements}:
            assert 0 < len(elements) <= 25
        case {"type": "plain_text_input", "initial_value": words}:
            assert 0 < len(words) <= 3_000
        case {"type": kind} if kind in LISTS:
            _check_list(found, LISTS[kind])
        case {"value": value}:
            assert value


def _check_list(element: Json, most: int) -> None:
    groups = element.get("option_groups") or [{"options": element["options"]}]
    for group in groups:
        assert 0 < len(group["options"]) <= most
        assert len(group.get("label", {"text": ""})["text"]) <= 75
    options = options_of(element)
    values = [option["value"] for option in options]
    assert len(set(values)) == len(values)
    assert all(0 < len(value) <= 75 for value in values)
    if "initial_option" in element:
        assert element["initial_option"] in options
    if "initial_options" in element:
        assert element["initial_options"]
        assert all(option in options for option in element["initial_options"])


def options_of(element: Json) -> list[Json]:
    if groups := element.get("option_groups"):
        return [option for group in groups for option in group["options"]]
    found: list[Json] = element["options"]
    return found


def walk(found: Any) -> Iterator[Json]:
    """Every object in a payload."""
    if isinstance(found, dict):
        yield found
    for inner in found.values() if isinstance(found, dict) else found:
        if isinstance(inner, dict | list):
            yield from walk(inner)


def texts(blocks: list[Json]) -> list[Json]:
    """Every text object, in the order in which it is drawn."""
    return [found for found in walk(blocks) if found.get("type") in ("plain_text", "mrkdwn")]


def shown(blocks: list[Json]) -> str:
    """Everything there is to read."""
    return "\n".join("".join(c for c, _, _ in as_slack_reads(text)) for text in texts(blocks))


def as_slack_reads(text: Json) -> Drawn:
    """A text object as it looks in Slack; an AssertionError where it would be more than text."""
    if text["type"] == "plain_text":
        assert text["emoji"] is not bool(re.search(r":[\w+'-]+:", text["text"]))
        return [(character, False, False) for character in text["text"]]
    assert text["verbatim"] is True
    words = text["text"]
    assert not re.search(r"[<>&~`@#]|://|:[\w+'-]+:", words)
    return [drawn for line in words.splitlines(keepends=True) for drawn in _line(line)]


def _line(line: str) -> Drawn:
    """Stars and underscores as Slack's clients read them: only in pairs at the edges of words."""
    drawn: Drawn = []
    open_: list[str] = []
    for at, character in enumerate(line):
        before, after = line[at - 1 : at], line[at + 1 : at + 2]
        if character in "*_":
            if open_ and open_[-1] == character:
                assert _is_edge(after, ".,!?:;)*_"), line
                assert not before.isspace(), line
                open_.pop()
            else:
                assert _is_edge(before, "(*_"), line
                assert after and not after.isspace(), line
                open_.append(character)
        elif character != ZERO_WIDTH:
            drawn.append((character, "*" in open_, "_" in open_))
    assert not open_, line
    return drawn


def _is_edge(neighbour: str, marks: str) -> bool:
    return not neighbour or neighbour.isspace() or neighbour in marks + ZERO_WIDTH


def state(blocks: list[Json], choose: Callable[[Json], Json | None]) -> Json:
    """What Slack sends along with a click: everything as it stands, where `choose` gives none."""
    values: Json = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            given = choose(element) or as_it_stands(element)
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **given}}
    return json.loads(json.dumps({"values": values}))  # type: ignore[no-any-return]


def as_it_stands(element: Json) -> Json:
    match element["type"]:
        case "plain_text_input":
            return {"value": element.get("initial_value")}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": element.get("initial_options", [])}
        case _:
            return {"selected_option": element.get("initial_option")}
