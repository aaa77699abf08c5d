"""Teams as a judge: what it would refuse, what it would read into a text, and what it sends back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator
from markdown_it import MarkdownIt

from bot.platforms.words import is_seen

Json = dict[str, Any]
Drawn = list[tuple[str, bool, bool]]  # character, bold, italic

SCHEMA = Path(__file__).parent / "schemas" / "adaptive-card-1.5.json"
INSIDE = ("body", "columns", "items", "inlines", "actions", "facts", "choices")
KINDS = {  # all that we draw; Teams has them all, on every device
    *("AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "FactSet", "ColumnSet", "Column"),
    *("Image", "ActionSet", "Action.Execute", "Action.Submit"),
    *("Input.Text", "Input.Date", "Input.ChoiceSet"),
}
MOST = 28 * 1024  # bytes
ZERO_WIDTH = "\u200b"
MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])


@cache
def _schema(definition: str) -> Draft6Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    schema["anyOf"] = [{"$ref": f"#/definitions/{definition}"}]
    return Draft6Validator(schema)


def check_message(activity: Json) -> None:
    """What Teams takes as a message with a card."""
    assert set(activity) == {"type", "summary", "attachmentLayout", "attachments"}
    assert is_seen(activity["summary"]) and len(activity["summary"]) < 1_000
    first, *images = activity["attachments"]
    assert first["contentType"] == "application/vnd.microsoft.card.adaptive"
    check_card(first["content"])
    for image in images:
        assert image["contentType"] == "image/png"
        assert image["contentUrl"].startswith("data:image/png;base64,")
        assert image["name"]


def check_card(card: Json) -> None:
    """Everything Teams is known to refuse in a card, or to draw otherwise than it was meant."""
    whole = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    assert len(whole.encode("utf-16-le")) <= MOST  # no half of an emoji either
    assert card["version"] == "1.5"
    assert card["body"] and is_seen(card["fallbackText"]) and is_seen(card["speak"])
    assert not re.search("[<>&]", card["speak"])
    assert card.get("msteams", {"width": "Full"}) == {"width": "Full"}
    assert not card["body"][0].get("separator")
    for found in walk(card):
        if "type" in found:
            _check_by_schema(found)
            _check(found)
    ids = Counter(found["id"] for found in walk(card) if "id" in found)
    assert all(times == 1 for times in ids.values()), ids
    _check_buttons(card, set(ids))
    for text in texts(card):
        assert text["text"].strip()
        assert not re.search("[\0-\x08\x0b-\x1f\x7f\u2028\u2029]", text["text"])
        assert "{{" not in text["text"]
        assert "inlines" in text or "\n" not in text["text"]


def _check_by_schema(found: Json) -> None:
    assert found["type"] in KINDS
    alone = {key: [] if key in INSIDE else value for key, value in found.items()}
    for elsewhere in ("msteams", "fallback"):
        alone.pop(elsewhere, None)
    _check_alone(json.dumps(alone))


@lru_cache(20_000)
def _check_alone(written: str) -> None:
    """Judged once: many cards have the same element."""
    found = json.loads(written)
    _schema(found["type"]).validate(found)


def _check(found: Json) -> None:  # noqa: C901 - one case for each element
    match found["type"]:
        case "TextBlock":
            assert found["wrap"] is True
        case "RichTextBlock":
            assert found["inlines"]
        case "Image":
            assert re.fullmatch(r"https://\S+", found["url"]) and found["altText"]
        case "FactSet":
            assert found["facts"]
        case "ColumnSet":
            assert all(column["items"] for column in found["columns"])
        case "ActionSet":
            assert 0 < len(found["actions"]) <= 5
        case "Input.Text":
            assert len(found.get("value", "")) <= found["maxLength"] == 3_000
            assert "\n" not in found.get("value", "") or found["isMultiline"]
        case "Input.Date":
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", found.get("value", "2026-01-01"))
        case "Input.ChoiceSet":
            _check_choices(found)
    if found["type"].startswith("Input."):
        assert found["id"] and found["label"]
        assert not {"isRequired", "regex", "errorMessage"} & set(found)


def _check_choices(element: Json) -> None:
    values = [choice["value"] for choice in element["choices"]]
    assert values and len(set(values)) == len(values)
    assert not any(re.search(r"[\s,;<>&]", value) for value in values) and all(values)
    assert element["style"] in ("compact", "expanded")  # a filtered one shows raw values
    several = element.get("isMultiSelect", False)
    chosen = element.get("value", values[0]).split("," if several else None)
    assert set(chosen) <= set(values)


def _check_buttons(card: Json, ids: set[str]) -> None:
    asked = {id.split(":", 2)[2] for id in ids}
    for action in buttons(card):
        older = action["fallback"]
        assert older["type"] == "Action.Submit"
        _check_by_schema(older)
        assert action["type"] == "Action.Execute" and action["verb"]
        same = ("title", "style", "data")
        assert [action.get(key) for key in same] == [older.get(key) for key in same]
        assert all(isinstance(value, str) for value in action["data"].values())
        assert not set(action["data"]) & ids
        assert asked == (set(action["data"]["asked"].split(",")) if ids else set())


def walk(found: Any) -> Iterator[Json]:
    """Every object that today's client draws: not what an older one does instead."""
    if isinstance(found, dict):
        yield found
    for key, inner in found.items() if isinstance(found, dict) else enumerate(found):
        if isinstance(inner, dict | list) and key not in ("fallback", "data", "msteams"):
            yield from walk(inner)


