"""A click brings what the button means and what stood in the inputs; its answer takes the card's place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from bot.core.actions import Action, Expired
from bot.core.events import Click, Command
from bot.core.messages import Ask, Button, Kind, Message, button, say
from tests.contract.stage import Given, Stage
from tests.contract.stories import story


@dataclass(frozen=True)
class ContractPressed(Action):
    """A button of these stories."""

    number: int
    word: str
    sure: bool = False


PRESSED = ContractPressed(2**31 - 1, 'a "b", <c> & d | 100% 👩🏽‍💻\né', sure=True)
VALUES = ('a,b "c"', "two  spaces & <b>", "é 👋🏽", "=1", "x" * 40, "#0")
OPTIONS = tuple(zip(VALUES, ("Comma", "Spaces", "Letters", "Sum", "Long", "Number"), strict=True))
CARD = say(
    "What do you want?",
    Ask("word", "A word"),
    Ask("words", "Some words", Kind.LONG_TEXT),
    Ask("one", "One of these", Kind.CHOICE, OPTIONS),
    Ask("some", "Some of these", Kind.CHOICES, OPTIONS),
    Ask("when", "A day", Kind.DATE),
    Ask("how many, really?", "A number", Kind.NUMBER),
    button("Next", PRESSED),
    button("Stop", ContractPressed(0, "")),
)
EMPTY: dict[str, tuple[str, ...]] = {
    name: () for name in ("word", "words", "one", "some", "when", "how many, really?")
}


async def shows(stage: Stage, card: Message, who: str = "noor") -> None:
    """The card stands in somebody's private chat."""
    stage.bot.answers(card)
    await stage.types(who, "hoi")


@story
async def test_a_click_means_what_its_button_was_made_to_mean(stage: Stage) -> None:
    await shows(stage, CARD)
    await stage.clicks("noor", "Next")
    click = stage.bot.last(Click)
    assert click.action == PRESSED
    before = stage.bot.heard[0]
    assert (click.who, click.place, click.home) == (before.who, before.place, before.home)
    await stage.clicks("noor", "Stop")
    assert stage.bot.last(Click).action == ContractPressed(0, "")


@story
async def test_every_input_comes_along_empty_when_it_is_empty(stage: Stage) -> None:
    await shows(stage, CARD)
    assert set(stage.sees("noor")[0].inputs) == set(EMPTY)
    await stage.clicks("noor", "Next")
    assert stage.bot.last(Click).fields == EMPTY


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("word", ["a < b & c", "=1+1", "👩🏽‍💻 שלום", "100% +1 {{x}}", "é" * 300], None),
        ("words", ["first\nsecond\n\n last", "&amp; <b>", "x" * 3_000], None),
        ("when", ["2026-03-02"], None),
        ("how many, really?", ["12", "1,5"], None),
        ("one", [label for _, label in OPTIONS], [(raw,) for raw, _ in OPTIONS]),
        (
            "some",
            [("Comma", "Spaces"), tuple(label for _, label in OPTIONS), ()],
            [VALUES[:2], VALUES, ()],
        ),
    ],
)
@story
async def test_what_was_filled_in_arrives_under_its_name(
    stage: Stage, name: str, given: list[Given], read: list[tuple[str, ...]] | None
) -> None:
    await shows(stage, CARD)
    expected = read or [(str(each),) for each in given]
    for filled, arrives in zip(given, expected, strict=True):
        await stage.clicks("noor", "Next", in_channel=False, **{name: filled})
        assert stage.bot.last(Click).fields == EMPTY | {name: arrives}


@story
async def test_what_stands_in_an_input_already_comes_along(stage: Stage) -> None:
    started = {
        "word": ("a < b",),
        "words": ("first\nsecond",),
        "one": VALUES[:1],
        "some": VALUES[1:4],
        "when": ("2026-03-02",),
        "how many, really?": ("7",),
    }
    asks = [
        Ask(ask.name, ask.label, ask.kind, ask.options, started[ask.name]) for ask in CARD.all(Ask)
    ]
    await shows(stage, say("Still so?", *asks, button("Next", PRESSED)))
    [card] = stage.sees("noor")
    assert card.inputs["some"].value == ("Spaces", "Letters", "Sum")
    assert card.inputs["words"].value == started["words"]
    await stage.clicks("noor", "Next")
    assert stage.bot.last(Click).fields == started
    await stage.clicks("noor", "Next", word="", some=())
    assert stage.bot.last(Click).fields == started | {"word": (), "some": ()}


