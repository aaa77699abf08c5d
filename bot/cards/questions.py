"""How a question is asked: one at a time in conversation, with what is wrong beside the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards.problems import wrong
from bot.core.actions import Action
from bot.core.answers import Problem
from bot.core.markup import escape, plain
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
)
from bot.core.questions import Question, Readers, Reads, Values
from bot.texts import Translator

MOST_BUTTONS = 6  # more options than this are easier to read as a list
LONGEST_BUTTON = 34  # characters
LONGEST_LOUD = 140  # characters; a longer question is an explanation, and bold would tire


@dataclass(frozen=True)
class Step(Action):
    """Buttons of a dialogue carry its step: after any change an older button is known as such."""

    dialogue: int
    step: int


@dataclass(frozen=True)
class Reply(Step):
    """Take what is filled in."""


@dataclass(frozen=True)
class Choose(Step):
    value: str


@dataclass(frozen=True)
class Back(Step):
    pass


@dataclass(frozen=True)
class Skip(Step):
    pass


@dataclass(frozen=True)
class Stop(Step):
    pass


@dataclass(frozen=True)
class Resume(Step):
    pass


@dataclass(frozen=True)
class Change(Step):
    """Go back to the answer chosen in the field «which»."""


@dataclass(frozen=True)
class TellMore(Step):
    pass


@dataclass(frozen=True)
class Enough(Step):
    """Leave the offered questions for later."""


@dataclass(frozen=True)
class Confirm(Step):
    pass


@dataclass(frozen=True)
class EditProfile(Step):
    """Change several answers at once."""


@dataclass(frozen=True)
class Recheck(Step):
    """Look at what was understood of the answer to this question."""

    question: str


@dataclass(frozen=True)
class Asked:
    """One question as it stands now."""

    title: str  # mark-up
    dialogue: int
    step: int
    question: Question
    number: int
    of: int
    required: bool
    can_go_back: bool
    value: Values = ()
    problem: Problem | None = None
    understood: str = ""  # mark-up: what the bot made of the answer before
    recheck: tuple[str, ...] = ()  # the questions whose answers it read that from


def ask(t: Translator, asked: Asked) -> Message:
    """The card for one question: progress, why, who reads it, the input, and the ways on."""
    question = asked.question
    wording = t.of(question.wording)
    parts: list[Part] = []
    if asked.understood:
        parts.append(Note(asked.understood))
    parts.append(Note(_progress(t, asked)))
    loud = "**" not in wording and len(wording) <= LONGEST_LOUD
    parts.append(Text(f"**{wording}**" if loud else wording))
    small = " ".join(
        filter(None, (t.of(question.why) if question.why else "", readers(t, question)))
    )
    parts.append(Note(small))
    parts += _inputs(t, asked)
    parts += _ways_on(t, asked)
    return Message(wording, tuple(parts))


def _progress(t: Translator, asked: Asked) -> str:
    if asked.required:
        words = t("question {number} of {of}", number=asked.number, of=asked.of)
    else:
        words = t("extra question {number} of {of}", number=asked.number, of=asked.of)
    return f"{asked.title} · {words}"


def readers(t: Translator, question: Question) -> str:
    """Who will see the answer, said before it is given."""
    match question.readers:
        case Readers.PARTNER:
            return t("Coordinators see this, and your mentor or mentee, or whoever may become one.")
        case Readers.COORDINATORS:
            return t("Only the coordinators will see this.")
        case Readers.SOLVER:
            return t("Nobody will see this: only the matching uses it.")
        case Readers.ANONYMOUS:
            return t("Anonymous: stored without your name and without a time.")
        case Readers.EVERYONE:
            return t("Everyone in the organisation can see this.")


def _inputs(t: Translator, asked: Asked) -> list[Part]:
    question, problem = asked.question, asked.problem
    error = wrong(t, problem) if problem else ""
    if as_buttons(t, question):
        return _taps(t, asked, error)
    return [field(t, question, value=asked.value, error=error, label=t("Your answer"))]


def _taps(t: Translator, asked: Asked, error: str) -> list[Part]:
    """One button an option; what a label explains behind a colon stands above the buttons."""
    taps: list[Part] = [Text(f"⚠️ {error}")] if error else []
    labels = [t.of(choice.wording) for choice in asked.question.choices]
    explained = [label.partition(":") for label in labels]
    if any(rest for _, _, rest in explained):
        lines = [f"• **{short}**:{rest}" if rest else f"• {short}" for short, _, rest in explained]
        taps.append(Text("\n".join(lines)))
    return taps + [
        button(
            _on_button(label),
            Choose(asked.dialogue, asked.step, choice.value),
            Style.PRIMARY if choice.value in asked.value else Style.PLAIN,
        )
        for choice, label in zip(asked.question.choices, labels, strict=True)
    ]


def _on_button(label: str) -> str:
    return label.partition(":")[0]


def field(
    t: Translator, question: Question, *, value: Values = (), error: str = "", label: str = ""
) -> Ask:
    """A question as one input on a card."""
    hint = t.of(question.example) if question.example else ""
    if question.kind is Kind.DATE and not hint:
        hint = t("For example: 1 March, or in two weeks")
    return Ask(
        name=question.key,
        label=label or t.of(question.wording),
        kind=question.kind,
        options=tuple((choice.value, t.of(choice.wording)) for choice in question.choices),
        value=value,
        error=error,
        hint=hint,
    )


def as_buttons(t: Translator, question: Question) -> bool:
    """Whether the options are few and short enough to be answered with one tap."""
    if question.kind is not Kind.CHOICE or len(question.choices) > MOST_BUTTONS:
        return False
    labels = (plain(_on_button(t.of(choice.wording))) for choice in question.choices)
    return all(len(label) <= LONGEST_BUTTON for label in labels)


def _ways_on(t: Translator, asked: Asked) -> list[Part]:
    here = (asked.dialogue, asked.step)
    ways: list[Part] = []
    if not as_buttons(t, asked.question):
        ways.append(button(t("Next"), Reply(*here), Style.PRIMARY))
    if asked.can_go_back:
        ways.append(button(t("Back"), Back(*here)))
    if asked.required:
        ways.append(button(t("Stop for now"), Stop(*here)))
    else:
        ways.append(button(t("Skip"), Skip(*here)))
        ways.append(button(t("Enough for now"), Enough(*here)))
    ways += [button(not_meant(t), Recheck(*here, question)) for question in asked.recheck]
    return ways


def not_meant(t: Translator) -> str:
    return t("That is not what I meant")


def summary(
    t: Translator,
    *,
    title: str,
    here: tuple[int, int],
    rows: Sequence[tuple[Question, str]],
    confirm: str,
    more: bool,
    note: str = "",
    several: bool = False,
    recheck: Sequence[tuple[str, str]] = (),
) -> Message:
    """All answers at a glance: confirm, change one or several, or tell more."""
    parts: list[Part] = [Heading(title)]
    if note:
        parts.append(Note(note))
    parts.append(Fields(tuple((short(t, q), answer) for q, answer in rows)))
    parts.append(button(confirm, Confirm(*here), Style.PRIMARY))
    if more:
        parts.append(button(t("Tell more (optional)"), TellMore(*here)))
    if several:
        parts.append(button(t("Change several at once"), EditProfile(*here)))
    for question, about in recheck:
        parts.append(button(f"{not_meant(t)}: {about}", Recheck(*here, question)))
    parts.append(button(t("Stop for now"), Stop(*here)))
    parts.append(
        Ask(
            name="which",
            label=t("Change an answer"),
            kind=Kind.CHOICE,
            options=tuple((q.key, short(t, q)) for q, _ in rows),
        )
    )
    return Message(title, (*parts, button(t("Change this one"), Change(*here))))


def short(t: Translator, question: Question) -> str:
    return t.of(question.label or question.wording)


def told(t: Translator, question: Question, values: Values, names: Mapping[str, str]) -> str:
    """An answer in words, as mark-up; `names` gives words to values that are ids or tags."""
    if not values:
        return t("_skipped_")
    words = []
    for value in values:
        wording = question.label_of(value)
        words.append(plain(_on_button(t.of(wording))) if wording else names.get(value, value))
    if question.reads is Reads.AS_TYPED and not question.choices:
        return escape(words[0])
    return ", ".join(escape(word) for word in words)


def stopped(t: Translator, *, title: str, here: tuple[int, int], kept: bool = True) -> Message:
    words = t("All right, we stop here. I have kept your answers; you can go on whenever you like.")
    if not kept:
        words = t("All right, we stop here. You can begin again whenever you like.")
    go_on = button(t("Go on"), Resume(*here), Style.PRIMARY)
    return Message(words, (Note(title), Text(words), go_on))
