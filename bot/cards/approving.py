"""Many pairs approved at once, from a score on; how many that are is said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.matching import AskScore, RoundSummary
from bot.cards.pairs import OfRound
from bot.core.messages import Ask, Heading, Kind, Message, Part, Style, Text, button
from bot.texts import Translator

PERCENT = "percent"  # the input


@dataclass(frozen=True)
class CountFrom(OfRound):
    """How many pairs fit so well; 0 reads the percentage from the card."""

    percent: int = 0


@dataclass(frozen=True)
class ApproveFrom(OfRound):
    """Yes to every pair that fits so well."""

    percent: int


@dataclass(frozen=True)
class Counted:
    """What approving from a score on comes to."""

    percent: int
    pairs: int
    others: int  # undecided pairs that stay so


def ask(
    t: Translator,
    round_: int,
    steps: Sequence[Counted],
    *,
    votes: bool,
    typed: str = "",
    problem: str = "",
) -> Message:
    """A few scores to choose from, and a field for any other; `problem` (mark-up) stands beside it."""
    title = t("Vote yes from a score on") if votes else t("Approve from a score on")
    parts: list[Part] = [Heading(title)]
    parts.append(Text(t("First I tell you how many pairs that are; nothing is approved before.")))
    for one in steps:
        label = t.plural(
            "From {fit} on: {n} pair",
            "From {fit} on: {n} pairs",
            one.pairs,
            fit=t.percent(one.percent / 100),
        )
        parts.append(button(label, CountFrom(round_, one.percent)))
    parts += [
        Ask(
            PERCENT,
            t("Or from another percentage on") if steps else t("From which percentage on?"),
            Kind.NUMBER,
            value=(typed,) if typed else (),
            error=problem,
            hint=t("A whole number, such as 65."),
        ),
        button(t("Count them"), CountFrom(round_), Style.PRIMARY),
        button(t("Back"), RoundSummary(round_)),
    ]
    return Message(title, tuple(parts))


def sure(t: Translator, round_: int, counted: Counted, *, votes: bool, own: int = 0) -> Message:
    """What will be approved and what stays; `own` pairs are left to others."""
    fit = t.percent(counted.percent / 100)
    words = t.plural(
        "{n} undecided pair fits {fit} or better.",
        "{n} undecided pairs fit {fit} or better.",
        counted.pairs,
        fit=fit,
    )
    if counted.others:
        words += " " + t.plural(
            "{n} stays undecided, for a closer look.",
            "{n} stay undecided, for a closer look.",
            counted.others,
        )
    if own:
        words += " " + t.plural(
            "{n} of them I leave to the others, because you are in it yourself.",
            "{n} of them I leave to the others, because you are in them yourself.",
            own,
        )
    parts: list[Part] = [Text(words)]
    if counted.pairs > own:
        label = (
            t("Vote yes for {number}", number=counted.pairs - own)
            if votes
            else t("Approve {number}", number=counted.pairs)
        )
        parts.append(button(label, ApproveFrom(round_, counted.percent), Style.PRIMARY))
    parts += [
        button(t("Another score"), AskScore(round_)),
        button(t("Overview"), RoundSummary(round_)),
    ]
    return Message(words, tuple(parts))
