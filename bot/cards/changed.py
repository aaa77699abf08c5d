"""Before a round is announced: what is no longer as it was when the round was worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import reasons
from bot.cards.matching import Announce, RoundSummary
from bot.cards.overview import Overview
from bot.cards.pairs import OfRound
from bot.core.markup import escape
from bot.core.messages import Fields, Heading, Message, Note, Style, Text, button
from bot.texts import Translator

MOST_NAMED = 10


@dataclass(frozen=True)
class LeaveOut(OfRound):
    """Announce without the pairs that keep to the rules no longer."""

    mark: str


def changed(
    t: Translator, view: Overview, pairs: Sequence[tuple[str, str, str]], mark: str
) -> Message:
    """The pairs concerned: (mentor, mentee, rule)."""
    title = t("Something has changed since round {number} was worked out", number=view.number)
    text = t.plural(
        "{n} approved pair no longer keeps to the rules, because something is known by now that was"
        " not then: an import, a pause, another team.",
        "{n} approved pairs no longer keep to the rules, because something is known by now that was"
        " not then: an import, a pause, another team.",
        len(pairs),
    )
    rows = tuple(
        (f"{escape(mentor)} – {escape(mentee)}", reasons.broken(t, rule))
        for mentor, mentee, rule in pairs[:MOST_NAMED]
    )
    more = len(pairs) - MOST_NAMED
    rest = (Note(t.plural("and {n} more", "and {n} more", more)),) if more > 0 else ()
    return Message(
        title,
        (
            Heading(title),
            Text(text),
            Fields(rows),
            *rest,
            Note(t("Nobody has been told anything yet. What do you want to do?")),
            button(t("Leave these out"), LeaveOut(view.round, mark), Style.PRIMARY),
            button(t("Keep them all the same"), Announce(view.round, kept=mark)),
            button(t("Back to the overview"), RoundSummary(view.round)),
        ),
    )
