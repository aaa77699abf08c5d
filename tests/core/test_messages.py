"""Messages travel as JSON and come back the same; several become one without losing a part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.actions import RunCommand
from bot.core.charts import GoalBar, GoalBars, StackedWeeks
from bot.core.messages import (
    Ask,
    Button,
    Fields,
    File,
    Heading,
    Kind,
    Message,
    Note,
    Part,
    Picture,
    Rule,
    Style,
    Text,
    button,
    say,
    together,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
PAIRS = st.lists(st.tuples(WORDS, WORDS), max_size=4).map(tuple)
SOME = st.lists(WORDS, max_size=3).map(tuple)
CHARTS = st.just(StackedWeeks("t", ("met",), ("2 Mar",), ((1,),), ("100%",))) | st.just(
    GoalBars("t", (GoalBar("joined", None, 60, "not yet", "target 60"),))
)
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, WORDS),
    st.builds(Text, WORDS),
    st.builds(Note, WORDS),
    st.builds(Fields, PAIRS),
    st.builds(Picture, CHARTS, WORDS),
    st.builds(File, WORDS, WORDS, WORDS),
    st.builds(Ask, WORDS, WORDS, st.sampled_from(Kind), PAIRS, SOME, WORDS, WORDS),
    st.builds(Button, WORDS, WORDS, st.sampled_from(Style)),
    st.builds(Rule),
)
MESSAGES = st.builds(Message, WORDS, st.lists(PARTS, max_size=6).map(tuple))


@given(MESSAGES)
def test_a_message_survives_its_journey(message: Message) -> None:
    assert Message.from_json(message.to_json()) == message


@pytest.mark.parametrize("data", ["", "{}", '{"summary": "x", "parts": [{"type": "hologram"}]}'])
def test_what_is_no_message_is_refused(data: str) -> None:
    with pytest.raises(ValidationError):
        Message.from_json(data)


def test_the_first_line_of_what_is_said_is_also_the_notification() -> None:
    said = say("Hello", Note("small"))
    assert said.summary == "Hello"
    assert said.parts == (Text("Hello"), Note("small"))


def test_a_button_carries_its_action() -> None:
    made = button("Help", RunCommand("help"), Style.PRIMARY)
    assert made == Button("Help", RunCommand("help").encode(), Style.PRIMARY)


@given(st.lists(MESSAGES, max_size=4))
def test_messages_together_keep_every_part_in_order_with_a_line_between(
    messages: list[Message],
) -> None:
    messages = [message for message in messages if message.parts]
    both = together("three questions", tuple(messages))
    assert both.summary == "three questions"
    kept = [part for message in messages for part in message.parts]
    own = sum(isinstance(part, Rule) for part in kept)
    assert [p for p in both.parts if not isinstance(p, Rule)] == [
        p for p in kept if not isinstance(p, Rule)
    ]
    assert len(both.all(Rule)) == own + max(0, len(messages) - 1)


def test_all_gives_the_parts_of_one_kind() -> None:
    card = Message("", (Text("a"), Note("b"), Text("c")))
    assert [text.body for text in card.all(Text)] == ["a", "c"]
