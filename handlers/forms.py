"""Several questions asked at once: shown with what is known, taken whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zlib import crc32

from bot.cards import forms as cards
from bot.core import questions as flow
from bot.core.actions import Action
from bot.core.answers import Problem, Wrong, understood
from bot.core.messages import Button, Message, Part
from bot.core.questions import Answers, Question, Values
from handlers import understanding
from handlers.turn import Turn

Objection = Callable[[Question, Values, Answers], Problem | None]


@dataclass(frozen=True)
class Form:
    """What is asked, what is known of it, and what the buttons mean."""

    title: str  # mark-up
    questions: tuple[Question, ...]
    stored: Answers
    save: Action
    cancel: Action
    label: str = ""  # of the button that takes it; mark-up
    # What only these questions together can know to be wrong.
    objection: Objection = lambda _question, _values, _answers: None
    above: tuple[Part, ...] = ()  # stands before the fields
    ways: tuple[Button, ...] = ()  # other ways on


@dataclass(frozen=True)
class Taken:
    """Every answer that now applies, and the questions whose answer is another than before."""

    answers: Answers
    changed: tuple[Question, ...]
    note: str  # mark-up: what changed, and what was read into the words


def show(turn: Turn, form: Form, note: str = "") -> Message:
    """The form as things stand."""
    values = {q.key: _known(turn, q, form.stored) for q in form.questions}
    return _draw(turn, form, form.stored, values, {}, note)


def renewed(turn: Turn, form: Form) -> Message:
    """Somebody else was first: the form as things stand now."""
    return show(turn, form, cards.changed_meanwhile(turn.t))


def stamp(answers: Answers) -> str:
    """Another one whenever something has changed."""
    return f"{crc32(json.dumps(sorted(answers.items())).encode()):x}"


def take_newest(turn: Turn, form: Form, seen: str) -> Taken | Message:
    """The same as `take`, but what somebody else changed since the form was `seen` is not undone."""
    taken = take(turn, form)
    older = seen != stamp(form.stored)
    if older and (isinstance(taken, Message) or taken.changed):
        return renewed(turn, form)
    return taken


def take(turn: Turn, form: Form) -> Taken | Message:
    """What was filled in; or the form again, nothing lost, with what is wrong or still asked."""
    answers, problems = _read(turn, form)
    if not problems:
        problems = _objections(form, answers)
    if problems:
        return _again(turn, form, answers, problems, cards.look_again(turn.t))
    if any(_is_new(turn, question, answers) for question in form.questions):
        return _again(turn, form, answers, {}, cards.more_to_tell(turn.t))
    changed = [q for q in form.questions if form.stored.get(q.key, ()) != answers.get(q.key, ())]
    return Taken(answers, tuple(changed), _note(turn, changed, answers))


def _read(turn: Turn, form: Form) -> tuple[dict[str, Values], dict[str, Problem]]:
    """The answers, and by question what is wrong with the others: those stay as they were."""
    answers: dict[str, Values] = {}
    problems: dict[str, Problem] = {}
    for question in form.questions:
        if not flow.holds(question.only_if, answers):
            continue
        found = _answer(turn, form, question, answers)
        if isinstance(found, Problem):
            problems[question.key] = found
        kept = form.stored.get(question.key) if isinstance(found, Problem) else found
        if kept is not None:
            answers[question.key] = kept
    return answers, problems


def _answer(
    turn: Turn, form: Form, question: Question, answers: Answers
) -> Values | Problem | None:
    """What is now the answer to one question; None when it was never given."""
    stored = form.stored.get(question.key)
    if question.key not in turn.fields:
        return stored  # it was not on the form
    given = turn.fields[question.key]
    found = understanding.answer(turn, question, given, stored or (), typed=False)
    empty = isinstance(found, Problem) and found.wrong is Wrong.EMPTY
    if empty and not flow.is_required(question, answers):
        return None if stored is None else ()
    return found


def _objections(form: Form, answers: Answers) -> dict[str, Problem]:
    found = {
        q.key: form.objection(q, answers[q.key], answers)
        for q in form.questions
        if answers.get(q.key)
    }
    return {key: problem for key, problem in found.items() if problem}


def _is_new(turn: Turn, question: Question, answers: Answers) -> bool:
    """Whether this has to be asked now, and was not on the form."""
    applies = flow.holds(question.only_if, answers) and flow.is_required(question, answers)
    return applies and not answers.get(question.key) and question.key not in turn.fields


def _again(
    turn: Turn, form: Form, answers: Answers, problems: Mapping[str, Problem], note: str
) -> Message:
    """The form with everything as it was filled in."""
    filled = {
        q.key: understood(q, turn.fields[q.key], typed=False)
        if q.key in turn.fields
        else _known(turn, q, answers)
        for q in form.questions
    }
    return _draw(turn, form, answers, filled, problems, note)


def _known(turn: Turn, question: Question, answers: Answers) -> Values:
    return understanding.shown(turn, question, answers.get(question.key, ()))


def _draw(
    turn: Turn,
    form: Form,
    answers: Answers,
    values: Answers,
    problems: Mapping[str, Problem],
    note: str,
) -> Message:
    blanks = [
        cards.Blank(
            question,
            flow.is_required(question, answers),
            values[question.key],
            problems.get(question.key),
        )
        for question in flow.applicable(form.questions, answers)
    ]
    return cards.form(
        turn.t,
        title=form.title,
        blanks=blanks,
        save=form.save,
        cancel=form.cancel,
        note=note,
        above=form.above,
        ways=form.ways,
        label=form.label,
    )


def _note(turn: Turn, changed: list[Question], answers: Answers) -> str:
    asked = [question for question in changed if question.key in answers]
    read = [
        understanding.note(turn, q, turn.fields.get(q.key, ()), answers[q.key])
        for q in asked
        if answers[q.key]
    ]
    return " ".join([cards.changed(turn.t, asked), *filter(None, read)])
