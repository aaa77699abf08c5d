"""From what somebody typed or chose to an answer, or to what is wrong with it.

Typed words match an option by number, by label in either language, or by close spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz, process

from bot.core.dates import COUNTS, read_date
from bot.core.messages import Kind
from bot.core.questions import Question, Reads, Values

CLOSE = 78  # of 100; below this a spelling is a guess
FEW_LETTERS = 3
_SEPARATORS = re.compile(r"[,;\n]+")
_AND = re.compile(r"[,;\n/]+|\s+(?:en|and|&|\+)\s+", re.IGNORECASE)
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}  # Unicode's controls, joiners, halves and spaces


# Words that are taken whole here: who reads them knows better where one ends.
_WHOLE = {Reads.AS_TYPED, Reads.DEPARTMENTS, Reads.APART}


class Wrong(StrEnum):
    """Why an answer will not do; the words are made where the question is drawn."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_AN_OPTION = "not_an_option"
    TOO_MANY = "too_many"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    UNKNOWN_PERSON = "unknown_person"
    SEVERAL_PEOPLE = "several_people"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    TAKEN = "taken"
    BEGUN = "begun"
    SURVEY_OPEN = "survey_open"
    UNKNOWN_DEPARTMENT = "unknown_department"
    UNKNOWN_SIDE = "unknown_side"
    NOT_TWO_SIDES = "not_two_sides"
    NOTHING_COUNTS = "nothing_counts"


@dataclass(frozen=True)
class Problem:
    wrong: Wrong
    values: dict[str, str] = field(default_factory=dict)  # what the sentence needs: limit, word …


def read(question: Question, given: Values, *, typed: bool, today: date) -> Values | Problem:
    """The answer as it is stored, or what is wrong. `typed` words may be numbers or labels."""
    given = tuple(one for one in (part.strip() for part in given) if _is_seen(one))
    if not given:
        return Problem(Wrong.EMPTY)
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return _options(question, given, typed=typed)
        case Kind.NUMBER:
            return _number(question, given[0])
        case Kind.DATE:
            day = read_date(given[0], today)
            return Problem(Wrong.NOT_A_DATE) if day is None else (day.isoformat(),)
        case Kind.TEXT | Kind.LONG_TEXT:
            return _words(question, given)


def _is_seen(text: str) -> bool:
    """Whether there is anything to see; joiners and spaces of every width alone are not."""
    return any(unicodedata.category(character) not in _UNSEEN for character in text)


def _words(question: Question, given: Values) -> Values | Problem:
    if question.reads in _WHOLE:
        text = "\n".join(given)
        if question.kind is Kind.TEXT:
            text = " ".join(text.split())  # one line, such as a name
        if len(text) > question.max_length:
            return _too_long(question, len(text))
        return (text,)
    items = tuple(dict.fromkeys(i.strip() for g in given for i in _SEPARATORS.split(g)))
    items = tuple(item for item in items if _is_seen(item))
    if not items:
        return Problem(Wrong.EMPTY)
    if len(items) > question.max_chosen:
        return Problem(
            Wrong.TOO_MANY, {"limit": str(question.max_chosen), "count": str(len(items))}
        )
    longest = max(map(len, items))
    return items if longest <= question.max_length else _too_long(question, longest)


def _too_long(question: Question, length: int) -> Problem:
    return Problem(Wrong.TOO_LONG, {"limit": str(question.max_length), "length": str(length)})


def _number(question: Question, text: str) -> Values | Problem:
    text = str(COUNTS.get(text.casefold(), text)).rstrip(".")
    if not re.fullmatch(r"[+-]?\d{1,9}", text):
        return Problem(Wrong.NOT_A_NUMBER)
    if not question.minimum <= int(text) <= question.maximum:
        return Problem(
            Wrong.OUT_OF_RANGE,
            {"minimum": str(question.minimum), "maximum": str(question.maximum)},
        )
    return (str(int(text)),)


def _options(question: Question, given: Values, *, typed: bool) -> Values | Problem:
    found = _chosen(question, given, typed=typed)
    for word, value in found:
        if value is None:
            return Problem(Wrong.NOT_AN_OPTION, {"word": word[:60]})
    if not found:
        return Problem(Wrong.EMPTY)
    limit = question.max_chosen if question.kind is Kind.CHOICES else 1
    values = tuple(dict.fromkeys(value for _, value in found if value))
    if len(values) > limit:
        return Problem(Wrong.TOO_MANY, {"limit": str(limit), "count": str(len(values))})
    return values


def _chosen(question: Question, given: Values, *, typed: bool) -> list[tuple[str, str | None]]:
    """Each word beside the option that it means."""
    if not typed:
        known = {choice.value for choice in question.choices}
        return [(one, one if one in known else None) for one in given]
    several = question.kind is Kind.CHOICES
    words = [one.strip() for g in given for one in (_AND.split(g) if several else [g])]
    return [(word, meant(question, word)) for word in words if _is_seen(word)]


def understood(question: Question, given: Values, *, typed: bool) -> Values:
    """What of a refused answer can stand in its input: words as they are, options that exist."""
    if not question.choices:
        return given
    chosen = _chosen(question, given, typed=typed)
    return tuple(dict.fromkeys(value for _, value in chosen if value))


def meant(question: Question, word: str) -> str | None:
    """The option that a typed word means: its number, its label in a language or the first letters
    of that, or nearly so."""
    word = word.strip().casefold()
    number = word.rstrip(".)")
    if number.isdecimal() and number.isascii() and 1 <= int(number[:4]) <= len(question.choices):
        return question.choices[int(number[:4]) - 1].value
    names = question.names
    return names.get(word) or _begun(word, names) or _nearest(word, tuple(names), names)


def _begun(word: str, names: Mapping[str, str]) -> str | None:
    if len(word) < FEW_LETTERS:
        return None
    meanings = {value for name, value in names.items() if name.startswith(word)}
    return meanings.pop() if len(meanings) == 1 else None


def _nearest(word: str, names: Sequence[str], labels: Mapping[str, str]) -> str | None:
    if len(word) < FEW_LETTERS:
        return None
    hits = process.extract(word[:80], names, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=3)
    meanings = {labels[name] for name, score, _ in hits if score >= hits[0][1] - 2}
    return meanings.pop() if len(meanings) == 1 else None
