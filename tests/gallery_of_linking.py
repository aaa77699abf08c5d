"""The part of the gallery about one person with two accounts."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import linking
from bot.core.messages import Message
from bot.texts import Translator

Sample = Callable[[Translator, str], Message]


def of_linking() -> dict[str, tuple[Sample, ...]]:
    there = linking.Place("teams", "Waterkant")

    def mine(t: Translator, w: str) -> Message:
        known = (
            linking.Mine(1, linking.Place("slack", w), preferred=True, here=True),
            linking.Mine(2, there, preferred=False, here=False),
        )
        return linking.accounts(t, known, (linking.Other(1, w, there),))

    return {
        "linking.also_you": (lambda t, w: linking.also_you(t, linking.Other(1, w, there)),),
        "linking.asked_there": (lambda t, w: linking.asked_there(t, linking.Place("slack", w)),),
        "linking.both_said_yes": (lambda t, _: linking.both_said_yes(t),),
        "linking.kept_apart": (lambda t, _: linking.kept_apart(t, there),),
        "linking.not_me": (lambda t, _: linking.not_me(t),),
        "linking.joined": (lambda t, w: linking.joined(t, (there, linking.Place("slack", w))),),
        "linking.in_the_way": (
            lambda t, w: linking.in_the_way(t, (w, w)),
            lambda t, _: linking.in_the_way(t, ()),
        ),
        "linking.accounts": (
            mine,
            lambda t, w: linking.accounts(
                t, (linking.Mine(1, linking.Place("slack", w), preferred=True, here=True),), ()
            ),
        ),
        "linking.parted": (lambda t, _: linking.parted(t, there),),
        "linking.not_theirs": (lambda t, w: linking.not_theirs(t, w, there),),
    }
