"""Whether people who are no employees may take part: an administrator decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.actions import Action
from bot.core.messages import Heading, Message, Note, Part, Style, Text, button
from bot.texts import Translator


@dataclass(frozen=True)
class LetIn(Action):
    """From now on people of this kind may take part, or may not."""

    kind: str  # storage's PersonKind: guest or stranger
    welcome: bool


@dataclass(frozen=True)
class Door:
    """One kind of people: whether they may take part, and how many do."""

    kind: str
    welcome: bool
    known: int
    taking_part: int


def guests(t: Translator, doors: Sequence[Door]) -> Message:
    """Each kind with how it is now and a button for the other way."""
    title = t("People from outside")
    parts: list[Part] = [Heading(title)]
    for door in doors:
        parts += [Text(f"**{_who(t, door)}** {_state(t, door)}"), _change(t, door)]
    parts.append(
        Note(
            t(
                "Whoever takes part already stays until they leave, also when you close the door"
                " to newcomers. Employees may always take part."
            )
        )
    )
    return Message(title, tuple(parts))


def _who(t: Translator, door: Door) -> str:
    if door.kind == "guest":
        return t("Guests: accounts from outside that your organisation let in.")
    return t("People of other organisations, in channels that you share.")


def _state(t: Translator, door: Door) -> str:
    state = t("They may take part.") if door.welcome else t("They may not join.")
    known = t.plural("I know {n} of them;", "I know {n} of them;", door.known)
    part = t.plural("{n} takes part.", "{n} take part.", door.taking_part)
    return f"{state} {known} {part}"


def _change(t: Translator, door: Door) -> Part:
    guest = door.kind == "guest"
    if door.welcome:
        label = t("No new guests") if guest else t("Nobody new of other organisations")
        return button(label, LetIn(door.kind, False))
    label = t("Let guests take part") if guest else t("Let other organisations take part")
    return button(label, LetIn(door.kind, True), Style.PRIMARY)
