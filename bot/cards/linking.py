"""One person in two places: is this also you, and where do you like to hear from me?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import Heading, Message, Note, Part, Style, Text, button, say
from bot.core.platform import title
from bot.texts import Translator


@dataclass(frozen=True)
class SameAs(Action):
    """Whether the other one, too, is whoever presses this."""

    link: int
    yes: bool


@dataclass(frozen=True)
class AskAgain(Action):
    """Bring the question once more."""

    link: int


@dataclass(frozen=True)
class Prefer(Action):
    """From now on I like to hear from you in this account."""

    account: int


@dataclass(frozen=True)
class NotMine(Action):
    """This account is somebody else's."""

    account: int


@dataclass(frozen=True)
class Place:
    """A workspace where somebody is known."""

    platform: str
    workspace: str = ""  # its name

    def __str__(self) -> str:
        called = title(self.platform)
        return f"{called} ({self.workspace})" if self.workspace else called


@dataclass(frozen=True)
class Mine:
    """One of my accounts."""

    account: int
    place: Place
    preferred: bool
    here: bool  # I act from it now


@dataclass(frozen=True)
class Other:
    """Somebody who may be me."""

    link: int
    name: str
    place: Place


def also_you(t: Translator, other: Other) -> Message:
    question = t("Is this also you?")
    return Message(
        question,
        (
            Heading(question),
            Text(
                t(
                    "In {place} I know **{name}**, who has your e-mail address. Is that you?",
                    place=str(other.place),
                    name=other.name,
                )
            ),
            Note(
                t(
                    "If so, you become one person to me: every message comes once, where you like"
                    " it best. Nothing changes until you have said so in {place} too.",
                    place=str(other.place),
                )
            ),
            button(t("Yes, that is me"), SameAs(other.link, True), Style.PRIMARY),
            button(t("No, somebody else"), SameAs(other.link, False)),
        ),
    )


def asked_there(t: Translator, place: Place) -> Message:
    return say(
        t(
            "Thank you. I ask the same in {place}; once you have said yes there too, you are one"
            " person to me.",
            place=str(place),
        )
    )


def both_said_yes(t: Translator) -> Message:
    return say(t("Thank you. I am putting the two together, and tell you when it is done."))


def kept_apart(t: Translator, place: Place) -> Message:
    """One said yes, and the other no."""
    return say(
        t(
            "In {place} the answer was that this is somebody else, so I keep the two apart. Should"
            " that be a mistake, type “accounts” there.",
            place=str(place),
        )
    )


def not_me(t: Translator) -> Message:
    return say(
        t(
            "All right, I keep the two apart and do not ask again. Should it be you after all, type"
            " “accounts”."
        )
    )


def joined(t: Translator, places: Sequence[Place]) -> Message:
    words = t("**You are one person to me now.**") + " "
    known = t.list(escape(str(place)) for place in places)
    return say(
        words + t("I know you in") + f" {known}. " + t("My messages come here from now on."),
        button(t("See my accounts"), RunCommand("accounts")),
    )


def in_the_way(t: Translator, programmes: Sequence[str]) -> Message:
    """Both said yes, and it cannot be done yet: why, and what to do."""
    if not programmes:
        return say(
            t(
                "I could not put your two accounts together. Please ask your administrator to look"
                " at it."
            )
        )
    names = t.list(escape(name) for name in programmes)
    return say(
        t("I cannot put your two accounts together yet: with both you take part in")
        + f" {names}. "
        + t(
            "Leave with one of the two, by typing “leave” there. Then I put them together by myself."
        ),
    )


def accounts(t: Translator, mine: Sequence[Mine], others: Sequence[Other]) -> Message:
    """Where I am known, where I hear from you, and who else may be me."""
    heading = t("Your accounts")
    parts: list[Part] = [Heading(heading)]
    for one in mine:
        parts += _account(t, one, alone=len(mine) == 1)
    for other in others:
        who = t(
            "{name} in {place} has your e-mail address.", name=other.name, place=str(other.place)
        )
        parts += [Text(who), button(t("Is this also you?"), AskAgain(other.link), Style.PRIMARY)]
    if len(mine) == 1 and not others:
        parts.append(
            Note(
                t(
                    "Should you work in another chat service too, with the same e-mail address, I"
                    " ask you there whether it is you."
                )
            )
        )
    return Message(heading, tuple(parts))


def _account(t: Translator, one: Mine, *, alone: bool) -> list[Part]:
    place = str(one.place)
    if one.preferred or alone:
        parts: list[Part] = [Text(t("**{place}**: my messages come here.", place=place))]
    else:
        parts = [
            Text(t("**{place}**: I know you here too.", place=place)),
            button(t("Rather in {place}", place=place), Prefer(one.account)),
        ]
    if not one.here:
        label = t("{place} is not mine", place=place)
        parts.append(button(label, NotMine(one.account), Style.DANGER))
    return parts


def parted(t: Translator, place: Place) -> Message:
    return say(
        t(
            "From now on the account in {place} is somebody else to me. What I know of you stays"
            " with you here, and your administrators hear of it.",
            place=str(place),
        ),
        button(t("See my accounts"), RunCommand("accounts")),
    )


def not_theirs(t: Translator, name: str, place: Place) -> Message:
    """To the administrators."""
    return say(
        t(
            "**{name}** says that the account in {place} that I knew as theirs belongs to"
            " somebody else. I have taken the two apart. Please find out who uses that account.",
            name=name,
            place=str(place),
        ),
        Note(t("Only administrators read this.")),
    )
