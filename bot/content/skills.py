"""The skills people name, in two languages: from their own words to a known skill, and back.

The lexicon is `skills.csv`. Its row without an id lists words that could mean several things:
those stay what the person typed, as does every word that the lexicon does not know.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from itertools import zip_longest
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.content import listed
from bot.content.listed import MOST_SKILLS
from bot.content.wordforms import (
    MOST_CHARACTERS,
    compared,
    forms,
    is_kin,
    is_slip,
    normal,
    squash,
    stem,
    tidy,
)

__all__ = [
    "MOST_CHARACTERS", "MOST_SKILLS", "Concept", "How", "Lexicon", "Understood",
    "normal", "standard",
]  # fmt: skip

FILE = Path(__file__).with_name("skills.csv")
REAL_WORDS = Path(__file__).with_name("real_words.csv")
FREE_MARK = "="  # no id starts with it, so a free word is never taken for a known skill
KEPT_MARK = "=!"  # free because the person wants it so; no free word begins with "!"
_SHORTEST_WITH_TYPO = 6
_SHORTEST_STEM = 4
_MOST_OF_A_SEED = 6
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 1024, 60  # words that were looked up, and their characters


class How(StrEnum):
    """By which step a word was understood, the surest first."""

    EXACT = "exact"
    ABBREVIATION = "abbreviation"
    SQUASHED = "squashed"  # the same but for spaces and hyphens
    STEM = "stem"
    TYPO = "typo"
    FREE = "free"  # not known: it matches only itself


@dataclass(frozen=True)
class Understood:
    """`tag` is a concept's id, or for a free word a mark and the word; "" when nothing was said."""

    tag: str
    how: How


@dataclass(frozen=True)
class Concept:
    id: str
    group: str
    labels: Mapping[str, tuple[str, ...]]  # language → labels, the one shown first
    abbreviations: tuple[str, ...]

    def all_labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(label for row in self.labels.values() for label in row))


