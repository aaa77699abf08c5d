"""A programme as its coordinators see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import Button, Fields, Heading, Message, Note, Part, Style, Text, button, say
from bot.texts import Translator

MOST_BUTTONS = 20


@dataclass(frozen=True)
class OfProgramme(Action):
    """Done with a programme by somebody who runs it."""

    programme: int


@dataclass(frozen=True)
class Row:
    name: str
    slug: str
    starts_on: date
    ends_on: date
    joined: int


def overview(t: Translator, rows: Sequence[Row]) -> Message:
    title = t("Your programmes")
    parts: list[Part] = [Heading(title)]
    if not rows:
        parts.append(Text(t("You are not running a programme yet.")))
    else:
        parts.append(Fields(tuple((escape(row.name), _line(t, row)) for row in rows)))
    parts.append(button(t("Make a programme"), RunCommand("programme", "create"), Style.PRIMARY))
    parts += [
        button(t("Settings of {programme}", programme=row.name), RunCommand("settings", row.slug))
        for row in rows[:MOST_BUTTONS]
    ]
    return Message(title, tuple(parts))


def saved(t: Translator, name: str, slug: str, note: str) -> Message:
    """The settings as they now are; `note` is mark-up."""
    return say(
        t("The settings of {programme} are saved.", programme=name),
        Note(note),
        button(t("Look at the settings"), RunCommand("settings", slug)),
        button(t("Your programmes"), RunCommand("programme")),
    )


def more_settings(t: Translator, slug: str) -> tuple[Button, ...]:
    """The ways from the settings to the forms beside them."""
    return (
        button(t("Who is paired with whom"), RunCommand("rules", slug)),
        button(t("What counts most"), RunCommand("weights", slug)),
    )


def _line(t: Translator, row: Row) -> str:
    dates = f"{t.day(row.starts_on, weekday=False)} – {t.day(row.ends_on, weekday=False)}"
    people = t.plural("{n} person takes part", "{n} people take part", row.joined)
    return f"{dates} · {people} · mentor join {escape(row.slug)}"


def made(t: Translator, name: str, slug: str, next_round: date | None) -> Message:
    """The programme exists: what to do next."""
    title = t("{programme} is open for enrolment", programme=name)
    invite = t("Invite people: they join by typing “mentor join {slug}” to me.", slug=slug)
    parts: list[Part] = [Heading(title), Text(invite)]
    if next_round:
        parts.append(
            Text(
                t(
                    "I tell people that the first matching round is on {day}. You start it yourself"
                    " with “mentor match”, whenever you like.",
                    day=t.day(next_round),
                )
            )
        )
    parts.append(Note(t("Others can help you: “mentor coordinators add NAME”.")))
    parts.append(button(t("What can I do now?"), RunCommand("home")))
    return Message(title, tuple(parts))


def coordinators(t: Translator, programme: str, names: Sequence[str], note: str) -> Message:
    text = t("Coordinators of {programme}:", programme=programme)
    line = f"{text} {t.list(escape(name) for name in names)}."
    return say(f"{note} {line}".strip())


def appointed(t: Translator, programme: str) -> Message:
    return say(
        t("You are now a coordinator of {programme}.", programme=programme),
        button(t("What can I do now?"), RunCommand("home"), Style.PRIMARY),
    )
