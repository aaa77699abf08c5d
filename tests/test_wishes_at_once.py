"""Somebody answers on two devices at once, or at the moment at which the wishing closes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.cards.wishes import EditWishes, NoWishes, SaveWishes
from bot.cards.wishings import CloseWishing
from bot.core.actions import Action
from tests.hands import Hands
from tests.reviewing import coordinator, mentee, mentor
from tests.wishing import asks, fields_of, kept, wishers
from tests.world import World


@pytest.mark.parametrize(
    "other", [SaveWishes(1), NoWishes(1), EditWishes(1), CloseWishing(1, True)]
)
def test_two_answers_at_once_neither_fail_nor_count_twice(world: World, other: Action) -> None:
    world.programme()
    thomas = coordinator(world)
    for name in ("Bram", "Eva", "Max"):
        mentor(world, name)
    noor = mentee(world, "Noor")
    asks(thomas)
    fields = fields_of(noor)
    deeds: list[tuple[Hands, Action, str]] = [
        (noor, SaveWishes(1), "Bram"),
        (thomas if isinstance(other, CloseWishing) else noor, other, "Eva"),
        (noor, SaveWishes(1), "Max"),
    ]
    for _ in range(5):
        with ThreadPoolExecutor(3) as threads:
            said = threads.map(lambda d: _does(d[0], d[1], fields[d[2]]), deeds)
        assert not any("something went wrong" in repr(card).casefold() for card in said)
    world.tick()
    ranks = [rank for _, rank, _ in kept(world, "Noor")]
    assert ranks == [*range(1, len(ranks) + 1)]
    assert wishers(world)["Noor"].answered_at


def _does(hands: Hands, action: Action, field: str) -> object:
    fields: dict[str, Any] = {f"rank_{field}": ("1",)}
    return hands.forges(action, **fields)
