"""A lexicon with what an organisation adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.content.skills import Concept, Lexicon
from bot.content.wordforms import compared


def extended(
    base: Lexicon, own: Iterable[Concept], meanings: Mapping[str, str] | None = None
) -> Lexicon:
    """A lexicon with an organisation's own skills and words. They go before what the base says; an
    own skill with an id of the base gives that skill more words."""
    concepts, said = dict(base.concepts), dict[str, str]()
    twice = set[str]()
    for one in own:
        known = concepts.get(one.id)
        concepts[one.id] = _together(known, one) if known else one
        for word in map(compared, (*one.all_labels(), *one.abbreviations)):
            if said.setdefault(word, one.id) != one.id:
                twice.add(word)
    told = {word: id_ for word, id_ in (meanings or {}).items() if id_ in concepts}
    ours = {word: id_ for word, id_ in said.items() if word not in twice}
    return Lexicon(
        concepts.values(),
        base.ambiguous,
        meanings={**base.meanings, **ours, **told},
        real_words=base.real_words,
    )


def _together(one: Concept, more: Concept) -> Concept:
    labels = {
        language: tuple(dict.fromkeys((*one.labels.get(language, ()), *words)))
        for language, words in {**dict.fromkeys(one.labels, ()), **more.labels}.items()
    }
    short = tuple(dict.fromkeys((*one.abbreviations, *more.abbreviations)))
    return Concept(one.id, one.group, labels, short)
