"""The rules of a programme as its coordinators set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.questions import short
from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import Fields, Message, Note, Part, Style, button, say
from bot.core.questions import Question
from bot.texts import Translator


@dataclass(frozen=True)
class SaveRules(Action):
    """Take everything that is filled in; `seen` tells whether the form was the newest."""

    programme: int
    seen: str


def above(t: Translator, gone: Sequence[str]) -> tuple[Part, ...]:
    """What stands before the fields: what always holds, and departments that have become empty."""
    always = t(
        "These always hold: nobody gets a partner above or below them in the reporting line, who is"
        " on a break, who may not take part, or with whom they share no language."
    )
    if not gone:
        return (Note(always),)
    names = t.list(escape(name) for name in gone)
    empty = t("Nobody works here any more:") + f" {names}. "
    return (Note(always), Note(empty + t("So a rule about it does nothing now.")))


def saved(
    t: Translator, name: str, slug: str, note: str, rows: Sequence[tuple[Question, str]]
) -> Message:
    """The rules as they now are; `note` and the answers are mark-up."""
    return say(
        t("The rules of {programme} are saved.", programme=name),
        Note(note),
        Fields(tuple((short(t, question), answer) for question, answer in rows)),
        Note(t("They count from the next round on. Nobody but coordinators sees them.")),
        button(t("Match again"), RunCommand("match", slug), Style.PRIMARY),
        button(t("Look at the rules"), RunCommand("rules", slug)),
    )


def nothing_set(t: Translator) -> str:
    """The answer to a question that sets no rule."""
    return t("_nothing set_")
