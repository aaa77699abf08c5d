"""The pairs of a round that fit least: who they are, and where the points are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import reasons
from bot.cards.dry_run import DryRun
from bot.cards.pairs import OpenPair
from bot.core.messages import Heading, Message, Part, Text, button
from bot.matching import Contribution
from bot.texts import Translator

MOST_MISSING = 2  # criteria named for a pair


@dataclass(frozen=True)
class LowFit:
    """A pair that fits little, by name."""

    mentor: str
    mentee: str
    score: float
    proposal: int  # in the list of the review
    contributions: tuple[Contribution, ...]


def lowest(t: Translator, round_: int, number: int, fits: Sequence[LowFit]) -> Message:
    """The pairs that fit least, by name, each with where the points are missing."""
    title = t("The lowest fits of round {n}", n=number)
    parts: list[Part] = [Heading(title)]
    for fit in fits:
        names = t("{mentor} mentors {mentee}", mentor=fit.mentor, mentee=fit.mentee)
        parts.append(Text(f"**{names}** · {t.percent(fit.score)}\n{_missing(t, fit)}"))
        label = t("Look at {mentee}", mentee=fit.mentee)
        parts.append(button(label, OpenPair(fit.proposal)))
    if not fits:
        parts.append(Text(t("There are no pairs.")))
    return Message(title, (*parts, button(t("Back"), DryRun(round_))))


def _missing(t: Translator, fit: LowFit) -> str:
    """The criteria that cost this pair most."""
    short = sorted(fit.contributions, key=lambda c: c.points - c.weight)[:MOST_MISSING]
    lines = [
        t(
            "{points} of {most} points",
            points=t.number(one.points * 100),
            most=t.number(one.weight * 100),
        )
        + f" · {reasons.criterion_name(t, one.criterion)}"
        + ("" if one.answered else f" ({t('one of the two did not say')})")
        for one in short
    ]
    return "\n".join(f"• {line}" for line in lines)
