"""One proposed pair at a time: why, where the points come from, other choices, who is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.cards import reasons, wishes
from bot.cards.matching import (
    Approve,
    Forbid,
    OtherChoices,
    ReviewPair,
    RoundSummary,
    Swap,
    Unapprove,
)
from bot.content.skills import Lexicon, standard
from bot.core.markup import escape
from bot.core.messages import Button, Fields, Heading, Message, Note, Part, Style, Text, button
from bot.core.questions import Question
from bot.matching import Contribution
from bot.texts import Translator

MOST_LEFT_OUT = 15  # names on one card


@dataclass(frozen=True)
class PairView:
    """One proposal."""

    proposal: int
    round: int
    place: int
    of: int
    mentor: str
    mentee: str
    mentor_about: str
    mentee_about: str
    score: float
    approved: bool
    load: int  # mentees of this mentor, this one included
    places: int
    contributions: tuple[Contribution, ...]
    wished: tuple[wishes.Wished, ...] = ()
    lexicon: Lexicon = field(default_factory=standard)  # of their organisation


@dataclass(frozen=True)
class Choice:
    """Another mentor for the same mentee, and what that costs the whole round."""

    mentor_id: int
    mentor: str
    score: float
    loss: float
    fewer: int
    moves: int


def pair(t: Translator, view: PairView, intake: Sequence[Question]) -> Message:
    title = t("{mentor} mentors {mentee}", mentor=view.mentor, mentee=view.mentee)
    state = t("approved ✓") if view.approved else t("not approved yet")
    of = t("pair {place} of {of}", place=view.place + 1, of=view.of)
    parts: list[Part] = [Note(f"{of} · {state}"), Heading(title)]
    parts.append(
        Fields(
            (
                (t("Mentor"), f"{escape(view.mentor)}, {escape(view.mentor_about)}".rstrip(", ")),
                (t("Mentee"), f"{escape(view.mentee)}, {escape(view.mentee_about)}".rstrip(", ")),
                (t("Fit"), t.percent(view.score)),
                (
                    t("Load of the mentor"),
                    t("{load} of {places} places", load=view.load, places=view.places),
                ),
            )
        )
    )
    lines = reasons.why(t, view.contributions, intake, lexicon=view.lexicon)
    if lines:
        parts.append(Text("\n".join(f"• {line}" for line in lines)))
    parts += wishes.told(t, view.wished)
    parts.append(Note(_sums(t, view.contributions)))
    parts.append(Note(reasons.not_looked_at(t)))
    return Message(title, (*parts, *_pair_buttons(t, view)))


def _sums(t: Translator, contributions: Sequence[Contribution]) -> str:
    """Where the score comes from, to the point: the parts add up to the whole."""
    parts = [
        f"{reasons.criterion_name(t, c.criterion)} {t.number(c.points * 100)}"
        for c in sorted(contributions, key=lambda c: -c.points)
    ]
    return t("Points out of 100:") + " " + " + ".join(parts)


def _pair_buttons(t: Translator, view: PairView) -> list[Button]:
    here = (view.proposal, view.place)
    buttons = []
    if view.approved:
        buttons.append(button(t("Not yet after all"), Unapprove(*here)))
    else:
        buttons.append(button(t("Approve"), Approve(*here), Style.PRIMARY))
    buttons += [
        button(t("Another mentor…"), OtherChoices(*here)),
        button(t("Never these two"), Forbid(view.proposal), Style.DANGER),
    ]
    if view.place > 0:
        buttons.append(button(t("Previous"), ReviewPair(view.round, view.place - 1)))
    if view.place + 1 < view.of:
        buttons.append(button(t("Next"), ReviewPair(view.round, view.place + 1)))
    buttons.append(button(t("Overview"), RoundSummary(view.round)))
    return buttons


def choices(t: Translator, view: PairView, others: Sequence[Choice]) -> Message:
    """The next best mentors, each with what the whole programme would lose."""
    title = t("Another mentor for {mentee}", mentee=view.mentee)
    parts: list[Part] = [Heading(title)]
    now = t("Now: {mentor}, fit {fit}.", mentor=view.mentor, fit=t.percent(view.score))
    parts.append(Text(now))
    if not others:
        parts.append(Text(t("Nobody else fits within the rules.")))
    for one in others:
        parts.append(Text(f"**{escape(one.mentor)}** · " + _cost(t, one)))
        label = t("Choose {mentor}", mentor=one.mentor)
        parts.append(button(label, Swap(view.proposal, one.mentor_id)))
    parts.append(button(t("Back"), ReviewPair(view.round, view.place)))
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
    words.append(
        t("the whole round loses {points} points", points=t.number(max(0.0, one.loss) * 100))
    )
    return "; ".join(words)


def left_out(
    t: Translator,
    round_: int,
    people: Sequence[tuple[str, str, Mapping[str, int]]],
) -> Message:
    """Who has no match: (name, part, candidates lost to each rule)."""
    title = t("Without a match")
    parts: list[Part] = [Heading(title)]
    note = t("The numbers say how many candidates each rule ruled out.")
    parts.append(Note(note))
    rows = tuple(
        (escape(name), f"{part} · " + "; ".join(reasons.left_out(t, dict(lost))))
        for name, part, lost in people[:MOST_LEFT_OUT]
    )
    parts.append(Fields(rows))
    if len(people) > MOST_LEFT_OUT:
        parts.append(Note(t("and {n} more", n=len(people) - MOST_LEFT_OUT)))
    parts.append(button(t("Overview"), RoundSummary(round_)))
    return Message(title, tuple(parts))
