"""A round under review in figures: how well its pairs fit, what is decided, what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.cards import voting
from bot.cards.matching import (
    Announce,
    ApproveAll,
    AskScore,
    LeftOut,
    ListRulings,
    Rerun,
    RoundSummary,
    TakeBack,
)
from bot.cards.pairs import DOUBTFUL, EXCELLENT, ListPairs, ReviewPair
from bot.cards.voting import ALONE, Voting
from bot.core.actions import RunCommand
from bot.core.markup import escape
from bot.core.messages import Button, Fields, Heading, Message, Note, Part, Style, Text, button
from bot.texts import Translator


@dataclass(frozen=True)
class Overview:
    """A round in figures."""

    round: int
    number: int
    programme: str
    pairs: int
    approved: int
    left_out: int  # people: some are without a mentor and without a mentee
    mean: float
    worst: float
    alone: int = 0  # mentees without a mentor
    idle: int = 0  # mentors without a mentee
    load: tuple[tuple[str, int, int], ...] = ()  # mentor, mentees now and proposed, places
    # The same over all programmes, of those who come near to what the programme allows.
    nearly_full: tuple[tuple[str, int, int], ...] = ()
    rejected: int = 0
    doubtful: int = 0
    excellent: int = 0
    rulings: int = 0
    slug: str = ""
    voting: Voting = ALONE
    done: TakeBack | None = None  # what was approved just now
    done_pairs: int = 0
    skipped: int = 0  # pairs that whoever approved is in themself


def overview(t: Translator, view: Overview) -> Message:
    title = t("Round {number} of {programme}", number=view.number, programme=view.programme)
    parts: list[Part] = [Heading(title), *_just_done(t, view)]
    parts.append(Note(t("Nobody has been told anything yet. That happens only when you announce.")))
    parts.append(Fields(_figures(t, view)))
    if view.voting.by_committee:
        parts.append(Note(voting.told(t, view.voting)))
    busy = [line for line in view.load if line[1] > 1]
    if busy:
        load = t.list(f"{escape(name)} {now}/{places}" for name, now, places in busy[:8])
        parts.append(Note(t("Mentors with more than one mentee:") + f" {load}."))
    if view.nearly_full:
        full = t.list(f"{escape(name)} {now}/{most}" for name, now, most in view.nearly_full[:8])
        parts.append(Note("⚠️ " + t("Busy mentors, all programmes together:") + f" {full}."))
    return Message(title, (*parts, *_overview_buttons(t, view)))


def _figures(t: Translator, view: Overview) -> tuple[tuple[str, str], ...]:
    good = view.pairs - view.doubtful - view.excellent
    fits = (
        t("{n} doubtful (below {fit})", n=t.number(view.doubtful), fit=t.percent(DOUBTFUL / 100)),
        t("{n} good", n=t.number(good)),
        t(
            "{n} excellent (from {fit} on)",
            n=t.number(view.excellent),
            fit=t.percent(EXCELLENT / 100),
        ),
    )
    of = t("{approved} of {pairs}", approved=t.number(view.approved), pairs=t.number(view.pairs))
    rows = [(t("Pairs proposed"), t.number(view.pairs)), (t("Approved"), of)]
    if view.rejected:
        rows.append((t("Voted down"), t.number(view.rejected)))
    if view.pairs:
        rows.append((t("How well they fit"), ", ".join(fits)))
    rows += [
        (t("Without a mentor"), t.number(view.alone)),
        (t("Mentors without a mentee"), t.number(view.idle)),
        (t("Average fit"), t.percent(view.mean)),
        (t("Lowest fit"), t.percent(view.worst)),
    ]
    return tuple(rows)


def _just_done(t: Translator, view: Overview) -> list[Part]:
    """What was approved at once, and the way back."""
    if view.done is None:
        return []
    words = t.plural("Approved: {n} pair.", "Approved: {n} pairs.", view.done_pairs)
    if view.voting.by_committee:
        words = t.plural(
            "You voted yes on {n} pair.", "You voted yes on {n} pairs.", view.done_pairs
        )
    if view.skipped:
        words += " " + t.plural(
            "{n} pair I left to the others, because you are in it yourself.",
            "{n} pairs I left to the others, because you are in them yourself.",
            view.skipped,
        )
    undo = [button(t("Take that back"), view.done)] if view.done_pairs else []
    return [Text(words), *undo]


def _overview_buttons(t: Translator, view: Overview) -> list[Button]:
    buttons = _deciding(t, view) if view.pairs else []
    if view.left_out:
        buttons.append(button(t("Who is left out"), LeftOut(view.round)))
    if view.rulings:
        label = t("Kept together or apart ({n})", n=t.number(view.rulings))
        buttons.append(button(label, ListRulings(view.round)))
    if view.voting.too_few:
        buttons.append(button(t("Committee"), RunCommand("committee", view.slug)))
    buttons.append(button(t("Match again"), Rerun(view.round)))
    if view.approved:
        buttons.append(button(t("Announce…"), Announce(view.round)))
    return buttons


def _deciding(t: Translator, view: Overview) -> list[Button]:
    """The ways to look at the pairs and to decide; for a single pair fewer will do."""
    buttons = [button(t("Review one by one"), ReviewPair(view.round), Style.PRIMARY)]
    if view.approved + view.rejected < view.pairs and view.voting.mine != 0:
        buttons.append(button(voting.approve_all(t, view.voting), ApproveAll(view.round)))
        if view.pairs > 1:
            buttons.append(button(t("From a score on…"), AskScore(view.round)))
    if view.pairs > 1:
        buttons.append(button(t("List of pairs"), ListPairs(view.round)))
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
