"""From words to departments and to who is kept apart from whom; and back to words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from bot.core.answers import Problem, Wrong
from bot.core.questions import Question, Reads, Values
from bot.matching import EVERY_DEPARTMENT, Side, folded
from handlers.turn import Turn
from storage import people
from storage.exclusions import Apart

SIDES = {Reads.DEPARTMENTS, Reads.APART}
EVERY = {"all", "alle", "alles", "iedereen", "everyone", "everybody", "all departments",
         "alle afdelingen", EVERY_DEPARTMENT}  # fmt: skip
CLOSE = 70  # of 100; below this another department is no suggestion
MOST_NAMED = 12  # departments in one sentence
MOST_CUTS = 8  # places where a line may be cut in two
_LINES = re.compile(r"[\n;]+")
# A dash between two sides; a hyphen only counts with spaces around it, or when nothing else is there.
_BETWEEN = re.compile(r"\s*[–—↔\t]\s*|\s+(?:-+|<?-+>|/|x|×)\s+")
_HYPHEN = re.compile(r"-")
_QUOTES = " .!\"'“”‘’"  # noqa: RUF001 (people copy them from the example)

Who = Callable[[str], int | Problem]  # the colleague whom a word names


def read(turn: Turn, question: Question, words: str, stored: Values, who: Who) -> Values | Problem:
    """The departments, or the pairs of sides, that are meant."""
    lines = [line.strip() for line in _LINES.split(words) if folded(line)]
    if question.reads is Reads.DEPARTMENTS:
        found = _departments(turn, lines, stored)
        count = 0 if isinstance(found, Problem) else len(found)
    else:
        count = len(lines)  # before anybody is looked for
        found = _pairs(turn, lines[: question.max_chosen], stored, who)
    if count > question.max_chosen:
        return Problem(Wrong.TOO_MANY, {"limit": str(question.max_chosen), "count": str(count)})
    return found or Problem(Wrong.EMPTY)


def shown(turn: Turn, question: Question, values: Values) -> Values:
    """Stored values as they stand in the field."""
    names = words(turn, question, values)
    between = "\n" if question.reads is Reads.APART else ", "
    return (between.join(names[value] for value in values),) if values else ()


def words(turn: Turn, question: Question, values: Values) -> Mapping[str, str]:
    """Stored values in words."""
    if question.reads is Reads.DEPARTMENTS:
        every = turn.t("all departments")
        return {value: every if value == EVERY_DEPARTMENT else value for value in values}
    return _lines(turn, values)


def packed(pair: Apart) -> str:
    """Two sides as one value of an answer."""
    return json.dumps(pair, ensure_ascii=False)


def unpacked(value: str) -> Apart:
    left, right = json.loads(value)
    return left, right


def gone(turn: Turn, questions: tuple[Question, ...], answers: Mapping[str, Values]) -> list[str]:
    """The departments among the answers in which nobody works any more."""
    known = _known(turn)
    named: dict[str, None] = {}
    for question in questions:
        for value in answers.get(question.key, ()):
            if question.reads is Reads.DEPARTMENTS:
                named[value] = None
            elif question.reads is Reads.APART:
                named |= {side: None for side in unpacked(value) if isinstance(side, str)}
    return [name for name in named if name != EVERY_DEPARTMENT and folded(name) not in known]


def _known(turn: Turn) -> dict[str, str]:
    names = people.departments(turn.session, turn.person.organisation_id)
    return {folded(name): name for name in names if folded(name)}


def _departments(turn: Turn, lines: Sequence[str], stored: Values) -> Values | Problem:
    known = {folded(name): name for name in stored} | _known(turn)
    found: dict[str, None] = {}
    for line in lines:
        for word in _parted(line, known):
            if folded(word).strip(_QUOTES) in EVERY:
                return (EVERY_DEPARTMENT,)
            if folded(word) not in known:
                return _unknown(Wrong.UNKNOWN_DEPARTMENT, word, known)
            found[known[folded(word)]] = None
    return tuple(found)


def _parted(line: str, known: Mapping[str, str]) -> Iterator[str]:
    """What stands between commas; a department whose name has a comma in it stays whole."""
    parts = line.split(",")
    at = 0
    while at < len(parts):
        ends = range(len(parts), at, -1)
        end = next((e for e in ends if folded(",".join(parts[at:e])) in known), at + 1)
        word = ",".join(parts[at:end]).strip()
        if folded(word):
            yield word
        at = end


def _pairs(turn: Turn, lines: Sequence[str], stored: Values, who: Who) -> Values | Problem:
    known = _known(turn)
    before = {line: value for value, line in _lines(turn, stored).items()}
    found: dict[str, None] = {}
    for line in lines:
        pair = before.get(line) or _pair(line, known, who)
        if isinstance(pair, Problem):
            return pair
        found[pair] = None
    return tuple(found)


def _lines(turn: Turn, values: Values) -> dict[str, str]:
    """Each pair of sides as the line it is written on."""
    pairs = {value: unpacked(value) for value in values}
    ids = [side for pair in pairs.values() for side in pair if isinstance(side, int)]
    names = people.names(turn.session, ids)
    return {
        value: " – ".join(
            _on_one_line(names.get(side, "?") if isinstance(side, int) else side) for side in pair
        )
        for value, pair in pairs.items()
    }


def _pair(line: str, known: Mapping[str, str], who: Who) -> str | Problem:
    """The two sides of a line, wherever it can be cut so that both are known."""
    cuts = [*_BETWEEN.finditer(line)] or [*_HYPHEN.finditer(line)]
    first: Problem | None = None
    for cut in cuts[:MOST_CUTS]:
        parts = line[: cut.start()].strip(), line[cut.end() :].strip()
        if not all(map(folded, parts)):
            continue
        left, right = (_side(part, known, who) for part in parts)
        if isinstance(left, Problem):
            first = first or left
        elif isinstance(right, Problem):
            first = first or right
        elif left != right or isinstance(left, str):
            return packed((left, right))
    return first or Problem(Wrong.NOT_TWO_SIDES, {"word": line[:60]})


def _side(word: str, known: Mapping[str, str], who: Who) -> Side | Problem:
    if folded(word) in known:
        return known[folded(word)]
    found = who(word)
    if isinstance(found, Problem) and found.wrong is Wrong.UNKNOWN_PERSON:
        return _unknown(Wrong.UNKNOWN_SIDE, word, known)
    return found


def _unknown(wrong: Wrong, word: str, known: Mapping[str, str]) -> Problem:
    """What is known instead, the nearest first."""
    near = process.extractOne(folded(word)[:80], list(known), scorer=fuzz.ratio, score_cutoff=CLOSE)
    names = list(known.values())
    more = "…" if len(names) > MOST_NAMED else ""
    said = {
        "word": word[:60],
        "near": known[near[0]] if near else "",
        "known": ", ".join(names[:MOST_NAMED]) + more,
    }
    return Problem(wrong, said)


def _on_one_line(words: str) -> str:
    return " ".join(words.replace(";", ",").split())
