"""A committee: who is on it, how many must agree, until when; what it is reminded of and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards.matching import RoundSummary
from bot.cards.pairs import ListPairs, ReviewPair, Show
from bot.cards.programmes import OfProgramme
from bot.core.actions import RunCommand
from bot.core.markup import escape
from bot.core.messages import Ask, Fields, Heading, Kind, Message, Note, Part, Style, Text, button
from bot.texts import Translator

VOTES, DAYS = "votes", "days"  # the inputs
MOST_DAYS = 20
MOST_NAMED = 10  # pairs on one card


@dataclass(frozen=True)
class SaveCommittee(OfProgramme):
    """Take both figures."""


@dataclass(frozen=True)
class Committee:
    """How the pairs of a programme are decided on."""

    programme_id: int
    programme: str
    slug: str
    members: tuple[str, ...]
    votes: str  # as it is filled in
    days: str
    waits: bool = False  # a round is under review now


def committee(
    t: Translator,
    view: Committee,
    *,
    problems: Mapping[str, str] | None = None,
    saved: str = "",
) -> Message:
    """`problems` (mark-up) stand beside their inputs; `saved` (mark-up) is what was changed."""
    title = t("Who decides about the pairs of {programme}", programme=view.programme)
    wrong = problems or {}
    parts: list[Part] = [Heading(title)]
    if saved:
        parts.append(Text(saved))
    parts += _explained(t, view)
    parts += _asked(t, view, wrong)
    if view.waits:
        parts.append(Note(t("This counts at once for the round that is under review.")))
    parts += [
        button(t("Save"), SaveCommittee(view.programme_id), Style.PRIMARY),
        button(t("Cancel"), RunCommand("review", view.slug)),
    ]
    return Message(title, tuple(parts))


def _explained(t: Translator, view: Committee) -> list[Part]:
    return [
        Fields(((t("Committee"), t.list(escape(name) for name in view.members) or "–"),)),
        Note(
            t(
                "Whoever coordinates the programme is on the committee; “mentor coordinators” changes"
                " that. All members can read who voted what, and nobody else can. A member who is one"
                " half of a pair has no vote on it and does not see why it was proposed."
            )
        ),
    ]


def _asked(t: Translator, view: Committee, wrong: Mapping[str, str]) -> list[Part]:
    return [
        Ask(
            VOTES,
            t("How many of them must say yes to a pair?"),
            Kind.NUMBER,
            value=(view.votes,),
            error=wrong.get(VOTES, ""),
            hint=t("With 1 each coordinator can approve alone."),
        ),
        Ask(
            DAYS,
            t("How many working days do they have?"),
            Kind.NUMBER,
            value=(view.days,),
            error=wrong.get(DAYS, ""),
            hint=t(
                "A day before the last, whoever has not voted yet is reminded once. What is still"
                " undecided afterwards is never approved by itself."
            ),
        ),
    ]


def saved(t: Translator, votes: int, members: int, days: int) -> str:
    """How it is from now on (mark-up)."""
    if votes <= 1:
        return t("**Saved.** Each coordinator can approve a pair alone.")
    how = t(
        "**Saved.** A pair needs {votes} votes of the {members} coordinators.",
        votes=votes,
        members=members,
    )
    return how + " " + t.plural("They have {n} working day.", "They have {n} working days.", days)


def too_many_votes(t: Translator, members: int) -> str:
    return t.plural(
        "There is {n} coordinator, so it can be no more than that. “mentor coordinators add” gives"
        " you company.",
        "There are {n} coordinators, so it can be no more than that.",
        members,
    )


def please_vote(
    t: Translator, *, round_: int, programme: str, pairs: int, closes: datetime, zone: str
) -> Message:
    """To a member who has not voted on everything, once."""
    text = t.plural(
        "{n} pair in {programme} still waits for your vote.",
        "{n} pairs in {programme} still wait for your vote.",
        pairs,
        programme=programme,
    )
    return Message(
        text,
        (
            Text(text),
            Text(t("You can vote until {moment}.", moment=t.moment(closes, zone))),
            Note(t("Only the coordinators can read who voted what.")),
            button(t("Vote now"), ReviewPair(round_), Style.PRIMARY),
            button(t("Overview"), RoundSummary(round_)),
        ),
    )


def time_is_up(
    t: Translator,
    *,
    round_: int,
    programme: str,
    approved: int,
    undecided: Sequence[tuple[str, str, int]],
    number: int,
    needed: int,
) -> Message:
    """To the coordinators, after the last day: the first of `number` undecided pairs, as (mentor,
    mentee, votes for it)."""
    text = t("The days to vote on the pairs of {programme} are over.", programme=programme)
    words = t.plural("{n} pair is approved.", "{n} pairs are approved.", approved)
    if number:
        words += " " + t.plural(
            "{n} pair did not get enough votes and is not approved:",
            "{n} pairs did not get enough votes and are not approved:",
            number,
        )
    parts: list[Part] = [Text(text), Text(words)]
    lines = [
        f"• {escape(mentor)} – {escape(mentee)} · "
        + t("{yes} of {needed} votes", yes=yes, needed=needed)
        for mentor, mentee, yes in undecided
    ]
    if lines:
        parts.append(Text("\n".join(lines)))
    if number > len(lines):
        parts.append(Note(t("and {n} more", n=number - len(lines))))
    if number:
        parts.append(Note(t("You can still vote, until the round is announced.")))
        show = ListPairs(round_, show=int(Show.UNDECIDED))
        parts.append(button(t("Look at them"), show, Style.PRIMARY))
    parts.append(button(t("Overview"), RoundSummary(round_)))
    return Message(text, tuple(parts))
