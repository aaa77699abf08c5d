"""Whatever is wrong with a delivery, nothing breaks, and the next one is heard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.core.actions import RunCommand
from bot.core.events import Typed
from bot.core.messages import Ask, Message, button, say
from tests.contract.stage import HttpStage, Stage, mangled
from tests.contract.stories import story


async def words(stage: Stage) -> None:
    await stage.types("noor", "hoi")


async def command(stage: Stage) -> None:
    await stage.calls("noor", "help", in_channel=True)


async def click(stage: Stage) -> None:
    stage.bot.answers(say("Well?", Ask("word", "A word"), button("Go", RunCommand("go"))))
    await stage.types("noor", "hoi")
    await stage.clicks("noor", "Go", word="x")


async def window(stage: Stage) -> None:
    stage.bot.answers(
        say("Well?", button("Open", RunCommand("open"))),
        Message("A form", (Ask("word", "A word"), button("Go", RunCommand("go"))), form=True),
    )
    await stage.types("noor", "hoi")
    await stage.clicks("noor", "Open")
    await stage.clicks("noor", "Go", word="x")


@pytest.mark.parametrize("delivery", [words, command, click, window])
@story
async def test_a_delivery_of_which_any_part_is_missing_or_odd_breaks_nothing(
    stage: HttpStage, delivery: Callable[[Stage], Awaitable[None]]
) -> None:
    await delivery(stage)
    statuses = await stage.replays(mangled)
    assert len(statuses) > 20
    assert 500 not in statuses
    await stage.types("noor", "and now?")
    assert stage.bot.last(Typed).text == "and now?"
