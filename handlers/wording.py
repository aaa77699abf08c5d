"""The words in which people name skills: what each was taken for, and what may be doubted."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards import understood as cards
from bot.content.likely import likely
from bot.content.skills import FREE_MARK, KEPT_MARK, How, Lexicon
from bot.content.wordforms import compared
from bot.core.questions import Question, Reads, Values
from handlers.turn import Turn
from storage import dialogues, skills
from storage.models import Dialogue

Words = Mapping[str, str]  # as typed → the tag it was taken for


def lexicon(turn: Turn) -> Lexicon:
    """The lexicon of the organisation of whoever acts."""
    return skills.lexicon(turn.session, turn.person.organisation_id)


def read(turn: Turn, given: Values, stored: Values, before: Words) -> dict[str, str]:
    """Every item as it was typed and what it is taken for. What somebody decided on a word earlier
    stays decided."""
    ours = lexicon(turn)
    decided = {
        compared(ours.label(tag, turn.t.language)): tag
        for tag in stored
        if tag.startswith(KEPT_MARK) or not tag.startswith(FREE_MARK)
    }
    decided |= {
        compared(word): tag
        for word, tag in before.items()
        if tag.startswith(KEPT_MARK) or not tag.startswith(FREE_MARK)
    }
    items = dict.fromkeys(item for text in given for item in ours.split(text))
    taken = {item: decided.get(compared(item)) or ours.understand(item).tag for item in items}
    return {item: tag for item, tag in taken.items() if tag}


def of(turn: Turn, dialogue: Dialogue, question: Question) -> dict[str, str]:
    """The words of a stored answer; of one that came without words, what they are called."""
    words = dialogues.words(turn.session, dialogue, question.key)
    if words:
        return words
    values = dialogues.answers(turn.session, dialogue).get(question.key, ())
    ours = lexicon(turn)
    return {ours.label(tag, turn.t.language): tag for tag in values}


def seen(turn: Turn, words: Words) -> tuple[cards.Word, ...]:
    """Each word with what it became, as the cards show it."""
    return tuple(_seen(turn, place, *pair) for place, pair in enumerate(words.items()))


def one(turn: Turn, words: Words, place: str) -> cards.Word | None:
    """One of the words, by its place, with all that it may mean."""
    pairs = {str(number): pair for number, pair in enumerate(words.items())}
    return _seen(turn, int(place), *pairs[place], closely=True) if place in pairs else None


def _seen(turn: Turn, place: int, word: str, tag: str, *, closely: bool = False) -> cards.Word:
    ours, language = lexicon(turn), turn.t.language
    found = ours.understand(word)
    free = tag.startswith(FREE_MARK)
    doubted = tag == found.tag and found.how in (How.TYPO, How.FREE)
    near = likely(ours, word, cards.MOST_LIKELY + 1) if doubted or free or closely else ()
    others = [id_ for id_ in near if id_ != tag][: cards.MOST_LIKELY]
    return cards.Word(
        place=place,
        typed=word,
        label="" if free else ours.label(tag, language),
        guessed=doubted and found.how is How.TYPO,
        kept=tag.startswith(KEPT_MARK),
        likely=tuple((id_, ours.label(id_, language)) for id_ in others),
    )


def in_doubt(turn: Turn, question: Question, words: Words, before: Words) -> bool:
    """Whether some word that was not there before may mean something else than it was taken for."""
    if question.reads is not Reads.SKILLS:
        return False
    new = {word: tag for word, tag in words.items() if before.get(word) != tag}
    return any(word.in_doubt for word in seen(turn, new))


def note(turn: Turn, words: Words) -> str:
    """What became of the words, where that is not what they say."""
    found = seen(turn, words)
    if all(word.label.casefold() == word.typed.casefold() for word in found):
        return ""
    understood = turn.t("Understood:") + " " + turn.t.list(cards.told(w) for w in found) + "."
    return understood if all(w.label for w in found) else f"{understood} {cards.kept(turn.t)}"
