"""A matching round as its coordinators see it: summary, one pair at a time, other choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.pairs import OfRound, ReviewPair
from bot.core.actions import RunCommand
from bot.core.markup import escape
from bot.core.messages import (
    Message,
    Part,
    Style,
    Text,
    button,
    say,
)
from bot.texts import Translator

MOST_NAMED = 10  # pairs on one card


@dataclass(frozen=True)
class ApproveAll(OfRound):
    """Yes to every pair."""


@dataclass(frozen=True)
class TakeBack(OfRound):
    """Undo what was approved at once: the votes with these numbers."""

    first: int
    last: int


@dataclass(frozen=True)
class Rerun(OfRound):
    """Solve it again and keep what was decided."""


@dataclass(frozen=True)
class AskScore(OfRound):
    """From which score on pairs are approved without looking at each."""


@dataclass(frozen=True)
class ListRulings(OfRound):
    """Whom the coordinators keep together or apart."""

    place: int = 0


@dataclass(frozen=True)
class LeftOut(OfRound):
    """Who has nobody, and by which rule."""


@dataclass(frozen=True)
class RoundSummary(OfRound):
    """Back to the round as a whole."""


@dataclass(frozen=True)
class Announce(OfRound):
    """Asked for; `sure` once the coordinator has seen what will happen."""

    sure: bool = False
    kept: str = ""  # a mark of the changed pairs that are announced all the same


def too_few(t: Translator, programme: str, mentors: int, mentees: int) -> Message:
    return say(
        t(
            "There is nobody to match in {programme} yet. Mentors with a free place: {mentors};"
            " people looking for a mentor: {mentees}.",
            programme=programme,
            mentors=mentors,
            mentees=mentees,
        )
    )


def failed(t: Translator, programme: str, slug: str, *, earlier: bool = False) -> Message:
    """To the coordinators, when the fault is the program's own; an `earlier` round still stands."""
    back = button(t("The earlier round"), RunCommand("review", slug))
    return say(
        t(
            "I could not work out the pairs for {programme}: something went wrong on my side, and it"
            " is written down for whoever looks after me. What you approved before is kept. Please"
            " try again with “mentor match {slug}”, and tell whoever looks after me if it happens"
            " once more.",
            programme=programme,
            slug=slug,
        ),
        button(t("Match again"), RunCommand("match", slug), Style.PRIMARY),
        *((back,) if earlier else ()),
    )


def round_is_due(t: Translator, programme: str, slug: str, seeking: int) -> Message:
    """The day that people were told has come."""
    text = t("Today is the day of the matching round of {programme}.", programme=programme)
    waiting = t.plural("{n} person looks for a mentor.", "{n} people look for a mentor.", seeking)
    return say(
        f"{text} {waiting}", button(t("Match people"), RunCommand("match", slug), Style.PRIMARY)
    )


def nothing_to_review(t: Translator, programme: str) -> Message:
    return say(
        t("There are no matches to review in {programme}.", programme=programme),
        button(t("Match people"), RunCommand("match"), Style.PRIMARY),
    )


def announcing(t: Translator, programme: str) -> Message:
    return say(t("Done: the announcements for {programme} are on their way.", programme=programme))


def nothing_approved(t: Translator, round_: int) -> Message:
    return say(
        t("No pair is approved yet, so there is nothing to announce."),
        button(t("Review one by one"), ReviewPair(round_), Style.PRIMARY),
    )


def round_over(
    t: Translator, programme: str, *, again: str | None = None, told: str | None = None
) -> Message:
    """`again` is who asked for a newer round, `told` who announced this one, "" if nobody knows."""
    if again is not None:
        words = t("There is a newer round of {programme}.", programme=programme)
        words += " " + t("{name} had it matched again.", name=again) if again else ""
    elif told is not None:
        words = t("That round of {programme} has been announced.", programme=programme)
        words += " " + t("{name} did so.", name=told) if told else ""
    else:
        words = t(
            "That round of {programme} is over: it was announced or matched again.",
            programme=programme,
        )
    return say(words, button(t("Review matches"), RunCommand("review"), Style.PRIMARY))


def announced(
    t: Translator, *, programme: str, pairs: int, waiting: int, dropped: Sequence[str]
) -> Message:
    """To the coordinators, when everyone has been told."""
    text = t.plural(
        "**Announced.** {n} pair in {programme} has heard about each other.",
        "**Announced.** {n} pairs in {programme} have heard about each other.",
        pairs,
        programme=programme,
    )
    parts: list[Part] = [Text(text)]
    if waiting:
        parts.append(
            Text(
                t.plural(
                    "{n} person without a match has heard so too.",
                    "{n} people without a match have heard so too.",
                    waiting,
                )
            )
        )
    if dropped:
        names = t.list(escape(name) for name in dropped)
        if (more := len(dropped) - MOST_NAMED) > 0:
            first = ", ".join(escape(name) for name in dropped[:MOST_NAMED])
            names = f"{first} {t.plural('and {n} more', 'and {n} more', more)}"
        parts.append(
            Text(
                t("Not announced, because one of them left, is paused or changed their answers:")
                + f" {names}."
            )
        )
    return Message(text, tuple(parts))
