"""Inputs as Block Kit: the right element, the value kept, the error beside it, and all of it back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.messages import (
    Ask,
    Kind,
    Message,
    Part,
)
from bot.platforms.slack import blocks, inputs
from tests.local.fake_stage import EVERY_INPUT, QUESTION
from tests.slack.rules import Json, check_message, check_view, shown, state


def draw(*parts: Part) -> list[Json]:
    payload = blocks.message(Message("A card", parts), nonce="n1")
    check_message(payload)
    found: list[Json] = payload["blocks"]
    return found


def only(*parts: Part) -> Json:
    (block,) = draw(*parts)
    return block


def plain_text(words: str) -> Json:
    return {"type": "plain_text", "text": words, "emoji": True}


def back(drawn: list[Json]) -> dict[str, tuple[str, ...]]:
    return blocks.fields(state(drawn, lambda _: None))


def test_every_kind_of_input_has_its_element() -> None:
    drawn = draw(*EVERY_INPUT.parts)
    elements = [block["element"] for block in drawn if block["type"] == "input"]
    assert [element["type"] for element in elements] == [
        *("radio_buttons", "radio_buttons", "datepicker", "plain_text_input"),
        *("plain_text_input", "plain_text_input", "checkboxes"),
    ]
    assert elements[2]["initial_date"] == "2026-04-01"
    assert elements[3]["initial_value"] == "32 May"
    assert [element.get("multiline") for element in elements[3:6]] == [False, False, True]
    assert all(block["optional"] for block in drawn if block["type"] == "input")


def test_an_error_stands_under_its_input_and_the_value_stays_in_it() -> None:
    drawn = draw(*EVERY_INPUT.parts)
    wrong = [at for at, block in enumerate(drawn) if block["type"] == "context"]
    assert [drawn[at - 1]["label"]["text"] for at in wrong] == [
        *("Ends on", "How many pairs?", "Who may join?")
    ]
    assert drawn[wrong[0]]["elements"] == [plain_text("⚠️ We cannot read this as a day.")]
    assert back(drawn) == {
        "role": ("mentor",),
        "hours": (),
        "start": ("2026-04-01",),
        "end": ("32 May",),
        "target": ("dozen",),
        "goal": ("Line one\nline two",),
        "kinds": (),
    }


def test_a_redrawn_card_has_fresh_ids_so_that_slack_forgets_the_old_input() -> None:
    def ids(nonce: str) -> set[str]:
        drawn = blocks.message(QUESTION, nonce=nonce)["blocks"]
        return {block["block_id"] for block in drawn if "block_id" in block}

    assert len(ids("a") | ids("b")) == 2 * len(ids("a"))


def test_inputs_of_the_same_name_on_one_card_are_read_together() -> None:
    drawn = draw(Ask("word", "A word", value=("one",)), Ask("word", "Another", value=("two",)))
    assert back(drawn) == {"word": ("one", "two")}


def options(count: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"v{n}", f"Option {n}") for n in range(count))


@pytest.mark.parametrize(
    ("kind", "count", "types"),
    [
        (Kind.CHOICE, 10, ["radio_buttons"]),
        (Kind.CHOICE, 11, ["static_select"]),
        (Kind.CHOICE, 130, ["static_select"]),
        (Kind.CHOICES, 10, ["checkboxes"]),
        (Kind.CHOICES, 11, ["multi_static_select"]),
        (Kind.CHOICES, 130, ["multi_static_select", "multi_static_select"]),
    ],
)
def test_many_options_are_a_list_and_more_are_lists(
    kind: Kind, count: int, types: list[str]
) -> None:
    last = f"v{count - 1}"
    ask = Ask("which", "Which?", kind, options(count), (last,))
    page = blocks.home(Message("A card", (ask,)), nonce="n")
    check_view(page)
    assert [block["element"]["type"] for block in page["blocks"]] == types
    assert shown(page["blocks"]).count("Option ") >= count
    assert back(page["blocks"]) == {"which": (last,)}


def test_options_that_do_not_fit_are_counted_and_what_was_chosen_is_kept() -> None:
    many = tuple((f"v{n}", f"{n} " + "words " * 12) for n in range(100))
    block = only(Ask("which", "Which?", Kind.CHOICE, many, ("v99",), hint="One of these"))
    offered = block["element"]["options"]
    assert block["hint"]["text"] == f"One of these … +{100 - len(offered)}"
    assert offered[-1]["value"] == "v99"
    assert back([block]) == {"which": ("v99",)}


def test_a_long_label_goes_on_below_the_option() -> None:
    label = "Coach: " + "asks rather than tells, " * 5
    (option,) = only(Ask("a", "?", Kind.CHOICE, (("coach", label),)))["element"]["options"]
    both = f"{option['text']['text']} {option['description']['text']}"
    assert both == label.strip()


def test_a_choice_of_nothing_is_not_an_input() -> None:
    assert only(Ask("a", "Which?", Kind.CHOICES))["text"] == plain_text("Which?")


def test_raw_values_too_long_for_an_option_come_back_all_the_same() -> None:
    long = ("", "x" * 90, "é & <b> #1 | " * 2 + "y" * 25)
    ask = Ask("a b:c|d%", "?", Kind.CHOICES, tuple((raw, "label") for raw in long), long)
    assert back(draw(ask)) == {"a b:c|d%": long}


def test_lists_of_words_stand_in_one_input() -> None:
    ask = Ask("skills", "Skills", value=("excel", "planning"))
    assert back(draw(ask)) == {"skills": ("excel, planning",)}


@pytest.mark.parametrize("words", ["20260401", "2026-W14-3", "0001-01-01", "32 May", " "])
def test_a_day_that_a_date_picker_cannot_show_stays_words(words: str) -> None:
    block = only(Ask("day", "Which day?", Kind.DATE, value=(words,)))
    assert block["element"]["type"] == "plain_text_input"
    assert back([block]) == {"day": (words,) if words.strip() else ()}


def test_state_without_inputs_is_no_fields() -> None:
    assert blocks.fields(None) == blocks.fields({"values": {}}) == {}
    others: dict[str, Any] = {"values": {"b": {"other": {"type": "static_select"}}}}
    assert blocks.fields(others) == {}


def test_words_that_we_never_wrote_are_read_as_they_are() -> None:
    given = {"type": "plain_text_input", "value": "x"}
    assert inputs.fields({"values": {"n-0": {"ask:0.0:%ff": given}}}) == {"%ff": ("x",)}
