"""To whom people in a programme can talk in confidence, and how soon they hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import (
    Ask,
    Fields,
    Heading,
    Kind,
    Message,
    Note,
    Part,
    Style,
    Text,
    button,
    say,
)
from bot.texts import Translator

DAYS = "days"  # the input
MOST_DAYS = 10


@dataclass(frozen=True)
class SaveAnswerDays(Action):
    programme: int


def advisers(
    t: Translator,
    *,
    programme_id: int,
    programme: str,
    names: Sequence[str],
    days: str,
    note: str = "",
    problem: str = "",
) -> Message:
    """`note` (mark-up) is what was changed or could not be; `problem` stands beside the days."""
    title = t("Confidential advisers of {programme}", programme=programme)
    parts: list[Part] = [Heading(title)]
    if note:
        parts.append(Text(note))
    named = t.list(escape(name) for name in names) or "–"
    parts += [
        Fields(((t("Advisers"), named),)),
        Note(
            t(
                "“mentor advisers add” and “mentor advisers remove” with a name change this. Whoever"
                " takes part can ask an adviser or a coordinator for a talk; nobody but that one"
                " person hears of it, also not you. An adviser sees nothing else of the programme."
            )
        ),
        Ask(
            DAYS,
            t("Within how many working days do they hear from somebody?"),
            Kind.NUMBER,
            value=(days,),
            error=problem,
            hint=t("People read this before they write. Whoever was asked is reminded once."),
        ),
        button(t("Save"), SaveAnswerDays(programme_id), Style.PRIMARY),
        button(t("Cancel"), RunCommand("programme")),
    ]
    return Message(title, tuple(parts))


def saved(t: Translator, days: int) -> str:
    """How it is from now on (mark-up)."""
    return t.plural(
        "**Saved.** People hear within {n} working day.",
        "**Saved.** People hear within {n} working days.",
        days,
    )


def named(t: Translator, *, programme: str, days: int) -> Message:
    """To whom it concerns."""
    promise = t.plural(
        "They are promised to hear from you within {n} working day.",
        "They are promised to hear from you within {n} working days.",
        days,
    )
    return say(
        t("You are now a confidential adviser of {programme}.", programme=programme),
        Text(
            t(
                "Whoever takes part can ask you for a talk. You hear that from me in private, and"
                " nobody else does."
            )
            + " "
            + promise
        ),
        Note(t("“talk” shows what you were asked.")),
    )
