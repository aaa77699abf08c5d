"""Messages as Adaptive Cards: each part as it should look, within what Teams takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.actions import Expired, RunCommand
from bot.core.charts import GoalBars
from bot.core.markup import escape
from bot.core.messages import (
    Ask,
    Button,
    Fields,
    Heading,
    Message,
    Note,
    Part,
    Picture,
    Rule,
    Style,
    Text,
    button,
    say,
)
from bot.platforms.teams import cards
from tests.teams.rules import Json, buttons, check_card, check_message, sent, shown

GO, STOP = RunCommand("go"), RunCommand("stop", "for now & <ever>, é")
PICTURE = Picture(GoalBars("", ()), "14 of **20** pairs met")


def draw(*parts: Part) -> list[Json]:
    card = cards.card(Message("A card", parts), nonce="n1")
    check_card(card)
    body: list[Json] = card["body"]
    return body


def only(*parts: Part) -> Json:
    (element,) = draw(*parts)
    return element


def run(words: str, **look: Any) -> Json:
    return {"type": "TextRun", "text": words, **look}


def rich(*runs: Json, **more: Any) -> Json:
    return {"type": "RichTextBlock", "inlines": list(runs), **more}


# Texts


def test_a_message_is_a_card_and_says_in_a_line_what_it_is_about() -> None:
    activity = cards.message(say("Hello **Noor**,\nhow are you?"), nonce="n1", lang="en")
    check_message(activity)
    card = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": "Hello Noor, how are you?",
        "speak": "Hello Noor, how are you?",
        "lang": "en",
        "body": [
            rich(run("Hello "), run("Noor", weight="Bolder"), run(",")),
            rich(run("how are you?"), spacing="None"),
        ],
    }
    assert activity == {
        "type": "message",
        "summary": "Hello Noor, how are you?",
        "attachmentLayout": "list",
        "attachments": [{"contentType": cards.CARD, "content": card}],
    }


def test_the_summary_has_nothing_in_it_that_a_client_could_read() -> None:
    card = cards.card(Message(escape("<at>Noor</at> *_x_* [a](b) &lt;")), nonce="n")
    assert card["fallbackText"] == "<\u200bat>Noor<\u200b/at> ∗ˍxˍ∗ [a]\u200b(b) &\u200blt;"  # noqa: RUF001
    assert card["speak"] == "‹at›Noor‹/at› *_x_* [a](b) +lt;"  # noqa: RUF001


@pytest.mark.parametrize(
    "name",
    [
        *("<at>Noor</at>", "[Click](https://evil.example)", "https://evil.example", "a_b@c.nl"),
        *("*star*", "_under_", "`tick`", "~~tilde~~", "# head", "> quote", "- item", "1. item"),
        *("&lt;b&gt;", "\\*", "<b>x</b>"),
    ],
)
def test_words_that_teams_would_read_stay_as_they_are_bold_and_all(name: str) -> None:
    drawn = only(Text(f"**{escape(name)}** is your _mentor_"))
    assert drawn == rich(run(name, weight="Bolder"), run(" is your "), run("mentor", italic=True))


def test_a_name_is_no_clock() -> None:
    drawn = only(Text("{{DATE(2017-02-14T06:08:39Z, SHORT)}}"))
    assert drawn["inlines"][0]["text"].startswith("{\u200b{DATE(")


def test_lines_stand_close_together_and_paragraphs_apart() -> None:
    drawn = draw(Text("**one\n• two**\n\n\nthree\n"), Text("four"))
    assert [element.get("spacing") for element in drawn] == [None, "None", "Small", None]
    assert drawn[1]["inlines"] == [run("• two", weight="Bolder")]


def test_a_heading_is_one_for_a_screen_reader_unless_teams_would_read_its_words() -> None:
    plain, marked = draw(Heading("a **b**\nc"), Heading(escape("a *b*")))
    assert (plain["type"], plain["text"], plain["style"]) == ("TextBlock", "a b c", "heading")
    assert marked["inlines"] == [run("a *b*", size="Large", weight="Bolder")]


def test_a_note_is_small_print_and_a_rule_a_line_above_what_follows() -> None:
    drawn = draw(Rule(), Note("Only _we_ read this"), Rule(), Rule(), Text("x"), Rule())
    small = {"isSubtle": True, "size": "Small"}
    assert drawn[0] == rich(
        run("Only ", **small), run("we", **small, italic=True), run(" read this", **small)
    )
    assert drawn[1] == rich(run("x"), separator=True, spacing="Large")


def test_plain_rows_are_facts() -> None:
    facts = only(Fields((("Part", "mentor"), ("Hours", "4.2 of 5 (about)"))))
    assert facts == {
        "type": "FactSet",
        "facts": [
            {"title": "Part", "value": "mentor"},
            {"title": "Hours", "value": "4.2 of 5 (about)"},
        ],
    }


@pytest.mark.parametrize("value", ["**mentor**", "a\\_b@c.nl", "1. item", "  code", "see c.nl"])
def test_rows_in_which_teams_would_read_something_have_columns(value: str) -> None:
    first, second = draw(Fields((("Part", value), ("Goal", "x"))))
    assert [element["type"] for element in (first, second)] == ["ColumnSet", "ColumnSet"]
    label, cell = first["columns"]
    assert label["items"] == [rich(run("Part", weight="Bolder"))]
    assert cell["items"][0]["type"] == "RichTextBlock"
    assert (label["width"], cell["width"]) == (2, 3)


def test_long_rows_take_the_width_and_a_value_may_stand_alone() -> None:
    label, value, alone = draw(Fields((("Goal", "x " * 90), ("", "alone"))))
    assert label["inlines"] == [run("Goal", weight="Bolder")]
    assert value["inlines"][0]["text"].startswith("x x")
    assert value["spacing"] == "None"
    assert alone["inlines"] == [run("alone")]


def test_a_message_that_says_nothing_is_still_a_message() -> None:
    drawn = only(Text(" "), Heading(""), Fields(()), Note("\u200b"), Rule())
    assert drawn == rich(run("A card"))
    check_message(cards.message(Message(""), nonce="n"))


def test_a_card_with_fields_inputs_or_a_picture_is_wide() -> None:
    def wide(part: Part) -> bool:
        return "msteams" in cards.card(Message("x", (part,)), nonce="n")

    assert [wide(p) for p in (PICTURE, Ask("a", "?"), Fields(()))] == [True, True, True]
    assert not wide(Text("x"))


# Pictures


def test_a_picture_on_the_web_stands_in_the_card_and_says_what_it_shows() -> None:
    card = Message("A card", (PICTURE, PICTURE))
    activity = cards.message(card, nonce="n", pictures={1: "https://koppel.example/1.png"})
    check_message(activity)
    (attachment,) = activity["attachments"]
    missing, there = attachment["content"]["body"]
    assert "".join(one["text"] for one in missing["inlines"]) == "14 of 20 pairs met"
    assert there == {
        "type": "Image",
        "url": "https://koppel.example/1.png",
        "altText": "14 of 20 pairs met",
        "size": "Stretch",
        "msteams": {"allowExpand": True},
    }


def test_a_picture_that_travels_by_itself_has_its_words_in_the_card() -> None:
    data = "data:image/png;base64," + "A" * 60_000
    activity = cards.message(Message("A card", (PICTURE,)), nonce="n", pictures={0: data})
    check_message(activity)
    card, image = activity["attachments"]
    assert image == {"contentType": "image/png", "contentUrl": data, "name": "14 of 20 pairs met"}
    assert shown(card["content"]) == "14 of 20 pairs met"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://koppel.example/1.png", ""])
def test_no_other_address_is_shown(url: str) -> None:
    activity = cards.message(Message("x", (PICTURE,)), nonce="n", pictures={0: url})
    assert len(activity["attachments"]) == 1
    check_message(activity)


# Buttons


def test_a_button_is_execute_for_the_clients_of_today_and_submit_for_older_ones() -> None:
    row = only(button("Go", GO, Style.PRIMARY), button("Stop", STOP, Style.DANGER), Button("", ""))
    go = row["actions"][0]
    data = {"wire": '["RunCommand"%2C{"name":"go"%2C"args":""}]'}
    assert go == {
        "type": "Action.Execute",
        "title": "Go",
        "style": "positive",
        "verb": "act",
        "data": data,
        "fallback": {"type": "Action.Submit", "title": "Go", "style": "positive", "data": data},
    }
    assert [action.get("style") for action in row["actions"]] == ["positive", "destructive", None]
    card = {"body": [row]}
    back = [cards.clicked(value) for which in range(3) for value in sent(card, which)]
    assert back == [(action, {}) for action in (GO, GO, STOP, STOP, Expired(), Expired())]


def test_a_wire_that_is_too_long_is_a_button_that_has_expired() -> None:
    row = only(button("x" * 99, RunCommand("x" * 2_000)))
    assert cards.clicked(sent({"body": [row]})[0]) == (Expired(), {})
    assert row["actions"][0]["title"] == "x" * 74 + "…"


def test_buttons_that_would_crowd_each_other_are_rows() -> None:
    long = "A button of many words"
    drawn = draw(*(button(f"{n}", GO) for n in range(6)), Text("x"), *[button(long, GO)] * 4)
    rows = [element["actions"] for element in drawn if element["type"] == "ActionSet"]
    assert [len(row) for row in rows] == [3, 3, 2, 2]


# Always


def test_what_is_sent_is_json_without_anything_that_cannot_be() -> None:
    nasty = "\0a\ud800\u202eb\r\nc"
    card = cards.card(
        Message(
            nasty,
            (Text(nasty), Heading(nasty), Ask(nasty, nasty, value=(nasty,)), Button(nasty, nasty)),
        ),
        nonce="n",
    )
    check_card(card)
    json.dumps(card, ensure_ascii=False).encode()
    assert cards.clicked(sent(card)[0]) == (Expired(), {nasty: ("ab\nc",)})


def test_a_form_is_the_same_card() -> None:
    parts = (Ask("a", "?"), button("Go", GO))
    forms = [cards.card(Message("x", parts, form=form), nonce="n") for form in (True, False)]
    assert forms[0] == forms[1]


def test_a_card_is_drawn_the_same_twice_and_changes_nothing_of_the_message() -> None:
    card = Message("x", (Ask("a", "?"), button("Go", GO), Text("y")))
    assert cards.card(card, nonce="n") == cards.card(card, nonce="n")
    assert buttons(cards.card(card, nonce="n"))[0]["data"]["asked"] == "a"
