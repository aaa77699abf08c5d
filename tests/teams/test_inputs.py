"""Inputs on a card: the right element, the value kept, the error beside it, and all of it back."""

from __future__ import annotations

import pytest

from bot.core.actions import Expired, RunCommand
from bot.core.messages import Ask, Kind, Message, Part, button
from bot.platforms.teams import cards
from tests.local.fake_stage import EVERY_INPUT, GO, QUESTION
from tests.teams.rules import Json, check_card, sent, shown, walk

SAVE = button("Save", GO)


def draw(*parts: Part) -> Json:
    card = cards.card(Message("A card", parts), nonce="n1")
    check_card(card)
    return card


def inputs(card: Json) -> list[Json]:
    return [found for found in walk(card) if found.get("type", "").startswith("Input.")]


def back(card: Json) -> dict[str, tuple[str, ...]]:
    (execute, fields), (submit, same) = (cards.clicked(value) for value in sent(card))
    assert execute == submit == GO
    assert fields == same
    return fields


def test_every_kind_of_input_has_its_element() -> None:
    drawn = inputs(draw(*EVERY_INPUT.parts))
    assert [(element["type"], element["label"]) for element in drawn] == [
        ("Input.ChoiceSet", "How do you take part?"),
        ("Input.ChoiceSet", "How many hours a month?"),
        ("Input.Date", "Starts on"),
        ("Input.Text", "Ends on"),
        ("Input.Text", "How many pairs?"),
        ("Input.Text", "What is it for?"),
        ("Input.ChoiceSet", "Who may join?"),
    ]
    assert drawn[0]["choices"][0] == {"title": "Mentor: I help someone", "value": "=mentor"}
    assert [element.get("isMultiSelect") for element in drawn] == [*(None,) * 6, True]
    assert [element.get("isMultiline") for element in drawn[3:6]] == [None, None, True]
    assert drawn[2]["value"] == "2026-04-01"


def test_an_error_stands_under_its_input_and_the_value_stays_in_it() -> None:
    card = draw(*EVERY_INPUT.parts[:-2], SAVE)
    body = card["body"]
    wrong = [at for at, one in enumerate(body) if "⚠️" in str(one)]
    assert [body[at - 1]["label"] for at in wrong] == [
        "Ends on",
        "How many pairs?",
        "Who may join?",
    ]
    assert body[wrong[0]] == {
        "type": "RichTextBlock",
        "inlines": [
            {"type": "TextRun", "text": "⚠️ We cannot read this as a day.", "color": "Attention"}
        ],
        "spacing": "None",
    }
    assert back(card) == {
        "role": ("mentor",),
        "hours": (),
        "start": ("2026-04-01",),
        "end": ("32 May",),
        "target": ("dozen",),
        "goal": ("Line one\nline two",),
        "kinds": (),
    }


def test_a_hint_is_small_print_under_its_input() -> None:
    _, hint, error, _ = draw(Ask("a", "A?", hint="_Roughly_", error="No."), SAVE)["body"]
    small = {"isSubtle": True, "size": "Small"}
    assert hint["inlines"] == [{"type": "TextRun", "text": "Roughly", **small}]
    assert error["inlines"][0]["text"] == "⚠️ No."


def test_a_redrawn_card_has_fresh_ids_so_that_no_client_keeps_the_old_input() -> None:
    def ids(nonce: str) -> set[str]:
        return {element["id"] for element in inputs(cards.card(QUESTION, nonce=nonce))}

    assert len(ids("a") | ids("b")) == 2 * len(ids("a")) == 4


def test_boxes_that_were_emptied_come_back_empty_though_no_client_sends_them() -> None:
    card = draw(Ask("who", "Who?", Kind.CHOICES, (("a", "A"),), ("a",)), SAVE)
    for value in sent(card, choose=lambda _: ""):
        assert "ask-" not in str(value)
        assert cards.clicked(value) == (GO, {"who": ()})


def test_every_button_sends_what_stands_in_the_inputs() -> None:
    card = cards.card(QUESTION, nonce="n")
    for which in range(3):
        _, fields = cards.clicked(sent(card, which)[0])
        assert fields == {"skills": ("excel", "plan"), "other": ("<b>knitting</b>",)}


def test_inputs_of_the_same_name_on_one_card_are_read_together() -> None:
    card = draw(Ask("word", "A word", value=("one",)), Ask("word", "?", value=("two",)), SAVE)
    assert back(card) == {"word": ("one", "two")}


