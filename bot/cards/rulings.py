"""Whom coordinators keep together or apart: asked with a reason, listed, lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards.matching import ListRulings, Rerun, RoundSummary
from bot.cards.pairs import Forbid, Narrow, OfRound, OpenPair
from bot.core.markup import escape
from bot.core.messages import Ask, Heading, Kind, Message, Note, Part, Style, Text, button, say
from bot.texts import Translator

REASON = "reason"  # the input
LONGEST = 300  # characters of a reason


@dataclass(frozen=True)
class Lift(OfRound):
    """These two may be matched like anybody else again."""

    ruling: int
    place: int = 0


@dataclass(frozen=True)
class Row:
    """A ruling as the coordinators read it."""

    ruling: int
    mentor: str
    mentee: str
    word: str  # pin, forbid, rejected
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    may_lift: bool = True


def forbid(
    t: Translator,
    proposal: int,
    names: tuple[str, str],
    narrow: Narrow,
    *,
    typed: str = "",
    problem: str = "",
) -> Message:
    """Asked before two people are kept apart; `problem` (mark-up) stands beside the reason."""
    title = t("Keep {mentor} and {mentee} apart?", mentor=names[0], mentee=names[1])
    parts: tuple[Part, ...] = (
        Heading(title),
        Text(
            t(
                "They are not proposed in any round until a coordinator lifts this. I then work out"
                " the pairs again; what is approved stays."
            )
        ),
        Ask(
            REASON,
            t("Why? (optional)"),
            Kind.LONG_TEXT,
            value=(typed,) if typed else (),
            error=problem,
            hint=t(
                "Only the coordinators of this programme read it, and it goes when this is lifted."
            ),
        ),
        button(t("Keep them apart"), Forbid(proposal, **narrow.inside), Style.DANGER),
        button(t("Back"), OpenPair(proposal, **narrow.inside)),
    )
    return Message(title, parts)


def too_long(t: Translator, length: int) -> str:
    return t(
        "Please keep it to {limit} characters; this is {length}.", limit=LONGEST, length=length
    )


def kept_apart_meanwhile(t: Translator, round_: int, mentor: str, mentee: str) -> Message:
    """Nobody brings back with an older card whom somebody else keeps apart."""
    text = t(
        "{mentor} and {mentee} are no longer proposed as a pair, so nothing has changed.",
        mentor=mentor,
        mentee=mentee,
    )
    return say(text, button(t("Overview"), RoundSummary(round_)))


def rulings(
    t: Translator,
    round_: int,
    rows: Sequence[Row],
    *,
    place: int,
    of: int,
    page: int,
    zone: str,
    lifted: bool = False,
) -> Message:
    title = t("Kept together or apart")
    parts: list[Part] = [Heading(title)]
    if lifted:
        parts.append(Text(t("Lifted. It counts from the next time that the pairs are worked out.")))
        parts.append(button(t("Match again"), Rerun(round_), Style.PRIMARY))
    parts.append(Note(t("Only the coordinators of this programme see this.")))
    for row in rows:
        parts.append(Text(_line(t, row, zone)))
        if row.may_lift:
            label = t("Lift: {mentor} – {mentee}", mentor=row.mentor, mentee=row.mentee)
            parts.append(button(label, Lift(round_, row.ruling, place)))
    if not rows:
        parts.append(Text(t("Nobody is kept together or apart.")))
    if place:
        before = ListRulings(round_, max(0, place - page))
        parts.append(button(t("Previous page"), before))
    if place + len(rows) < of:
        parts.append(button(t("Next page"), ListRulings(round_, place + page)))
    parts.append(button(t("Overview"), RoundSummary(round_)))
    return Message(title, tuple(parts))


def _line(t: Translator, row: Row, zone: str) -> str:
    what = {
        "pin": t("kept together"),
        "forbid": t("kept apart"),
        "rejected": t("kept apart, because the committee voted no"),
    }[row.word]
    words = f"**{escape(row.mentor)}** – **{escape(row.mentee)}** · {what}"
    if row.by and row.at:
        words += " · " + t("{name}, {moment}", name=row.by, moment=t.moment(row.at, zone))
    if row.reason:
        words += "\n" + t("“{reason}”", reason=row.reason)
    return words
