"""Several questions at once: a form, with what is wrong beside each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cards.problems import wrong
from bot.cards.questions import Step, field, readers, short
from bot.core.actions import Action
from bot.core.answers import Problem
from bot.core.messages import Button, Heading, Message, Note, Part, Style, button
from bot.core.questions import Question, Values
from bot.texts import Translator


@dataclass(frozen=True)
class SaveProfile(Step):
    """Take everything that is filled in."""


@dataclass(frozen=True)
class SaveSettings(Action):
    """Take everything that is filled in; `seen` tells whether the form was the newest."""

    programme: int
    seen: str


@dataclass(frozen=True)
class Blank:
    """One field: its question, and how far somebody got."""

    question: Question
    required: bool
    value: Values = ()
    problem: Problem | None = None


def form(
    t: Translator,
    *,
    title: str,
    blanks: Sequence[Blank],
    save: Action,
    cancel: Action,
    note: str = "",
    above: Sequence[Part] = (),
    ways: Sequence[Button] = (),
    label: str = "",
) -> Message:
    """All fields on one card, together with the others that the same people will read; `above` them
    what helps to fill them in, and below other `ways` on."""
    parts: list[Part] = [Heading(title), *([Note(note)] if note else []), *above]
    seen_by = dict.fromkeys(blank.question.readers for blank in blanks)
    for group in seen_by:
        fields = [blank for blank in blanks if blank.question.readers is group]
        parts.append(Note(readers(t, fields[0].question)))
        parts += [_field(t, blank) for blank in fields]
    parts += [button(label or t("Save"), save, Style.PRIMARY), *ways, button(t("Cancel"), cancel)]
    return Message(title, tuple(parts), form=True)


def _field(t: Translator, blank: Blank) -> Part:
    question = blank.question
    error = wrong(t, blank.problem) if blank.problem else ""
    wording = t.of(question.wording)
    label = wording if blank.required else f"{wording} ({t('optional')})"
    ask = field(t, question, value=blank.value, error=error, label=label)
    return replace(ask, hint=ask.hint or (t.of(question.why) if question.why else ""))


def look_again(t: Translator) -> str:
    return t("Nothing has been saved yet: please look at what I marked.")


def more_to_tell(t: Translator) -> str:
    return t("Nothing has been saved yet: with this choice I have a few more questions.")


def changed_meanwhile(t: Translator) -> str:
    return t("Somebody else has just changed something here, so please look once more.")


def changed(t: Translator, questions: Sequence[Question]) -> str:
    """«Changed: Goal and Languages.»"""
    if not questions:
        return t("Nothing has changed.")
    return t("Changed:") + f" {t.list(short(t, question) for question in questions)}."
