"""From words to the things they name: skills and colleagues; and back to words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from bot.cards import questions as cards
from bot.core.answers import Problem, Wrong, read
from bot.core.markup import escape
from bot.core.questions import Question, Reads, Values
from handlers import sides, wording
from handlers.turn import Turn
from handlers.wording import Words
from storage import people
from storage.people import Colleague

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Stored:
    """An earlier answer, and the words that it was read from."""

    values: Values = ()
    words: Words = field(default_factory=dict)


def answer(
    turn: Turn, question: Question, given: Values, stored: Stored, *, typed: bool
) -> Values | Problem:
    """The answer that is meant; words that stood in the field and come back are the same answer."""
    if stored.values and not question.choices and given == shown(turn, question, stored):
        return stored.values
    found = read(question, given, typed=typed, today=turn.today)
    return found if isinstance(found, Problem) else _resolve(turn, question, found, stored)


def words(turn: Turn, question: Question, given: Values, stored: Stored) -> Words:
    """What was typed in an answer that will do, word by word, and what each was taken for."""
    if question.reads is not Reads.SKILLS:
        return {}
    if stored.values and given == shown(turn, question, stored):
        return stored.words
    return wording.read(turn, given, stored.values, stored.words)


def _resolve(turn: Turn, question: Question, values: Values, stored: Stored) -> Values | Problem:
    """Bring words to known skills (free words stay as they are), to colleagues or departments."""
    if question.reads in sides.SIDES:
        return sides.read(turn, question, values[0], stored.values, _one_of(turn))
    if question.reads is Reads.SKILLS:
        tags = dict.fromkeys(wording.read(turn, values, stored.values, stored.words).values())
        if len(tags) > question.max_chosen:
            counted = {"limit": str(question.max_chosen), "count": str(len(tags))}
            return Problem(Wrong.TOO_MANY, counted)
        return tuple(tags) or Problem(Wrong.EMPTY)
    if question.reads is Reads.PEOPLE:
        return colleagues(turn, values)
    return values


def colleagues(turn: Turn, values: Values) -> Values | Problem:
    """The people of the organisation whom words name, as ids."""
    known = people.colleagues(turn.session, turn.person)
    found: list[str] = []
    for word in values:
        one = _called(word, known)
        if isinstance(one, Problem):
            return one
        found.append(str(one))
    return tuple(dict.fromkeys(found))


def _called(word: str, known: Sequence[Colleague]) -> int | Problem:
    """The one colleague whom a word names."""
    fitting = _fitting(word, known)
    if not fitting:
        return Problem(Wrong.UNKNOWN_PERSON, {"word": word[:60]})
    if len(fitting) > 1:
        names = ", ".join(map(_told_apart, fitting[:4]))
        return Problem(Wrong.SEVERAL_PEOPLE, {"word": word[:60], "names": names})
    return fitting[0].id


def _one_of(turn: Turn) -> sides.Who:
    """Finds colleagues, and whoever asks; they are read from the database once, when needed."""
    known: list[Colleague] = []

    def who(word: str) -> int | Problem:
        if not known:
            about = turn.person.department
            known.append(Colleague(turn.person.id, turn.person.name, about))
            known.extend(people.colleagues(turn.session, turn.person))
        return _called(word, known)

    return who


def _told_apart(one: Colleague) -> str:
    return f"{one.name} ({one.about})" if one.about else one.name


def _fitting(word: str, known: Sequence[Colleague]) -> list[Colleague]:
    """The colleagues somebody may mean: the whole name, else a part of it, else the name and where
    they work, else close spelling."""
    folded = _folded(word.strip().lstrip("@"))
    meant = set(_WORD.findall(folded))
    if not meant:
        return []
    called = {one.id: set(_WORD.findall(_folded(one.name))) for one in known}
    at_work = {one.id: called[one.id] | set(_WORD.findall(_folded(one.about))) for one in known}
    return (
        [one for one in known if _folded(one.name) == folded]
        or [one for one in known if meant <= called[one.id]]
        or [one for one in known if meant <= at_work[one.id] and meant & called[one.id]]
        or _close(folded, known)
    )


def _close(folded: str, known: Sequence[Colleague]) -> list[Colleague]:
    names = {place: _folded(one.name) for place, one in enumerate(known)}
    hits = process.extract(folded[:80], names, scorer=fuzz.ratio, score_cutoff=85, limit=3)
    return [known[place] for _, _, place in hits]


def _folded(name: str) -> str:
    """For comparing: no capitals, no accents."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def names(turn: Turn, question: Question, values: Values) -> Mapping[str, str]:
    """Words for stored values that are tags or ids."""
    if question.reads in sides.SIDES:
        return sides.words(turn, question, values)
    if question.reads is Reads.SKILLS and values:
        lexicon = wording.lexicon(turn)
        return {value: lexicon.label(value, turn.t.language) for value in values}
    if question.reads is Reads.PEOPLE:
        ids = [int(value) for value in values]
        return {str(id_): name for id_, name in people.names(turn.session, ids).items()}
    return {}


def told(turn: Turn, question: Question, values: Values) -> str:
    """A stored answer as mark-up in the reader's language."""
    return cards.told(turn.t, question, values, names(turn, question, values))


def shown(turn: Turn, question: Question, stored: Stored) -> Values:
    """A stored answer as it stands in the field when somebody comes back to it: as they typed it,
    where that is known."""
    if question.reads in sides.SIDES:
        return sides.shown(turn, question, stored.values)
    if stored.words:
        return (", ".join(stored.words),)
    called = names(turn, question, stored.values)
    if not called:
        return stored.values
    return (", ".join(called.get(value, value) for value in stored.values),)


def note(turn: Turn, question: Question, given: Values, found: Values, typed: Words) -> str:
    """«Understood: boekhouden → accounting ✓», where the bot read something into words."""
    if question.reads is Reads.SKILLS:
        return wording.note(turn, typed)
    unread = question.reads in (Reads.AS_TYPED, Reads.LIST)
    if unread or given == shown(turn, question, Stored(found)):
        return ""
    called = names(turn, question, found)
    if {w.casefold() for w in called.values()} == {g.strip().casefold() for g in given}:
        return ""
    items = turn.t.list(escape(called.get(value, value)) for value in found)
    return turn.t("Understood:") + f" {items}."
