"""Words that people used for skills and nobody knows: a coordinator says what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.actions import Action
from bot.core.markup import escape
from bot.core.messages import Ask, Heading, Message, Note, Part, Rule, Style, Text, button
from bot.texts import Translator

ON_A_PAGE = 8
LONGEST_WORD = 80
FIELDS = ("english", "dutch", "others", "abbreviations")


@dataclass(frozen=True)
class ShowWords(Action):
    page: int


@dataclass(frozen=True)
class SameSkill(Action):
    """Ask which known skill a word is."""

    word: str
    page: int


@dataclass(frozen=True)
class ThisSkill(Action):
    """A word is this skill; without a key the one that is typed in the field «skill»."""

    word: str
    key: str
    page: int


@dataclass(frozen=True)
class OurOwn(Action):
    """Ask what a skill of the organisation's own is called."""

    word: str
    page: int


@dataclass(frozen=True)
class AddOwn(Action):
    word: str
    page: int


@dataclass(frozen=True)
class LeaveWord(Action):
    word: str
    page: int


@dataclass(frozen=True)
class UndoWord(Action):
    """The word is nobody's again, and the skill that was made for it is gone."""

    word: str
    own: str  # the key of that skill, if there is one
    page: int


@dataclass(frozen=True)
class Line:
    """A word, and how many people used it; never who."""

    word: str
    people: int


def words(
    t: Translator, lines: Sequence[Line], *, page: int, note: str = "", undo: UndoWord | None = None
) -> Message:
    """One page of the list, the most used first."""
    title = t("Words for skills that I do not know")
    pages = max(1, -(-len(lines) // ON_A_PAGE))
    page = max(0, min(page, pages - 1))
    parts: list[Part] = [Note(note)] if note else []
    if undo:
        parts.append(button(t("Undo"), undo))
    parts.append(Heading(title))
    if not lines:
        parts.append(Text(t("There are none: I know every word that people used.")))
        return Message(title, tuple(parts))
    parts.append(
        Note(
            t(
                "What you decide here counts for everyone in your organisation, also for what people"
                " told me before. Their own words stay as they wrote them."
            )
        )
    )
    for line in lines[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]:
        parts += _line(t, line, page)
    return Message(title, (*parts, *_turning(t, page, pages)))


def _line(t: Translator, line: Line, page: int) -> list[Part]:
    used = t.plural("{n} person", "{n} people", line.people)
    return [
        Text(f"**{escape(line.word)}** · {used}"),
        button(t("The same as…"), SameSkill(line.word, page)),
        button(t("A skill of our own…"), OurOwn(line.word, page)),
        button(t("Leave it"), LeaveWord(line.word, page)),
    ]


def _turning(t: Translator, page: int, pages: int) -> list[Part]:
    if pages == 1:
        return []
    parts: list[Part] = [Rule(), Note(t("page {page} of {pages}", page=page + 1, pages=pages))]
    if page:
        parts.append(button(t("Previous"), ShowWords(page - 1)))
    if page + 1 < pages:
        parts.append(button(t("Next"), ShowWords(page + 1), Style.PRIMARY))
    return parts


def same_as(
    t: Translator,
    word: str,
    likely: Sequence[tuple[str, str]],
    *,
    page: int,
    typed: str = "",
    error: str = "",
) -> Message:
    """Which skill is it? The likely ones (id, label) as buttons, any other by typing."""
    title = t("Which skill is “{word}”?", word=word)
    parts: list[Part] = [Heading(title)]
    parts += [button(escape(label), ThisSkill(word, id_, page)) for id_, label in likely]
    parts.append(Ask("skill", t("Another skill"), value=(typed,) if typed else (), error=error))
    parts.append(button(t("The same as this"), ThisSkill(word, "", page), Style.PRIMARY))
    parts.append(button(t("Back"), ShowWords(page)))
    return Message(title, tuple(parts))


def our_own(
    t: Translator,
    word: str,
    *,
    page: int,
    filled: Mapping[str, str],
    errors: Mapping[str, str],
) -> Message:
    """What a skill of the organisation's own is called."""
    title = t("A skill of our own")
    labels = {
        "english": t("What is it called in English?"),
        "dutch": t("What is it called in Dutch?"),
        "others": t("Other words for it, with commas in between (optional)"),
        "abbreviations": t("Abbreviations, with commas in between (optional)"),
    }
    asks = [
        Ask(
            name,
            labels[name],
            value=(filled[name],) if filled.get(name) else (),
            error=errors.get(name, ""),
        )
        for name in FIELDS
    ]
    return Message(
        title,
        (
            Heading(title),
            Note(
                t("One of the two languages is enough. “{word}” will mean this skill.", word=word)
            ),
            *asks,
            button(t("Save"), AddOwn(word, page), Style.PRIMARY),
            button(t("Cancel"), ShowWords(page)),
        ),
        form=True,
    )


def decided(t: Translator, word: str, label: str, people: int) -> str:
    """«“IFRS” now counts as financial reporting, for 3 people.»"""
    if not label:
        return t("“{word}” stays as people wrote it. I will not ask about it again.", word=word)
    return t.plural(
        "From now on “{word}” counts as “{skill}”, for {n} person.",
        "From now on “{word}” counts as “{skill}”, for {n} people.",
        people,
        word=word,
        skill=label,
    )


def forgotten(t: Translator, word: str) -> str:
    return t("“{word}” is on the list again.", word=word)


def not_found(t: Translator, typed: str) -> str:
    """What is wrong with a skill that somebody typed."""
    if not typed:
        return t("Please fill in the skill, or choose one above.")
    return t("I do not know “{skill}”. Is it a skill of your own?", skill=typed[:60])


def taken(t: Translator, word: str, skill: str) -> str:
    return t("“{word}” is already a word for “{skill}”.", word=word[:60], skill=skill)
