"""“I would like to talk to someone”: whom, who reads it, by when they answer; nobody else knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import Action, RunCommand
from bot.core.messages import (
    Ask,
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

WORDS = "words"  # the input
LONGEST = 1500  # characters of what somebody writes


@dataclass(frozen=True)
class TalkTo(Action):
    """Somebody was chosen; what they will read can be written now."""

    programme: int
    reader: int


@dataclass(frozen=True)
class SendTalk(Action):
    programme: int
    reader: int


@dataclass(frozen=True)
class EndTalk(Action):
    """Whoever asked needs it no longer, or has been heard."""

    asked: int


@dataclass(frozen=True)
class Reader:
    """Somebody to talk to."""

    id: int
    name: str
    adviser: bool  # a confidential one; else a coordinator
    by: date  # when they will have been in touch


@dataclass(frozen=True)
class Asked:
    """A request as whoever made it sees it."""

    id: int
    reader: str
    on: date
    by: date
    state: str  # storage's TalkState
    reminded: bool = False
    gone: bool = False  # whoever was asked cannot be reached any more


def choose(
    t: Translator, *, programme_id: int, programme: str, readers: Sequence[Reader]
) -> Message:
    """Whom do you want to talk to?"""
    title = t("Whom would you like to talk to?")
    parts: list[Part] = [Heading(title)]
    if not readers:
        parts.append(
            Text(
                t(
                    "In {programme} there is nobody at this moment whom I can ask for you. Please ask"
                    " somebody you trust at work.",
                    programme=programme,
                )
            )
        )
        return Message(title, tuple(parts))
    parts += [
        Text(
            t(
                "Is something on your mind, about your talks in {programme} or around them? You choose"
                " who reads it.",
                programme=programme,
            )
        ),
        Note(_who_knows(t)),
        *(button(_role(t, one), TalkTo(programme_id, one.id)) for one in readers),
    ]
    return Message(title, tuple(parts))


def _role(t: Translator, reader: Reader) -> str:
    if reader.adviser:
        return t("{name}, confidential adviser", name=reader.name)
    return t("{name}, coordinator", name=reader.name)


def _who_knows(t: Translator) -> str:
    return t(
        "Only the person you choose reads it. Your mentor or mentee does not hear of it, and neither"
        " does anybody else."
    )


def write(
    t: Translator,
    *,
    programme_id: int,
    slug: str,
    reader: Reader,
    typed: str = "",
    problem: str = "",
) -> Message:
    """Who reads it and by when they answer, before anything is written; `problem` is mark-up."""
    title = t("To {name}", name=reader.name)
    promise = t(
        "{name} reads who you are and what you write, and is in touch with you by {day}.",
        name=reader.name,
        day=t.day(reader.by),
    )
    return Message(
        title,
        (
            Heading(title),
            Text(promise),
            Note(_who_knows(t) + " " + t("What you write is erased once the talk is over.")),
            Ask(
                WORDS,
                t("What would you like to talk about?"),
                Kind.LONG_TEXT,
                value=(typed,) if typed else (),
                error=problem,
                hint=t("This may stay empty."),
            ),
            button(t("Send"), SendTalk(programme_id, reader.id), Style.PRIMARY),
            button(t("Choose somebody else"), RunCommand("talk", slug)),
            button(t("Cancel"), RunCommand("home")),
        ),
    )


def too_long(t: Translator, length: int) -> str:
    return t(
        "That is {length} characters; at most {limit} fit here. You can tell the rest when you talk.",
        length=length,
        limit=LONGEST,
    )


def sent(t: Translator, asked: Asked) -> Message:
    return say(
        t(
            "{name} has it, and is in touch with you by {day}. Good that you say so.",
            name=asked.reader,
            day=t.day(asked.by),
        ),
        Note(t("“talk” shows how it stands, whenever you like.")),
    )


def mine(t: Translator, requests: Sequence[Asked]) -> Message:
    """How it stands with what somebody asked for."""
    title = t("The talks you asked for")
    parts: list[Part] = [Heading(title)]
    for one in requests:
        label = t("It is done") if one.state == "in_touch" else t("I no longer need it")
        parts += [Text(told(t, one)), button(label, EndTalk(one.id))]
    return Message(title, tuple(parts))


def told(t: Translator, one: Asked) -> str:
    """How one request stands, in a sentence or two (mark-up)."""
    if one.gone:
        return t(
            "{name}, whom you asked for a talk on {day}, can no longer be reached here. Please choose"
            " somebody else.",
            name=one.reader,
            day=t.day(one.on),
        )
    if one.state == "in_touch":
        return t("{name} says that you have been in touch.", name=one.reader)
    asked = t("You asked {name} for a talk on {day}.", name=one.reader, day=t.day(one.on))
    if one.reminded:
        return (
            asked
            + " "
            + t("I have reminded {name}. You may also choose somebody else.", name=one.reader)
        )
    return asked + " " + t("You hear from {name} by {day}.", name=one.reader, day=t.day(one.by))


def ended(t: Translator) -> Message:
    return say(
        t("All right. What you wrote is erased."),
        button(t("What can I do now?"), RunCommand("home")),
    )


def choose_again(t: Translator, *, slug: str, name: str) -> Message:
    """For whoever asked: the other one's account was closed."""
    return say(
        t("{name}, whom you asked for a talk, can no longer be reached here.", name=name),
        button(t("Choose somebody else"), RunCommand("talk", slug), Style.PRIMARY),
    )
