"""Questions about a trial talk end with what they were for."""

from __future__ import annotations

import pytest

from bot.cards.wishes import NoWishes
from tests.reviewing import coordinator, goes_round, mentee, mentor, paired
from tests.test_trial_talks import until_asked
from tests.wishing import asks, closes
from tests.world import World


@pytest.mark.any_database
def test_once_matched_an_open_question_is_on_no_later_card(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    mentor(world, "Bram")
    mentor(world, "Eva")
    noor = mentee(world, "Noor")
    asks(thomas, trial_talks="yes")
    closes(thomas)
    until_asked(world)
    assert "SayOfTalk" in repr(noor.forges(NoWishes(1)))
    goes_round(world, thomas)
    assert {name for _, name in paired(world)} == {"Noor"}
    assert "SayOfTalk" not in repr(noor.forges(NoWishes(1)))
