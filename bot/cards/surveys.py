"""The pulse survey: one form, an honest label before it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import means
from bot.cards.problems import wrong
from bot.cards.questions import field
from bot.core.actions import Action
from bot.core.answers import Problem
from bot.core.insights import Figure
from bot.core.markup import escape
from bot.core.messages import (
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
from bot.core.questions import Question, Values
from bot.texts import Translator

MOST_COMMENTS = 12  # on one card; they are shuffled, so these are as good as any


@dataclass(frozen=True)
class SendPulse(Action):
    """Take what is filled in for this invitation."""

    invite: int


@dataclass(frozen=True)
class Pulse:
    """An open survey as one person sees it; `seen_by` are the readers when it is not anonymous."""

    invite: int
    wave: int
    programme: str
    anonymous: bool
    at_least: int
    seen_by: tuple[str, ...]
    closes_at: datetime
    zone: str


@dataclass(frozen=True)
class Shown:
    """One question's figures, None where hidden; each group is mentor or mentee."""

    question: str
    total: Figure | None
    groups: tuple[tuple[str, Figure | None], ...]


@dataclass(frozen=True)
class Results:
    """What is left of a survey when it has closed."""

    programme: str
    anonymous: bool
    at_least: int
    invited: int
    answered: int
    figures: tuple[Shown, ...]
    comments: tuple[str, ...]


def input_name(wave: int, question: str) -> str:
    """Two surveys may stand in one message, so a question's key alone would not do."""
    return f"pulse_{wave}_{question}"


def form(
    t: Translator,
    pulse: Pulse,
    questions: Sequence[Question],
    fields: Mapping[str, Values] | None = None,
    problems: Mapping[str, Problem] | None = None,
) -> Message:
    """The questions on one card, filled in as far as somebody got."""
    asked = t("How is {programme} going for you?", programme=pulse.programme)
    until = t("You can answer until {moment}.", moment=t.moment(pulse.closes_at, pulse.zone))
    parts: list[Part] = [
        Heading(asked),
        Text(t("It takes about a minute.") + " " + until),
        Note(_who_reads(t, pulse)),
    ]
    for question in questions:
        name = input_name(pulse.wave, question.key)
        problem = (problems or {}).get(name)
        ask = field(
            t,
            question,
            value=_possible(question, (fields or {}).get(name, ())),
            error=wrong(t, problem) if problem else "",
            label=_label(t, question),
        )
        hint = ask.hint or (t.of(question.why) if question.why else "")
        parts.append(replace(ask, name=name, hint=hint))
    parts.append(button(t("Send my answers"), SendPulse(pulse.invite), Style.PRIMARY))
    return Message(asked, tuple(parts))


def _who_reads(t: Translator, pulse: Pulse) -> str:
    if pulse.anonymous:
        return t(
            "Anonymous: your answers are stored without your name and without a time, only with "
            "whether you are a mentor or a mentee. I show figures only when at least {n} people "
            "have answered, and comments only when at least {n} people wrote one.",
            n=pulse.at_least,
        )
    readers = t.list(escape(name) for name in pulse.seen_by)
    return t("Confidential, seen by:") + f" {readers}. " + t("Your mentor or mentee sees nothing.")


def _label(t: Translator, question: Question) -> str:
    wording = t.of(question.wording)
    return wording if question.required else f"{wording} ({t('optional')})"


def _possible(question: Question, values: Values) -> Values:
    """What can stand in the input; a platform refuses a choice that is not there."""
    if question.kind not in (Kind.CHOICE, Kind.CHOICES):
        return values
    return tuple(choice.value for choice in question.choices if choice.value in values)


def not_sent_yet(t: Translator) -> Message:
    return _note(t("Nothing has been sent yet: please look at the answer that I marked below."))


def thanks(t: Translator, programme: str) -> Message:
    words = t("Thank you! Your answers about {programme} are in. They help.", programme=programme)
    return say(words)


def answered_before(t: Translator, programme: str) -> Message:
    return _note(
        t(
            "You have already answered the questions about {programme}, thank you. "
            "Nothing has been counted twice.",
            programme=programme,
        )
    )


def closed(t: Translator, programme: str) -> Message:
    return _note(
        t(
            "The questions about {programme} have closed in the meantime, so I have not stored "
            "anything. There will be another moment to tell us how it goes.",
            programme=programme,
        )
    )


def _note(words: str) -> Message:
    return Message(words, (Note(words),))


def results(t: Translator, found: Results, questions: Sequence[Question]) -> Message:
    """What a closed survey tells its coordinators, in their private chat only."""
    title = t("{programme}: what people told us", programme=found.programme)
    parts: list[Part] = [Heading(title), Text(_turnout(t, found))]
    for question in questions:
        shown = next((s for s in found.figures if s.question == question.key), None)
        if shown is not None:
            rows = _rows(t, shown, found)
            parts += [Text(f"**{t.of(question.wording)}**"), Fields(rows)]
    if found.answered >= found.at_least:
        agreed = t(
            "Where nearly all gave a high answer, or nearly all a low one, I say only that: otherwise "
            "you would know what each of them said. Where I hide a figure, somebody’s answer could "
            "be worked out from it, perhaps beside an earlier survey."
        )
        parts.append(Note(agreed))
    parts += _comments(t, found)
    return Message(title, tuple(parts))


def _turnout(t: Translator, found: Results) -> str:
    return t.plural(
        "The survey has closed. {answered} of {n} person answered.",
        "The survey has closed. {answered} of {n} people answered.",
        found.invited,
        answered=found.answered,
    )


def _rows(t: Translator, shown: Shown, found: Results) -> tuple[tuple[str, str], ...]:
    names = {"mentor": t("Mentors"), "mentee": t("Mentees")}
    if shown.total is None:
        return ((t("Everyone"), _nothing(t, found)),)
    groups = [
        (names[part], means.with_answers(t, one) if one else means.hidden(t))
        for part, one in shown.groups
    ]
    return ((t("Everyone"), means.with_answers(t, shown.total)), *groups)


def _nothing(t: Translator, found: Results) -> str:
    if found.answered < found.at_least:
        return t("too few answers to show (fewer than {n})", n=found.at_least)
    return means.hidden(t)


def _comments(t: Translator, found: Results) -> list[Part]:
    if not found.comments:
        words = t("I show comments only when at least {n} people wrote one.", n=found.at_least)
        return [Note(words)]
    some = found.comments[:MOST_COMMENTS]
    parts: list[Part] = [Text(f"**{t('What people wrote')}**")]
    parts += [Text(t("“{comment}”", comment=comment)) for comment in some]
    order = t("The order is random.")
    if found.anonymous:
        order += " " + t("Nobody’s name was stored.")
    if len(some) < len(found.comments):
        order += " " + t("You see {some} of {all}.", some=len(some), all=len(found.comments))
    return [*parts, Note(order)]
