"""What is held of somebody, told to them alone; and how they are erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import (
    File,
    Heading,
    Message,
    Note,
    Part,
    Style,
    Text,
    button,
    say,
)
from bot.texts import Translator


@dataclass(frozen=True)
class EraseForGood(Action):
    """Yes, and now ask once more."""


@dataclass(frozen=True)
class EraseNow(Action):
    """Asked twice, and twice it was yes."""


@dataclass(frozen=True)
class SendMyData(Action):
    """Everything, as files."""


@dataclass(frozen=True)
class Section:
    """One kind of data: how much there is, why, who reads it and until when."""

    title: str
    held: str  # what there is of it, in a few words
    why: str
    readers: str
    until: str


def my_data(t: Translator, sections: Sequence[Section]) -> Message:
    title = t("What I hold about you")
    parts: list[Part] = [Heading(title)]
    for section in sections:
        parts.append(Text(f"**{section.title}**: {escape(section.held)}"))
        parts.append(
            Note(
                " ".join(
                    (
                        t("What for: {why}.", why=section.why),
                        t("Who reads it: {readers}.", readers=section.readers),
                        t("Until: {until}.", until=section.until),
                    )
                )
            )
        )
    parts += [
        Note(never_appraisal(t)),
        button(t("Send it as a file"), SendMyData(), Style.PRIMARY),
        button(t("Correct my answers"), RunCommand("profile")),
        button(t("Erase me…"), RunCommand("erase-me"), Style.DANGER),
    ]
    return Message(title, tuple(parts))


def never_appraisal(t: Translator) -> str:
    return t(
        "Nothing of this is ever used to appraise you. What you write is stored encrypted, and read"
        " only by those who were named when you were asked."
    )


def files(t: Translator, *, readable: str, data: str) -> Message:
    """Both files: one to read, one for another program."""
    text = t(
        "Here is everything I hold about you, twice: to read, and as JSON for another program."
        " Only you get this."
    )
    return say(
        text,
        File(t("my-data.txt"), readable, escape(readable)),
        File(
            t("my-data.json"),
            data,
            t("I can hand over no file here. For the JSON, ask whoever runs Koppel."),
        ),
        Note(t("Is something not right? Change your answers, or ask your coordinator.")),
    )


def on_its_way(t: Translator) -> Message:
    return say(t("Your data are on their way: I send them here, in our private chat."))


def what_follows(
    t: Translator, *, partners: Sequence[str], programmes: Sequence[str], alone: Sequence[str]
) -> Message:
    """Before the first yes: what goes, what stays, and what it means for others."""
    text = t("Shall I erase everything I know about you?")
    parts: list[Part] = [
        Text(f"**{text}**"),
        Text(
            t(
                "Your answers, wishes, remarks and survey answers with your name go, and so does"
                " your name wherever it stands. Nobody can bring them back, and neither can I."
            )
        ),
    ]
    if programmes:
        names = t.list(escape(name) for name in programmes)
        parts.append(Text(t("You leave:") + f" {names}."))
    if partners:
        names = t.list(escape(name) for name in partners)
        told = t("Your mentorship ends. In neutral words, without a reason, I tell:")
        parts.append(Text(f"{told} {names}."))
    if alone:
        names = t.list(escape(name) for name in alone)
        told = t("First appoint somebody else, for nobody but you coordinates:")
        parts.append(Text(f"{told} {names}."))
    parts += [
        Note(
            t(
                "What stays: that a pair met or not, without your name; anonymous survey figures;"
                " and what stands in this chat, which only you can remove. Your company’s address"
                " list may tell me your name again."
            )
        ),
        button(t("Yes, erase me"), EraseForGood(), Style.DANGER),
        button(t("What do you hold?"), RunCommand("my-data")),
        button(t("Only stop"), RunCommand("leave")),
        button(t("No, keep everything"), RunCommand("home")),
    ]
    return Message(text, tuple(parts))


def really(t: Translator) -> Message:
    """The second time, in one sentence."""
    return say(
        t("Are you sure? This cannot be undone."),
        button(t("Erase me now"), EraseNow(), Style.DANGER),
        button(t("No, keep everything"), RunCommand("home")),
    )


def erased(t: Translator) -> Message:
    """The last thing they hear; no button, for there is nobody left to press it."""
    return say(
        t(
            "It is done: I know nothing about you any more. Thank you for all you did. You are"
            " welcome to start afresh whenever you like: just say hello."
        )
    )


def soon_forgotten(t: Translator, *, programme: str, slug: str, day: date) -> Message:
    """To coordinators, a month before what people told in a programme goes."""
    return say(
        t(
            "On {day} I erase what people told in {programme}: profiles, pairs, check-ins and"
            " answers. Goals and figures without names stay.",
            day=t.day(day, weekday=False),
            programme=programme,
        ),
        Note(t("Export what you need before, or change in the settings how long I keep it.")),
        button(t("Settings"), RunCommand("settings", slug)),
    )
