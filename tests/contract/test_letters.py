"""A letter arrives once, whole, where its address says; or the platform says why it does not."""

from __future__ import annotations

import pytest

from bot.core.actions import RunCommand
from bot.core.charts import GoalBar, GoalBars
from bot.core.events import Click
from bot.core.markup import escape
from bot.core.messages import Ask, Fields, Heading, Message, Note, Picture, Text, button, say
from bot.core.platform import Unreachable, Why
from tests.contract.stage import Stage
from tests.contract.stories import story

HOSTILE = (
    "**Bob** _x_ `y` ~z~ *s*",
    "<!channel> <@U01NOOR> <b>bold</b> <https://example.com|link>",
    "=1+1 {{DATE(2026)}} %s",
    "[words](https://example.com)",
    "שלום 👩🏽‍💻",
    "R&D &amp; &lt;",
)
CHART = GoalBars("Goals", (GoalBar("Meeting rate", 62, 80, "62%", "target 80%"),))


async def home(stage: Stage, who: str = "noor") -> str:
    """Where somebody is written to, once they were heard."""
    await stage.types(who, "hoi")
    return stage.bot.heard[-1].home


@story
async def test_home_is_the_address_of_the_private_chat_wherever_somebody_was_heard(
    stage: Stage,
) -> None:
    await stage.types("noor", "hoi")
    await stage.calls("noor", "help", in_channel=True)
    typed, called = stage.bot.heard
    assert typed.home == called.home
    await stage.sends(called.home, say("For Noor."))
    assert [seen.words for seen in stage.sees("noor")] == ["For Noor."]
    assert stage.sees("thomas") == stage.sees_in_channel("noor") == []


@story
async def test_a_letter_brings_words_fields_and_buttons_that_work(stage: Stage) -> None:
    letter = Message(
        "It is a match",
        (
            Heading("It is a match"),
            Text("You and **Thomas** meet on\n• Monday"),
            Fields((("Mentor", "Thomas Bakker"), ("Place", "Utrecht"))),
            Note("Only you two read this."),
            Ask("wish", "A wish"),
            button("Good", RunCommand("good")),
        ),
    )
    await stage.sends(await home(stage), letter)
    [shown] = stage.sees("noor")
    for words in ("It is a match", "You and Thomas meet on", "• Monday", "Mentor", "Thomas Bakker"):
        assert words in shown.words
    assert "Only you two read this." in shown.words
    assert shown.buttons == ("Good",)
    stage.bot.answers(say("Noted."))
    await stage.clicks("noor", "Good", wish="coffee")
    assert stage.bot.last(Click).action == RunCommand("good")
    assert stage.bot.last(Click).fields == {"wish": ("coffee",)}
    assert [seen.words for seen in stage.sees("noor")] == ["Noted."]


@story
async def test_what_people_wrote_stands_in_a_letter_as_they_wrote_it(stage: Stage) -> None:
    said = [f"Thomas says: {escape(words)}" for words in HOSTILE]
    await stage.sends(await home(stage), say("Hello.", *map(Text, said)))
    [shown] = stage.sees("noor")
    assert shown.words.splitlines() == ["Hello.", *(f"Thomas says: {words}" for words in HOSTILE)]


@story
async def test_a_picture_comes_with_its_words(stage: Stage) -> None:
    await stage.sends(await home(stage), say("This week", Picture(CHART, "62 of 100 met.")))
    [shown] = stage.sees("noor")
    assert shown.pictures == ("62 of 100 met.",)


@story
async def test_a_letter_to_a_channel_is_read_by_all_who_are_there(stage: Stage) -> None:
    await stage.calls("noor", "digest", in_channel=True)
    await stage.sends(stage.bot.heard[-1].place.address, say("For all."))
    for who in ("noor", "thomas"):
        assert [seen.words for seen in stage.sees_in_channel(who)] == ["For all."]
        assert stage.sees(who) == []


@story
async def test_a_letter_to_somebody_who_left_is_unreachable(stage: Stage) -> None:
    here = await home(stage)
    stage.leaves("noor")
    with pytest.raises(Unreachable) as told:
        await stage.sends(here, say("Too late."))
    assert told.value.why in (Why.GONE, Why.CLOSED)
    assert stage.sees("noor") == []


@story
async def test_there_is_room_for_letters(stage: Stage) -> None:
    before = stage.platform.room(stage.workspace)
    assert before > 0
    await stage.sends(await home(stage), say("One."))
    assert 0 < stage.platform.room(stage.workspace) <= before