@pytest.mark.parametrize(("count", "style"), [(10, "expanded"), (11, "compact"), (130, "compact")])
@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.CHOICES])
def test_many_options_are_a_list(kind: Kind, count: int, style: str) -> None:
    options = tuple((f"v{n}", f"Option {n}") for n in range(count))
    card = draw(Ask("which", "Which?", kind, options, (f"v{count - 1}",)), SAVE)
    (element,) = inputs(card)
    assert element["style"] == style
    assert shown(card).count("Option ") == count
    assert back(card) == {"which": (f"v{count - 1}",)}


def test_options_that_do_not_fit_are_counted_and_what_was_chosen_is_kept() -> None:
    many = tuple((f"v{n}", f"{n} " + "words " * 20) for n in range(250))
    card = draw(Ask("which", "Which?", Kind.CHOICE, many, ("v249",), hint="One of these"), SAVE)
    (element,) = inputs(card)
    assert f"One of these … +{250 - len(element['choices'])}" in shown(card)
    assert back(card) == {"which": ("v249",)}


@pytest.mark.parametrize(
    "raw", ["a,b", "", ",", "x; y", "%2C", "=", "5", "true", " é & <b>\n", "\ud800"]
)
def test_raw_values_come_back_whatever_is_in_them(raw: str) -> None:
    several = Ask("a b:c|d%,e", "?", Kind.CHOICES, (("x", "X"), (raw, "Y")), ("x", raw))
    one = Ask("one", "?", Kind.CHOICE, ((raw, "Y"),), (raw,))
    assert back(draw(several, one, SAVE)) == {"a b:c|d%,e": ("x", raw), "one": (raw,)}


def test_a_choice_of_nothing_is_not_an_input() -> None:
    card = draw(Ask("a", "Which?", Kind.CHOICES), SAVE)
    assert shown(card) == "Which?\nSave"
    assert back(card) == {}


def test_of_several_values_the_first_is_the_one_chosen() -> None:
    card = draw(Ask("a", "?", Kind.CHOICE, (("x", "X"), ("y", "Y")), ("y", "x")), SAVE)
    assert back(card) == {"a": ("y",)}


def test_nobodys_words_are_markdown_in_the_title_of_a_choice() -> None:
    (element,) = inputs(draw(Ask("a", "?", Kind.CHOICE, (("x", "1. [a](b) \\*c\\* <at>d</at>"),))))
    title = element["choices"][0]["title"]
    assert title == "\u200b1. [a]\u200b(b) ∗c∗ <\u200bat>d<\u200b/at>"  # noqa: RUF001


def test_lists_of_words_stand_in_one_input() -> None:
    card = draw(Ask("skills", "Skills", value=("excel", "planning")), SAVE)
    assert back(card) == {"skills": ("excel, planning",)}


@pytest.mark.parametrize("words", ["20260401", "2026-W14-3", "0001-01-01", "32 May", " "])
def test_a_day_that_a_date_picker_cannot_show_stays_words(words: str) -> None:
    card = draw(Ask("day", "Which day?", Kind.DATE, value=(words,)), SAVE)
    assert inputs(card)[0]["type"] == "Input.Text"
    assert back(card) == {"day": (words,) if words.strip() else ()}


def test_a_number_is_typed_so_that_what_is_no_number_can_be_answered() -> None:
    (element,) = inputs(draw(Ask("n", "How many?", Kind.NUMBER, value=("1,5",))))
    assert (element["type"], element["value"]) == ("Input.Text", "1,5")


def test_values_that_are_too_long_are_cut_to_what_the_input_takes() -> None:
    (element,) = inputs(draw(Ask("a", "?", Kind.LONG_TEXT, value=("word " * 900,))))
    assert len(element["value"]) <= element["maxLength"]
    assert element["value"].endswith("…")


@pytest.mark.parametrize("value", [None, "", [], {}, {"action": {}}, {"action": {"data": "x"}}])
def test_a_click_without_data_has_expired(value: object) -> None:
    assert cards.clicked(value) == (Expired(), {})


def test_what_is_not_ours_in_a_click_is_left_alone() -> None:
    data = {
        "wire": RunCommand("go").encode(),
        "asked": "a",
        "ask-n-0:t:a": 5,
        "other": "x",
        "ask-": "",
    }
    assert cards.clicked(data) == (GO, {"a": ()})
    assert cards.clicked({"wire": "%ff", "ask-n-0:c:a": "=%ff"}) == (Expired(), {"a": ("%ff",)})
