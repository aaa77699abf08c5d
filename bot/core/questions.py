"""The questionnaire engine: which question comes next, and whether an answer will do.

Questions are data. An answer is always a tuple of strings: () means skipped, one string for a single
answer, several for a list. Nothing here knows languages beyond the two columns of a wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from bot.core.markup import plain
from bot.core.messages import Kind

Wording = Mapping[str, str]
Values = tuple[str, ...]
Answers = Mapping[str, Values]
Condition = Mapping[str, Values]  # every named answer holds one of these values

_EXPLANATION = re.compile(r"[:(–—]|, ")


class Readers(StrEnum):
    """Who will see an answer; told before it is given."""

    PARTNER = "partner"
    COORDINATORS = "coordinators"
    SOLVER = "solver"
    ANONYMOUS = "anonymous"
    EVERYONE = "everyone"


class Reads(StrEnum):
    """How typed words become values."""

    AS_TYPED = "as_typed"
    LIST = "list"  # separated by commas or new lines
    SKILLS = "skills"  # a list, each brought to a known skill where there is one
    PEOPLE = "people"  # a list of colleagues, each brought to a person
    DEPARTMENTS = "departments"  # a list of departments, each brought to one that is known
    APART = "apart"  # a line for each two sides, each brought to a department or a person


@dataclass(frozen=True)
class Choice:
    value: str
    wording: Wording


@dataclass(frozen=True)
class Question:
    key: str
    kind: Kind
    wording: Wording
    label: Wording = field(default_factory=dict)  # a few words, for the summary
    why: Wording = field(default_factory=dict)
    example: Wording = field(default_factory=dict)
    readers: Readers = Readers.COORDINATORS
    reads: Reads = Reads.AS_TYPED
    choices: tuple[Choice, ...] = ()
    required: bool = False
    required_if: Condition = field(default_factory=dict)
    only_if: Condition = field(default_factory=dict)
    max_length: int = 500  # characters, of one value
    max_chosen: int = 12
    minimum: int = 1
    maximum: int = 99

    @property
    def in_confidence(self) -> bool:
        """Whether it is answered in somebody's own words, or with the names of colleagues; skills
        are words too, but the whole programme may see them."""
        return self.kind in (Kind.TEXT, Kind.LONG_TEXT) and self.reads is not Reads.SKILLS

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that an option is called, in lower case, and its value. «Coach: asks rather
        than tells» is also just «coach»."""
        found = {choice.value.casefold(): choice.value for choice in self.choices}
        for choice in self.choices:
            for label in map(plain, choice.wording.values()):
                found.setdefault(label.casefold(), choice.value)
                short = _EXPLANATION.split(label, maxsplit=1)[0]
                found.setdefault(short.strip().casefold(), choice.value)
        return found

    def label_of(self, value: str) -> Wording | None:
        return next((c.wording for c in self.choices if c.value == value), None)


def holds(condition: Condition, answers: Answers) -> bool:
    for key, allowed in condition.items():
        given = answers.get(key)
        if not given or not any(value in allowed for value in given):
            return False
    return True


def applicable(questions: Iterable[Question], answers: Answers) -> tuple[Question, ...]:
    """The questions that this person is asked at all, in order."""
    return tuple(q for q in questions if not q.only_if or holds(q.only_if, answers))


def is_required(question: Question, answers: Answers) -> bool:
    if question.required_if:
        return holds(question.required_if, answers)
    return question.required


def required(questions: Iterable[Question], answers: Answers) -> tuple[Question, ...]:
    return tuple(q for q in applicable(questions, answers) if is_required(q, answers))


def offered(questions: Iterable[Question], answers: Answers) -> tuple[Question, ...]:
    """What may be told, but need not be."""
    return tuple(q for q in applicable(questions, answers) if not is_required(q, answers))


def still_required(questions: Iterable[Question], answers: Answers) -> Question | None:
    """The first required question without an answer, or None when the person may confirm."""
    return next((q for q in required(questions, answers) if not answers.get(q.key)), None)


def next_offered(
    questions: Iterable[Question], answers: Answers, after: str = ""
) -> Question | None:
    """The next offered question not yet answered or skipped, first looking behind `after`."""
    rest = offered(questions, answers)
    keys = [q.key for q in rest]
    start = keys.index(after) + 1 if after in keys else 0
    return next((q for q in (*rest[start:], *rest[:start]) if q.key not in answers), None)


def find(questions: Iterable[Question], key: str) -> Question | None:
    return next((q for q in questions if q.key == key), None)


def before(questions: Sequence[Question], answers: Answers, key: str) -> Question | None:
    """The question that `back` returns to: the one before, of the same kind of need."""
    question = find(questions, key)
    if question is None:
        return None
    row = (required if is_required(question, answers) else offered)(questions, answers)
    place = next((i for i, q in enumerate(row) if q.key == key), 0)
    return row[place - 1] if place else None


def place(questions: Sequence[Question], answers: Answers, key: str) -> tuple[int, int]:
    """(3, 7) for «3 of 7» among the required, or among the offered ones.

    Where the answer decides how many follow, the largest number is told: it may only shrink.
    """
    question = find(questions, key)
    asks = required if question is None or is_required(question, answers) else offered
    row = asks(questions, answers)
    number = next((i for i, q in enumerate(row, 1) if q.key == key), 1)
    decides = any(key in q.only_if or key in q.required_if for q in questions)
    if question is None or answers.get(key) or not decides:
        return number, len(row)
    outcomes = [{**answers, key: (choice.value,)} for choice in question.choices]
    return number, max((len(asks(questions, o)) for o in outcomes), default=len(row))
