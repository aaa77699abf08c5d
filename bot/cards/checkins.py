"""How it goes between two people, asked in one tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.actions import Action, RunCommand
from bot.core.markup import escape
from bot.core.messages import Message, Note, Style, Text, button, say
from bot.texts import Translator


@dataclass(frozen=True)
class AnswerCheckIn(Action):
    check_in: int
    answer: str  # storage's CheckInAnswer: met, planned, not_yet


@dataclass(frozen=True)
class RemindLater(Action):
    check_in: int


def check_in(
    t: Translator,
    *,
    id_: int,
    partners: Sequence[str],
    since_days: int,
    programme: str,
    again: bool = False,
) -> Message:
    """One tap to answer; who sees it is said first. `programme` is its short word."""
    title = t(
        "You and {names}: have you met in the past {span}?",
        names=t.list(partners),
        span=t.span(since_days),
    )
    seen = t(
        "The coordinators see whether you met, not what you talked about. Your partner is asked the"
        " same and does not see your answer."
    )
    later = () if again else (button(t("Remind me later"), RemindLater(id_)),)
    return Message(
        title,
        (
            Text(title),
            Note(seen),
            button(t("Yes, we met"), AnswerCheckIn(id_, "met"), Style.PRIMARY),
            button(t("It is planned"), AnswerCheckIn(id_, "planned")),
            button(t("Not yet"), AnswerCheckIn(id_, "not_yet")),
            *later,
            button(t("Talk to someone"), RunCommand("talk", programme)),
        ),
    )


def thanks(t: Translator, answer: str) -> Message:
    match answer:
        case "met":
            return say(t("Good to hear! Noted."))
        case "planned":
            return say(t("Lovely, noted. Enjoy your talk."))
        case _:
            return say(
                t(
                    "Noted, that happens. A short message with two times that suit you often does"
                    " the trick: “Tuesday at ten or Thursday at three?”"
                )
            )


def reminder_set(t: Translator, day: str) -> Message:
    return say(t("Fine, I will ask you again on {day}.", day=day))


def closed(t: Translator) -> Message:
    return say(
        t("This question is no longer open, so nothing has changed."),
        button(t("What can I do now?"), RunCommand("home")),
    )


def several(t: Translator, count: int) -> str:
    """The summary of a message that holds more than one question."""
    return t.plural("{n} short question for you", "{n} short questions for you", count)


def left_behind(
    t: Translator, *, programme: str, gone: Sequence[str], left: Sequence[str]
) -> Message:
    """For the coordinators: somebody's account was closed, and they had a partner."""
    return say(
        t("The account of {gone} was closed.", gone=t.list(gone)),
        Text(
            t(
                "{left} had a match with them in {programme}. Please have a word with {left}, who may"
                " want another match.",
                left=t.list(left),
                programme=programme,
            )
        ),
        Note(t("I have told them nothing, and I do not ask them any more whether they met.")),
    )


def stuck(t: Translator, *, programme: str, names: Sequence[str]) -> Message:
    """For the coordinators: one line, one next action."""
    pair = t.list(escape(name) for name in names)
    return say(
        t("Two check-ins in a row went unanswered in {programme}:", programme=programme)
        + f" {pair}. "
        + t("Please give one of them a call, and ask how they are.")
    )
