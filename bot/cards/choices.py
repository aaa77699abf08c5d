"""Another mentor for one mentee: who could be it, and what that costs the whole round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.exchanges import of_the_round
from bot.cards.pairs import EVERY, Narrow, OpenPair, Swap
from bot.core.markup import escape
from bot.core.messages import Heading, Message, Note, Part, Text, button
from bot.texts import Translator


@dataclass(frozen=True)
class Mentee:
    """Somebody who may get another mentor, in the pair that is proposed."""

    proposal: int
    mentor: str
    mentee: str
    score: float
    narrow: Narrow = EVERY
    costed: bool = True  # what the whole round loses is worked out


@dataclass(frozen=True)
class Choice:
    """Another mentor for the same mentee, and what that costs the whole round."""

    mentor_id: int
    mentor: str
    score: float
    loss: float = 0.0  # of fit alone; below 0 when the round gains
    fewer: int = 0
    moves: int = 0


def choices(t: Translator, view: Mentee, others: Sequence[Choice]) -> Message:
    """The next best mentors, each with what the whole programme would lose."""
    title = t("Another mentor for {mentee}", mentee=view.mentee)
    parts: list[Part] = [Heading(title)]
    now = t("Now: {mentor}, fit {fit}.", mentor=view.mentor, fit=t.percent(view.score))
    parts.append(Text(now))
    if not view.costed:
        parts.append(
            Note(
                t(
                    "With so many people I compare only the mentors with the most room, and what the"
                    " whole round would lose is not worked out here. The average fit of the round"
                    " shows it, once the pairs have been matched again."
                )
            )
        )
    if not others:
        parts.append(Text(t("Nobody else fits within the rules.")))
    for one in others:
        words = _cost(t, one) if view.costed else t("fit {fit}", fit=t.percent(one.score))
        parts.append(Text(f"**{escape(one.mentor)}** · " + words))
        label = t("Choose {mentor}", mentor=one.mentor)
        parts.append(button(label, Swap(view.proposal, one.mentor_id)))
    if view.costed and [*others] != sorted(others, key=lambda one: (one.fewer, one.loss)):
        parts.append(
            Note(t("Who costs the round least stands first, with wishes and fairness counted."))
        )
    parts.append(button(t("Back"), OpenPair(view.proposal, **view.narrow.inside)))
    return Message(title, tuple(parts))


def _cost(t: Translator, one: Choice) -> str:
    words = [t("fit {fit}", fit=t.percent(one.score))]
    if one.fewer > 0:
        words.append(
            t.plural(
                "{n} person more without a match", "{n} people more without a match", one.fewer
            )
        )
    if one.moves:
        words.append(
            t.plural(
                "{n} other person gets another mentor", "{n} others get another mentor", one.moves
            )
        )
    words.append(of_the_round(t, one.loss))
    return "; ".join(words)
