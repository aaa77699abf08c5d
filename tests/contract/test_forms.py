"""A form means the same in a window of its own as on a card."""

from __future__ import annotations

from dataclasses import replace

from bot.core.actions import RunCommand
from bot.core.events import Click
from bot.core.messages import Ask, Kind, Message, Style, button, say
from tests.contract.stage import Stage
from tests.contract.stories import story

SAVE, BACK = RunCommand("save"), RunCommand("back")
GOALS = (("present", "To present"), ("lead", "To lead"))


def form(goal: str = "", wrong: str = "", kinds: tuple[str, ...] = ()) -> Message:
    return Message(
        "What you want to learn",
        (
            Ask("goal", "Your goal", Kind.LONG_TEXT, value=(goal,) if goal else (), error=wrong),
            Ask("kinds", "What sort?", Kind.CHOICES, GOALS, kinds),
            button("Save", SAVE, Style.PRIMARY),
            button("Back", BACK),
        ),
        form=True,
    )


async def opens(stage: Stage) -> None:
    """The form of a card in Noor's chat is open."""
    stage.bot.answers(say("Your profile.", button("Change", RunCommand("change"))), form("Draft."))
    await stage.types("noor", "profile")
    await stage.clicks("noor", "Change")


@story
async def test_a_form_shows_what_is_asked_and_what_is_known(stage: Stage) -> None:
    await opens(stage)
    shown = stage.sees("noor")[-1]
    assert set(shown.buttons) == {"Save", "Back"}
    assert shown.inputs["goal"].value == ("Draft.",)
    assert (shown.inputs["goal"].label, shown.inputs["kinds"].value) == ("Your goal", ())


@story
async def test_a_form_that_is_sent_is_a_click_and_its_answer_stands_where_it_began(
    stage: Stage,
) -> None:
    await opens(stage)
    stage.bot.answers(say("Saved."))
    await stage.clicks("noor", "Save", goal="To chair\na meeting.", kinds="To lead")
    click = stage.bot.last(Click)
    assert click.action == SAVE
    assert click.fields == {"goal": ("To chair\na meeting.",), "kinds": ("lead",)}
    assert click.place.private
    assert [seen.words for seen in stage.sees("noor")] == ["Saved."]


@story
async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(stage: Stage) -> None:
    await opens(stage)
    stage.bot.answers(form("Too **much**", "That is too long.", ("lead",)), say("Saved."))
    await stage.clicks("noor", "Save", goal="Too **much**", kinds="To lead")
    shown = stage.sees("noor")[-1]
    assert shown.inputs["goal"].error == "That is too long."
    assert shown.inputs["goal"].value == ("Too **much**",)
    assert shown.inputs["kinds"].value == ("To lead",)
    assert shown.inputs["kinds"].error == ""
    await stage.clicks("noor", "Save", goal="Less")
    assert stage.bot.last(Click).fields == {"goal": ("Less",), "kinds": ("lead",)}
    assert [seen.words for seen in stage.sees("noor")] == ["Saved."]


@story
async def test_a_card_that_asks_again_keeps_what_was_typed_too(stage: Stage) -> None:
    asks = replace(form(), form=False)
    again = replace(form("Too much", "That is too long.", ("present", "lead")), form=False)
    stage.bot.answers(asks, again)
    await stage.types("noor", "hoi")
    await stage.clicks("noor", "Save", goal="Too much", kinds=("To present", "To lead"))
    [shown] = stage.sees("noor")
    assert shown.inputs["goal"].error == "That is too long."
    assert shown.inputs["goal"].value == ("Too much",)
    assert shown.inputs["kinds"].value == ("To present", "To lead")
    await stage.clicks("noor", "Save")
    assert stage.bot.last(Click).fields == {"goal": ("Too much",), "kinds": ("present", "lead")}


@story
async def test_the_next_form_takes_the_place_of_this_one(stage: Stage) -> None:
    await opens(stage)
    further = Message("More", (Ask("more", "More"), button("Save", SAVE)), form=True)
    stage.bot.answers(further, say("Saved."))
    await stage.clicks("noor", "Save", goal="x")
    shown = stage.sees("noor")[-1]
    assert set(shown.inputs) == {"more"}
    await stage.clicks("noor", "Save", more="y")
    assert stage.bot.last(Click).fields == {"more": ("y",)}
    assert [seen.words for seen in stage.sees("noor")] == ["Saved."]


@story
async def test_a_form_has_other_buttons_too(stage: Stage) -> None:
    await opens(stage)
    stage.bot.answers(form("Other."))
    await stage.clicks("noor", "Back", goal="x")
    click = stage.bot.last(Click)
    assert (click.action, click.fields) == (BACK, {"goal": ("x",), "kinds": ()})
    assert stage.sees("noor")[-1].inputs["goal"].value == ("Other.",)


@story
async def test_a_command_may_be_answered_by_a_form(stage: Stage) -> None:
    stage.bot.answers(form(), say("Saved."))
    await stage.calls("noor", "profile")
    assert set(stage.sees("noor")[-1].inputs) == {"goal", "kinds"}
    await stage.clicks("noor", "Save", goal="To lead.")
    assert stage.bot.last(Click).fields == {"goal": ("To lead.",), "kinds": ()}
    assert [seen.words for seen in stage.sees("noor")] == ["Saved."]