@story
async def test_the_answer_takes_the_place_of_the_card(stage: Stage) -> None:
    stage.bot.answers(say("Before."), CARD, say("After."), say("Instead.", button("On", PRESSED)))
    for _ in range(3):
        await stage.types("noor", "hoi")
    await stage.clicks("noor", "Next", word="x")
    assert [seen.words.splitlines()[0] for seen in stage.sees("noor")] == [
        "Before.",
        "Instead.",
        "After.",
    ]
    assert stage.sees("noor")[1].inputs == {}
    stage.bot.answers(say("At last."))
    await stage.clicks("noor", "On")
    assert [seen.words for seen in stage.sees("noor")] == ["Before.", "At last.", "After."]


@story
async def test_no_answer_changes_nothing(stage: Stage) -> None:
    await shows(stage, CARD)
    await shows(stage, say("Other.", button("Other", PRESSED)))
    before = stage.sees("noor")
    await stage.clicks("noor", "Next")
    stage.bot.answers(say("Seen."))
    await stage.clicks("noor", "Other")  # whose answer would come after one to the first
    assert [seen.words for seen in stage.sees("noor")] == [before[0].words, "Seen."]


@story
async def test_a_button_of_another_version_is_out_of_date_and_can_be_answered(stage: Stage) -> None:
    for wire in ('["ContractForgotten",{}]', '["ContractPressed",{"number":"x"}]', "{", ""):
        await shows(stage, Message("Old", (Ask("word", "A word"), Button("Old", wire))))
        stage.bot.answers(say("Out of date."))
        await stage.clicks("noor", "Old", word="kept")
        assert stage.bot.last(Click).action == Expired()
        assert stage.bot.last(Click).fields == {"word": ("kept",)}
        assert stage.sees("noor")[-1].words == "Out of date."


@story
async def test_a_click_that_is_delivered_again_is_known_by_its_id(stage: Stage) -> None:
    await shows(stage, CARD)
    await stage.clicks("noor", "Next", word="x")
    await stage.repeats()
    await stage.clicks("noor", "Next", word="x")
    await stage.clicks("noor", "Stop", word="x")
    first, again, *others = stage.bot.heard[1:]
    assert first == again
    assert len({first.id, *(event.id for event in others)}) == 3


@story
async def test_a_click_that_is_delivered_again_shows_its_answer_once(stage: Stage) -> None:
    await shows(stage, CARD)
    stage.bot.answer = lambda _event: say("Done.", button("On", PRESSED))
    await stage.clicks("noor", "Next")
    await stage.repeats()
    assert [seen.buttons for seen in stage.sees("noor")] == [("On",)]


@story
async def test_two_people_click_at_once_and_get_each_their_own(stage: Stage) -> None:
    await shows(stage, CARD)
    await shows(stage, CARD, "thomas")

    def answer(event: object) -> Message:
        assert isinstance(event, Click)
        return say(f"You said {event.fields['word'][0]}.")

    stage.bot.answer = answer
    await asyncio.gather(
        stage.clicks("noor", "Next", word="aardbei"), stage.clicks("thomas", "Next", word="banaan")
    )
    assert [seen.words for seen in stage.sees("noor")] == ["You said aardbei."]
    assert [seen.words for seen in stage.sees("thomas")] == ["You said banaan."]


@story
async def test_a_click_in_a_channel_is_answered_there_over_the_card_where_it_whispers(
    stage: Stage,
) -> None:
    stage.bot.answers(say("Who?", button("I", PRESSED)), say("Noor."))
    await stage.calls("noor", "who", in_channel=True)
    called = stage.bot.last(Command)
    await stage.clicks("noor", "I", in_channel=True)
    click = stage.bot.last(Click)
    assert click.action == PRESSED
    assert click.place.address == called.place.address
    assert not click.place.private
    seen = [seen.words for seen in stage.sees_in_channel("noor")]
    assert seen == ["Noor."] if click.place.whispers else seen[1:] == ["Noor."]
    assert stage.sees("noor") == []
