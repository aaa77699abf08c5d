"""The part of the gallery about words for skills: what was understood, and what nobody knows."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import skills, understood
from bot.core.messages import Message
from bot.texts import Translator

Sample = Callable[[Translator, str], Message]


def _word(place: int, words: str) -> understood.Word:
    """A sure one, a guess, one with likely skills, one that nobody knows, one that is kept."""
    return (
        understood.Word(place, words, "accounting"),
        understood.Word(place, words, "accounting", guessed=True, likely=(("law", words),)),
        understood.Word(place, words, "", likely=(("law", "law"), ("tax", words))),
        understood.Word(place, words, ""),
        understood.Word(place, words, "", kept=True, likely=(("law", "law"),)),
    )[place % 5]


def of_skills() -> dict[str, tuple[Sample, ...]]:
    here = (7, 3)

    def checked(t: Translator, w: str, count: int, note: str = "") -> Message:
        words = [_word(place, w) for place in range(count)]
        return understood.checked(t, title="Grow", here=here, words=words, note=note)

    def words(t: Translator, w: str, count: int, page: int) -> Message:
        lines = [skills.Line(w, 1 + number) for number in range(count)]
        undo = skills.UndoWord(w, "", page) if count else None
        note = skills.decided(t, w, w if page else "", 3)
        return skills.words(t, lines, page=page, note=note, undo=undo)

    filled = {"english": "law", "dutch": "recht"}
    return {
        "understood.checked": (
            lambda t, w: checked(t, w, 2),
            lambda t, w: checked(t, w, 12, t("Please choose which word I got wrong.")),
        ),
        "understood.one": tuple(
            lambda t, w, place=place: understood.one(
                t, here=here, question="skills_wanted", word=_word(place, w)
            )
            for place in range(5)
        ),
        "skills.words": (
            lambda t, w: words(t, w, 0, 0),
            lambda t, w: words(t, w, 3, 0),
            lambda t, w: words(t, w, 40, 2),
        ),
        "skills.same_as": (
            lambda t, w: skills.same_as(t, w, [("law", "law"), ("tax", w)], page=1),
            lambda t, w: skills.same_as(t, w, [], page=1, typed=w, error=skills.not_found(t, w)),
            lambda t, w: skills.same_as(t, w, [], page=1, error=skills.not_found(t, "")),
        ),
        "skills.our_own": (
            lambda t, w: skills.our_own(t, w, page=0, filled=filled, errors={}),
            lambda t, w: skills.our_own(
                t, w, page=0, filled={"dutch": w}, errors={"dutch": skills.taken(t, w, w)}
            ),
        ),
    }
