"""Who has no match in a round, and how many candidates each rule took away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards import reasons
from bot.cards.matching import RoundSummary
from bot.core.markup import escape
from bot.core.messages import Fields, Heading, Message, Note, Part, button
from bot.texts import Translator

MOST_LEFT_OUT = 15  # names on one card


def left_out(
    t: Translator, round_: int, people: Sequence[tuple[str, bool, Mapping[str, int]]], number: int
) -> Message:
    """The first of them, as (name, whether they look for a mentor, candidates lost to each rule);
    `number` is all of them."""
    title = t("Without a match")
    parts: list[Part] = [Heading(title)]
    note = t("The numbers say how many candidates each rule ruled out.")
    parts.append(Note(note))
    rows = tuple(
        (escape(name), f"{_part(t, seeks)} · " + "; ".join(reasons.left_out(t, dict(lost))))
        for name, seeks, lost in people
    )
    parts.append(Fields(rows))
    if number > len(people):
        parts.append(Note(t("and {n} more", n=number - len(people))))
    parts.append(button(t("Overview"), RoundSummary(round_)))
    return Message(title, tuple(parts))


def _part(t: Translator, seeks: bool) -> str:
    return t("without a mentor") if seeks else t("mentor without a mentee")
