"""A committee with one pair before it."""

from __future__ import annotations

from bot.cards.pairs import ReviewPair
from tests.hands import Hands
from tests.reviewing import coordinator, reviews_one_pair
from tests.world import World

Committee = tuple[Hands, Hands, Hands]


def committee(world: World) -> Committee:
    """Thomas, Joost (Dutch) and Iris look at Bram and Noor; two of them must say yes."""
    world.programme(votes_needed=2)
    three = coordinator(world), coordinator(world, "Joost", "nl"), coordinator(world, "Iris")
    reviews_one_pair(three[0])
    for one in three:
        looks(one)
    return three


def looks(one: Hands) -> None:
    """At the pair, by itself."""
    one.types("/mentor review")
    one.presses(ReviewPair)
