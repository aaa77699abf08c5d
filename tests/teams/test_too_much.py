"""Cards that are far too long: cut everywhere a little, at worst with a gap, and never refused."""

from __future__ import annotations

from bot.core.actions import RunCommand
from bot.core.messages import Ask, Fields, Message, Note, Part, Rule, Text, button
from bot.platforms.teams import cards
from tests.teams.rules import Json, buttons, check_card, sent, shown, walk

GO, STOP = RunCommand("go"), RunCommand("stop")


def draw(*parts: Part) -> list[Json]:
    card = cards.card(Message("A card", parts), nonce="n1")
    check_card(card)
    body: list[Json] = card["body"]
    return body


def test_a_card_with_far_too_many_parts_keeps_its_beginning_and_its_end() -> None:
    pairs = [part for n in range(90) for part in (Text(f"Pair {n}"), button("Fine", GO), Rule())]
    card = cards.card(Message("x", (*pairs, Note("The end"), button("Go on", STOP))), nonce="n")
    check_card(card)
    words = shown(card)
    assert "Pair 0" in words and "The end" in words and "\n…\n" in words
    assert cards.clicked(sent(card)[0])[0] == STOP


def test_wires_longer_than_a_card_leave_the_first_and_the_last_buttons() -> None:
    long = [button(f"{n}", RunCommand("x" * 1_900, f"{n}")) for n in range(25)]
    card = cards.card(Message("x", tuple(long)), nonce="n")
    check_card(card)
    titles = [action["title"] for action in buttons(card)]
    assert (titles[0], titles[-1]) == ("0", "24")
    assert len(titles) < 25


def test_of_far_too_many_facts_the_first_and_the_last_are_kept() -> None:
    drawn = draw(Fields(tuple((f"Label {n}", f"Value {n}") for n in range(2_000))))
    words = shown({"body": drawn})
    assert "Value 0\n" in words and "\n…\n" in words and words.endswith("Value 1999")


def test_the_inputs_of_a_gap_are_not_taken_for_empty_ones() -> None:
    asks = [Ask(f"name{n}", "x" * 40, hint="y" * 40) for n in range(99)]
    card = cards.card(Message("x", (*asks, button("Go", GO))), nonce="n")
    check_card(card)
    drawn = [found for found in walk(card) if found.get("type") == "Input.Text"]
    _, fields = cards.clicked(sent(card)[0])
    assert len(fields) == len(drawn) < 99


def test_columns_go_before_words() -> None:
    rows = Fields(tuple((f"Label **{n}**", f"Value {n}") for n in range(45)))
    drawn = draw(rows, Text("word " * 300))
    assert not any(element["type"] == "ColumnSet" for element in drawn)
    assert "…" not in shown({"body": drawn})


def test_a_text_of_very_many_lines_keeps_them_all_in_one_block() -> None:
    (drawn,) = draw(Text("**Those who wait**\n" + "Noor\n" * 300))
    assert drawn["inlines"][1]["text"].count("\nNoor") == 300


def test_too_many_words_are_cut_everywhere_a_little() -> None:
    drawn = draw(*(Text(f"**{n}** " + "word " * 900) for n in range(9)), button("Go", GO))
    starts = [element["inlines"][0]["text"] for element in drawn[:9]]
    assert starts == [str(n) for n in range(9)]
    assert all(element["inlines"][-1]["text"] == "…" for element in drawn[:9])


def test_a_small_card_uses_all_the_room_that_there_is() -> None:
    words = "word " * 2_600
    assert shown({"body": draw(Text(words))}).count("word") == 2_400  # as 12,000 characters allow