def buttons(card: Json) -> list[Json]:
    return [found for found in walk(card) if found.get("type") == "Action.Execute"]


def texts(card: Json) -> Iterator[Json]:
    """Every text, in the order in which it is drawn; `read` says if a client reads markdown in it."""
    for found in walk(card):
        match found.get("type"):
            case "TextBlock":
                yield {"text": found["text"], "read": True}
            case "RichTextBlock":
                words = "".join(inline["text"] for inline in found["inlines"])
                yield {"text": words, "read": False, "inlines": found["inlines"]}
            case "FactSet":
                said = [fact[key] for fact in found["facts"] for key in ("title", "value")]
                yield from ({"text": words, "read": True} for words in said)
            case "Image":
                yield {"text": found["altText"], "read": False}
            case "Action.Execute":
                yield {"text": found["title"], "read": False}
            case "Input.Text" | "Input.Date" | "Input.ChoiceSet":
                yield {"text": found["label"], "read": False}
                choices = found.get("choices", ())
                yield from ({"text": choice["title"], "read": True} for choice in choices)


def shown(card: Json) -> str:
    """Everything there is to read."""
    return "\n".join("".join(c for c, _, _ in as_teams_reads(text)) for text in texts(card))


def as_teams_reads(text: Json) -> Drawn:
    """A text as it looks in Teams; an AssertionError where it would be more than text."""
    if text["read"]:
        check_harmless(text["text"])
        return [(character, False, False) for character in text["text"]]
    inlines = text.get("inlines", [text])
    return [
        (character, inline.get("weight") == "Bolder", inline.get("italic", False))
        for inline in inlines
        for character in inline["text"]
    ]


def check_harmless(words: str) -> None:
    """Whether nothing in these words is markdown, HTML, an address or a mention."""
    assert "\n" not in words
    assert not re.search(r"://|www\.|</?\w|\w@", words, re.IGNORECASE), words
    parsed = MARKDOWN.parse(words)
    assert [token.type for token in parsed] == ["paragraph_open", "inline", "paragraph_close"]
    inside = parsed[1].children or []
    assert [token.type for token in inside] == ["text"], words
    assert inside[0].content.strip() == words.strip(), words


Given = Callable[[Json], str | None]


def sent(card: Json, which: int = -1, choose: Given = lambda _: None) -> tuple[Json, Json]:
    """What a client sends at a click: as Execute, and as Submit. Inputs stand as they are where
    `choose` gives none; an empty one is not sent."""
    action = buttons(card)[which]
    inputs = {
        found["id"]: value
        for found in walk(card)
        if found.get("type", "").startswith("Input.")
        and (value := found.get("value") if (given := choose(found)) is None else given)
    }
    execute = {"type": "Action.Execute", "verb": action["verb"]}
    execute["data"] = {**action["data"], **inputs}
    submit = {**action["fallback"]["data"], **inputs}
    values = {"action": execute, "trigger": "manual"}, submit
    return json.loads(json.dumps(values))  # type: ignore[no-any-return]
