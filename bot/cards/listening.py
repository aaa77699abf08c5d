"""Somebody asked you for a talk: who it is and what they wrote, for your eyes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import Button, Heading, Message, Note, Part, Style, Text, button, say
from bot.texts import Translator


@dataclass(frozen=True)
class ReadTalk(Action):
    """Only whoever was asked reads who it is and what they wrote."""

    talk: int


@dataclass(frozen=True)
class InTouch(Action):
    talk: int


@dataclass(frozen=True)
class TalkDone(Action):
    talk: int


@dataclass(frozen=True)
class Request:
    """A request as whoever was asked reads it."""

    id: int
    who: str
    programme: str
    words: str
    on: date
    by: date
    in_touch: bool = False


def asked_for(t: Translator, *, talk: int, programme: str, by: date) -> Message:
    """Not who it is, nor why: a notification may be read over somebody's shoulder."""
    return say(
        t(
            "Somebody in {programme} would like to talk to you. Please be in touch by {day}.",
            programme=programme,
            day=t.day(by),
        ),
        Note(t("You alone can read who it is.")),
        button(t("Read it"), ReadTalk(talk), Style.PRIMARY),
    )


def reminder(t: Translator, *, talk: int, programme: str) -> Message:
    """Once, at the time that was promised."""
    return say(
        t(
            "Somebody in {programme} asked you for a talk, and was promised to hear from you by today.",
            programme=programme,
        ),
        button(t("Read it"), ReadTalk(talk), Style.PRIMARY),
    )


def of_me(t: Translator, requests: Sequence[tuple[int, str, date]]) -> Message:
    """What somebody was asked and is not done: (request, programme, by when) each."""
    title = t("Who would like to talk to you")
    lines = [
        button(t("{programme}, by {day}", programme=programme, day=t.day(by)), ReadTalk(talk))
        for talk, programme, by in requests
    ]
    return Message(title, (Heading(title), *lines))


def request(t: Translator, view: Request) -> Message:
    """What only whoever was asked reads."""
    title = t("{name} would like to talk to you", name=view.who)
    parts: list[Part] = [Heading(title), Note(_when(t, view))]
    parts.append(Text(escape(view.words) if view.words else t("They wrote nothing with it.")))
    if view.in_touch:
        parts.append(Text(t("{name} sees that you have been in touch.", name=view.who)))
    parts += [
        Note(
            t(
                "Only you read this. Nobody else in the programme knows that you were asked. Once it"
                " is done, I erase what they wrote."
            )
        ),
        _next(t, view),
    ]
    return Message(title, tuple(parts))


def _when(t: Translator, view: Request) -> str:
    return t(
        "{programme}, asked on {on}; they were promised to hear from you by {by}.",
        programme=view.programme,
        on=t.day(view.on),
        by=t.day(view.by),
    )


def _next(t: Translator, view: Request) -> Button:
    """It is not done before they have been in touch: whoever asked would see nothing of it."""
    if view.in_touch:
        return button(t("It is done"), TalkDone(view.id), Style.PRIMARY)
    return button(t("I have been in touch"), InTouch(view.id), Style.PRIMARY)


def over(t: Translator) -> Message:
    """For whoever was asked."""
    return say(
        t("This talk is done, and what was written is erased. Thank you for listening."),
        button(t("What can I do now?"), RunCommand("home")),
    )


def no_longer_needed(t: Translator, *, programme: str) -> Message:
    """For whoever was asked and was not in touch yet."""
    return say(
        t(
            "Somebody in {programme} who asked you for a talk no longer needs it.",
            programme=programme,
        )
    )