class Lexicon:
    """Known skills, and how to find them in what people type.

    `meanings` (a word → an id) go before everything else; `real_words` are words of their own, and
    no slips of the words that they look like.
    """

    def __init__(
        self,
        concepts: Iterable[Concept],
        ambiguous: Iterable[str] = (),
        *,
        meanings: Mapping[str, str] | None = None,
        real_words: frozenset[str] = frozenset(),
    ) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self.meanings = {compared(word): id_ for word, id_ in (meanings or {}).items()}
        self.real_words = real_words
        self.ambiguous = {normal(word) for word in ambiguous} - self.meanings.keys()
        self._exact = self._index(
            (normal(label), c.id) for c in self.concepts.values() for label in c.all_labels()
        )
        self._short = self._index(
            (squash(normal(word)), c.id) for c in self.concepts.values() for word in c.abbreviations
        )
        self._words = frozenset(word for label in self._exact for word in label.split())
        # One answer is read several times, and many people say the same.
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._look_up)
        self._long = [label for label in self._exact if len(label) >= _SHORTEST_WITH_TYPO]

    def _index(self, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Key → id, without the keys that stand for several ids, unless it was said which."""
        told = {**self.meanings, **{squash(word): id_ for word, id_ in self.meanings.items()}}
        found: dict[str, str] = {}
        twice: set[str] = set()
        for key, id_ in pairs:
            if told.get(key, id_) == id_ and found.setdefault(key, id_) != id_:
                twice.add(key)
        return {key: id_ for key, id_ in found.items() if key and key not in twice}

    @cached_property
    def _steps(self) -> dict[How, dict[str, str]]:
        stems = ((stem(label), id_) for label, id_ in self._exact.items())
        return {
            How.EXACT: self._exact,
            How.ABBREVIATION: self._short,
            How.SQUASHED: self._index((squash(label), id_) for label, id_ in self._exact.items()),
            How.STEM: self._index(pair for pair in stems if len(pair[0]) >= _SHORTEST_STEM),
        }

    def lay_out(self) -> None:
        """Make now what the first words to be understood would otherwise wait for."""
        _ = self._steps

    def understand(self, words: str) -> Understood:
        """The known skill that these words name, or the words themselves as a free tag."""
        tidied = tidy(words)
        short = len(tidied) <= _LONGEST_REMEMBERED
        return self._remembered(tidied) if short else self._look_up(tidied)

    def _look_up(self, tidied: str) -> Understood:
        if not tidied:
            return Understood("", How.FREE)
        typed = forms(tidied) or (compared(tidied),)
        found = self._surely(typed) or self._nearly(typed)
        return found or Understood(FREE_MARK + tidy(tidied.casefold()), How.FREE)

    def means(self, words: str) -> str:
        """The id of the skill of which these words are a label or an abbreviation, or ""."""
        key = normal(words)
        return self.meanings.get(key) or self._exact.get(key) or self._short.get(squash(key), "")

    def kept(self, words: str) -> str:
        """The tag for words that somebody wants to stay their own."""
        return KEPT_MARK + tidy(tidy(words).casefold())

    def counts_as(self, tag: str) -> str:
        """What a tag from an earlier day means today: a free word may have become a known skill.

        What somebody wanted to keep changes only where the organisation itself decided on the word;
        a guess at a slip of the pen never changes anything.
        """
        if not tag.startswith(FREE_MARK):
            return tag
        words = self.label(tag, "en")
        said = self.meanings.get(compared(words))
        if said or tag.startswith(KEPT_MARK):
            return said or FREE_MARK + words
        found = self._surely(forms(words))
        return found.tag if found else tag

    @cached_property
    def sayings(self) -> dict[str, str]:
        """Every label as it is compared, and the id it stands for."""
        return dict(self._exact)

    def label(self, tag: str, language: str) -> str:
        """The words for a tag; a free tag is what the person typed, in lower case."""
        concept = self.concepts.get(tag)
        if concept is None:
            return tag.removeprefix(KEPT_MARK).removeprefix(FREE_MARK)
        labels = concept.labels.get(language) or concept.labels.get("en") or concept.all_labels()
        return labels[0] if labels else tag

    def split(self, text: str) -> list[str]:
        """The skills in a list that somebody typed, at most MOST_SKILLS, each tidied."""
        return listed.split(text, self._knows)

    def read(self, text: str) -> tuple[Understood, ...]:
        """Everything that a typed list names, each tag once, in order."""
        found = (self.understand(item) for item in self.split(text))
        return tuple({one.tag: one for one in found if one.tag}.values())

    def suggest(self, n: int, seed: Iterable[str] = ()) -> tuple[str, ...]:
        """Tags to show under the question: near the seeds (a job, a department, known skills)
        first, then the most general skill of each group. A seed itself is not among them."""
        known, near = self._groups_of(seed)
        first = (c.id for name in near for c in self.group(name)[:_MOST_OF_A_SEED])
        groups = dict.fromkeys(concept.group for concept in self.concepts.values())
        ranks = zip_longest(*map(self.group, groups))
        rest = (concept.id for rank in ranks for concept in rank if concept)
        return tuple(id_ for id_ in dict.fromkeys((*first, *rest)) if id_ not in known)[: max(0, n)]

    def group(self, name: str) -> tuple[Concept, ...]:
        """The concepts of one group, the most general first."""
        return tuple(concept for concept in self.concepts.values() if concept.group == name)

    def _surely(self, typed: tuple[str, ...]) -> Understood | None:
        if typed and typed[0] in self.meanings:
            return Understood(self.meanings[typed[0]], How.EXACT)
        if self.ambiguous.intersection(typed[:1]):
            return None
        for form in typed:
            keys = (form, squash(form), squash(form), stem(form))
            for (how, index), key in zip(self._steps.items(), keys, strict=True):
                if key in index and (how is not How.STEM or self._is_of(index[key], form)):
                    return Understood(index[key], how)
        return None

    def _is_of(self, id_: str, form: str) -> bool:
        """Whether a form may be about the skill whose stem it has."""
        labels = map(normal, self.concepts[id_].all_labels())
        alike = (label for label in labels if stem(label) == stem(form))
        return form not in self.real_words and any(is_kin(form, label) for label in alike)

    def _nearly(self, typed: tuple[str, ...]) -> Understood | None:
        if self.ambiguous.intersection(typed[:1]):
            return None
        for form in typed:
            close = process.extract(
                form, self._long, scorer=OSA.distance, score_cutoff=2, limit=None
            )
            near = [
                (edits, self._exact[label])
                for label, edits, _ in close
                if is_slip(form, label) and not self._is_another(form, label)
            ]
            ids = {id_ for edits, id_ in near if edits == min(near)[0]}
            if len(ids) == 1:
                return Understood(ids.pop(), How.TYPO)
        return None

    def _is_another(self, form: str, label: str) -> bool:
        """Whether a word in the form is a word of its own, and not a slip of the one in the label."""
        pairs = zip(form.split(), label.split(), strict=True)
        known = self.real_words, self._words
        return any(t != meant and any(t in words for words in known) for t, meant in pairs)

    def _knows(self, words: str) -> bool:
        return self.understand(words).how not in (How.FREE, How.TYPO)

    def _groups_of(self, seed: Iterable[str]) -> tuple[set[str], list[str]]:
        known: set[str] = set()
        near: dict[str, None] = {}
        for words in seed:
            tidied = tidy(words)
            for part in (tidied, *tidied.split()):
                found = self.understand(part)
                concept = self.concepts.get(found.tag)
                if concept and found.how is not How.TYPO:
                    near.setdefault(concept.group)
                    known |= {found.tag} if part == tidied else set()
        return known, list(near)


@cache
def standard(path: Path = FILE) -> Lexicon:
    """The lexicon that comes with the product."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    concepts, ambiguous = [], []
    for row in rows:
        labels = {
            language: tuple(filter(None, row[language].split("|"))) for language in ("en", "nl")
        }
        short = tuple(filter(None, row["abbreviations"].split("|")))
        if row["id"]:
            concepts.append(Concept(row["id"], row["group"], labels, short))
        else:
            ambiguous += [*labels["en"], *labels["nl"], *short]
    real_words = frozenset(REAL_WORDS.read_text("utf-8").split()[1:])
    return Lexicon(concepts, ambiguous, real_words=real_words)
