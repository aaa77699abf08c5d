"""In private nobody reads along; in a channel the answer says who may."""

from __future__ import annotations

from bot.core.messages import say
from tests.contract.stage import Stage
from tests.contract.stories import story


@story
async def test_the_private_chat_is_private_and_a_channel_is_not(stage: Stage) -> None:
    await stage.types("noor", "hoi")
    await stage.calls("noor", "help")
    await stage.calls("noor", "help", in_channel=True)
    await stage.calls("thomas", "help", in_channel=True)
    typed, called, noor, thomas = [event.place for event in stage.bot.heard]
    assert typed.private and called.private
    assert typed.address == called.address
    assert not noor.private
    assert noor == thomas
    assert noor.address != typed.address


@story
async def test_an_answer_in_a_channel_is_for_who_asked_or_the_place_says_that_it_is_not(
    stage: Stage,
) -> None:
    stage.bot.answers(say("For Noor."))
    await stage.calls("noor", "status", in_channel=True)
    assert stage.bot.heard[-1].place.whispers is stage.whispers
    assert [seen.words for seen in stage.sees_in_channel("noor")] == ["For Noor."]
    others = [seen.words for seen in stage.sees_in_channel("thomas")]
    assert others == ([] if stage.whispers else ["For Noor."])
    assert stage.sees("noor") == stage.sees("thomas") == []
