"""A matching round as its coordinators see it: summary, one pair at a time, other choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import (
    Button,
    Fields,
    Heading,
    Message,
    Note,
    Part,
    Style,
    Text,
    button,
    say,
)
from bot.texts import Translator


@dataclass(frozen=True)
class ReviewPair(Action):
    """Look at the pair at this place in the list, the doubtful ones first."""

    round: int
    place: int


@dataclass(frozen=True)
class Approve(Action):
    proposal: int
    place: int


@dataclass(frozen=True)
class ApproveAll(Action):
    round: int


@dataclass(frozen=True)
class Unapprove(Action):
    proposal: int
    place: int


@dataclass(frozen=True)
class Forbid(Action):
    """Never these two: solve the round again without the pair."""

    proposal: int


@dataclass(frozen=True)
class OtherChoices(Action):
    proposal: int
    place: int


@dataclass(frozen=True)
class Swap(Action):
    """Fix another mentor for this mentee and solve the rest again."""

    proposal: int
    mentor: int


@dataclass(frozen=True)
class Rerun(Action):
    round: int


@dataclass(frozen=True)
class LeftOut(Action):
    round: int


@dataclass(frozen=True)
class RoundSummary(Action):
    round: int


@dataclass(frozen=True)
class Announce(Action):
    """Asked for; `sure` once the coordinator has seen what will happen."""

    round: int
    sure: bool = False
    kept: str = ""  # a mark of the changed pairs that are announced all the same


@dataclass(frozen=True)
class Overview:
    """A round in figures."""

    round: int
    number: int
    programme: str
    pairs: int
    approved: int
    left_out: int
    mean: float
    worst: float
    load: tuple[tuple[str, int, int], ...] = ()  # mentor, mentees now and proposed, places
    # The same over all programmes, of those who come near to what the programme allows.
    nearly_full: tuple[tuple[str, int, int], ...] = ()


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


def overview(t: Translator, view: Overview) -> Message:
    title = t("Round {number} of {programme}", number=view.number, programme=view.programme)
    rows = (
        (t("Pairs proposed"), str(view.pairs)),
        (t("Approved"), t("{approved} of {pairs}", approved=view.approved, pairs=view.pairs)),
        (t("Without a match"), str(view.left_out)),
        (t("Average fit"), t.percent(view.mean)),
        (t("Lowest fit"), t.percent(view.worst)),
    )
    parts: list[Part] = [Heading(title)]
    parts.append(Note(t("Nobody has been told anything yet. That happens only when you announce.")))
    parts.append(Fields(rows))
    busy = [line for line in view.load if line[1] > 1]
    if busy:
        load = t.list(f"{escape(name)} {now}/{places}" for name, now, places in busy[:8])
        parts.append(Note(t("Mentors with more than one mentee:") + f" {load}."))
    if view.nearly_full:
        full = t.list(f"{escape(name)} {now}/{most}" for name, now, most in view.nearly_full[:8])
        parts.append(Note("⚠️ " + t("Busy mentors, all programmes together:") + f" {full}."))
    return Message(title, (*parts, *_overview_buttons(t, view)))


def _overview_buttons(t: Translator, view: Overview) -> list[Button]:
    buttons = []
    if view.pairs:
        buttons.append(button(t("Review one by one"), ReviewPair(view.round, 0), Style.PRIMARY))
    if view.approved < view.pairs:
        buttons.append(button(t("Approve all"), ApproveAll(view.round)))
    if view.left_out:
        buttons.append(button(t("Who is left out"), LeftOut(view.round)))
    buttons.append(button(t("Match again"), Rerun(view.round)))
    if view.approved:
        buttons.append(button(t("Announce…"), Announce(view.round)))
    return buttons


def sure_to_announce(
    t: Translator, view: Overview, *, waiting: int, next_round: date | None, kept: str = ""
) -> Message:
    title = t(
        "Announce round {number} of {programme}?", number=view.number, programme=view.programme
    )
    text = t.plural(
        "{n} pair hears the news now, both in their own language.",
        "{n} pairs hear the news now, everyone in their own language.",
        view.approved,
    )
    parts: list[Part] = [Heading(title), Text(text)]
    if waiting:
        parts.append(
            Text(
                t.plural(
                    "{n} person without an approved match is told too, in kind and general words.",
                    "{n} people without an approved match are told too, in kind and general words.",
                    waiting,
                )
            )
        )
    if next_round:
        parts.append(Note(t("I name {day} as the day of the next round.", day=t.day(next_round))))
    parts += [
        button(t("Announce now"), Announce(view.round, sure=True, kept=kept), Style.PRIMARY),
        button(t("Not yet"), RoundSummary(view.round)),
    ]
    return Message(title, tuple(parts))


def announcing(t: Translator, programme: str) -> Message:
    return say(t("Done: the announcements for {programme} are on their way.", programme=programme))


def nothing_approved(t: Translator, round_: int) -> Message:
    return say(
        t("No pair is approved yet, so there is nothing to announce."),
        button(t("Review one by one"), ReviewPair(round_, 0), Style.PRIMARY),
    )


def round_over(t: Translator, programme: str) -> Message:
    return say(
        t(
            "That round of {programme} is over: it was announced or matched again.",
            programme=programme,
        ),
        button(t("Review matches"), RunCommand("review"), Style.PRIMARY),
    )


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
                    "{n} person waits for the next round.",
                    "{n} people wait for the next round.",
                    waiting,
                )
            )
        )
    if dropped:
        names = t.list(escape(name) for name in dropped)
        parts.append(
            Text(
                t("Not announced, because one of them left, is paused or changed their answers:")
                + f" {names}."
            )
        )
    return Message(text, tuple(parts))
