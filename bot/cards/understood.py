"""What the bot made of the words in which somebody named skills, and how they set it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.questions import Back, Recheck, Step, Stop
from bot.core.markup import escape
from bot.core.messages import Ask, Button, Heading, Kind, Message, Note, Part, Style, Text, button
from bot.texts import Translator

MOST_DOUBTS = 3  # words with buttons of their own on one card
MOST_LIKELY = 3  # skills to choose from for one word
WHICH = "which"  # the field that names another word


@dataclass(frozen=True)
class AsMeant(Step):
    """That is what I meant: go on."""


@dataclass(frozen=True)
class Mean(Step):
    """This word means that skill."""

    place: int
    tag: str


@dataclass(frozen=True)
class KeepWord(Step):
    """No: this word stays as I wrote it."""

    place: int


@dataclass(frozen=True)
class LookAtWord(Step):
    """Set right the word chosen in the field «which»."""


@dataclass(frozen=True)
class Word:
    """One thing that somebody typed."""

    place: int  # among all the words of the answer
    typed: str
    label: str  # of the skill it was taken for; "" when it stays as it is
    guessed: bool = False  # the spelling was nearly right
    kept: bool = False  # the person wants it as it is
    likely: tuple[tuple[str, str], ...] = ()  # (id, label) of what it may mean instead

    @property
    def in_doubt(self) -> bool:
        return not self.kept and (self.guessed or (not self.label and bool(self.likely)))


def told(word: Word) -> str:
    """«boekhouden → accounting ✓» (mark-up)."""
    if not word.label:
        return f"“{escape(word.typed)}”"
    if word.label.casefold() == word.typed.casefold():
        return f"{escape(word.label)} ✓"
    sure = "?" if word.guessed else "✓"
    return f"{escape(word.typed)} → {escape(word.label)} {sure}"


def checked(
    t: Translator, *, title: str, here: tuple[int, int], words: Sequence[Word], note: str = ""
) -> Message:
    """Each word with what it became; beside the doubtful ones what else it may be."""
    asked = t("This is what I understood")
    parts: list[Part] = [Note(note)] if note else []
    parts += [Note(title), Heading(asked), Text("\n".join(f"• {told(word)}" for word in words))]
    if any(not word.label for word in words):
        parts.append(Note(kept(t)))
    doubts = [word for word in words if word.in_doubt][:MOST_DOUBTS]
    for word in doubts:
        parts += [Text(_doubt(t, word)), *_choices(t, here, word)]
    how = t("Type “yes” to go on, “no” to keep your own words, or a skill to add to these.")
    parts += [Note(how), button(t("That is right, go on"), AsMeant(*here), Style.PRIMARY)]
    parts += [button(t("Back"), Back(*here)), button(t("Stop for now"), Stop(*here))]
    others = [word for word in words if word not in doubts]
    if others:
        label = t("Another word that I got wrong")
        options = tuple((str(word.place), told(word)) for word in others)
        parts += [
            Ask(WHICH, label, Kind.CHOICE, options),
            button(t("Change this word"), LookAtWord(*here)),
        ]
    return Message(asked, tuple(parts))


def one(t: Translator, *, here: tuple[int, int], question: str, word: Word) -> Message:
    """One word, with everything that it may mean."""
    asked = t("What do you mean by “{word}”?", word=word.typed)
    return Message(
        asked,
        (
            Heading(asked),
            Text(f"• {told(word)}"),
            *([] if word.label else [Note(kept(t))]),
            *_choices(t, here, word),
            button(t("Leave it like this"), Recheck(*here, question)),
        ),
    )


def kept(t: Translator) -> str:
    """What happens with words that nobody knows, and who sees them."""
    return t(
        "What stands in quotes I do not know yet. It stays as you wrote it; the coordinators see the"
        " word, not who wrote it."
    )


def _doubt(t: Translator, word: Word) -> str:
    if word.guessed:
        return t("Is “{word}” the same as “{skill}”?", word=word.typed, skill=word.label)
    return t("Does “{word}” mean one of these?", word=word.typed)


def _choices(t: Translator, here: tuple[int, int], word: Word) -> list[Button]:
    likely = [
        button(escape(label), Mean(*here, word.place, id_), Style.PLAIN)
        for id_, label in word.likely
    ]
    keep = t("No, keep “{word}”", word=word.typed)
    return [*likely, *([] if word.kept else [button(keep, KeepWord(*here, word.place))])]
