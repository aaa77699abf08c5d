"""Skills to choose from: by spelling, and by meaning where the extra is there."""

from __future__ import annotations

import numpy as np
import pytest

from bot.content import likely, semantic, skills
from bot.content.extending import extended
from bot.content.semantic import Vectors
from bot.content.skills import Concept, Lexicon


class Letters:
    """A model that finds meaning in the letters a word has."""

    def query(self, texts: str) -> Vectors:
        counts = np.array([texts.casefold().count(chr(97 + n)) for n in range(26)], np.float32)
        return counts / max(1.0, float(np.linalg.norm(counts)))

    def passage(self, texts: list[str]) -> Vectors:
        return np.stack([self.query(text) for text in texts])


def small() -> Lexicon:
    own = [
        Concept(word, "x", {"en": (word,), "nl": ()}, ())
        for word in ("listen", "gardening", "welding", "law")
    ]
    return Lexicon(own)


def test_without_the_extra_likely_skills_are_spelt_nearly_so() -> None:
    lexicon = skills.standard()
    assert "negotiating" in likely.likely(lexicon, "onderhandelstijlen")
    assert len(likely.likely(lexicon, "managementvaardigheden in projecten")) <= 3
    for nothing in ("", "🎉🎉", "=1+1", "x", "مهارات"):
        assert likely.likely(lexicon, nothing) == ()


def test_with_the_extra_they_mean_nearly_so_once_the_labels_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(semantic, "installed", lambda: True)
    monkeypatch.setattr(semantic, "model", Letters)
    semantic._meaning.cache_clear()
    lexicon = small()
    semantic.shelf(lexicon).reading.join(10)
    assert likely.likely(lexicon, "silent")[0] == "listen"
    assert lexicon.understand("silent").tag == "=silent"  # it suggests, and never judges
    semantic._meaning.cache_clear()
    semantic._READ.clear()


def test_a_model_that_cannot_be_loaded_leaves_the_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantic, "installed", lambda: True)
    monkeypatch.setattr(semantic, "model", lambda: None)
    lexicon = small()
    semantic.shelf(lexicon).reading.join(10)
    assert likely.likely(lexicon, "gardeningg")[0] == "gardening"


def test_an_organisations_words_go_before_the_lexicons() -> None:
    base = skills.standard()
    ours = extended(
        base,
        [
            Concept("sluices", "own", {"en": ("sluices",), "nl": ("sluizen",)}, ("PM",)),
            Concept("accounting", "own", {"nl": ("kasboeken",)}, ()),
            Concept("one", "own", {"en": ("double",)}, ()),
            Concept("two", "own", {"en": ("double",)}, ()),
        ],
        {"zwaardvechten": "sluices", "gone": "no-such-skill", "🎉": "sluices"},
    )
    assert ours.understand("PM").tag == "sluices"  # ambiguous in the lexicon
    assert ours.understand("Zwaardvechten").tag == ours.understand("🎉").tag == "sluices"
    assert ours.understand("kasboeken").tag == ours.understand("boekhouden").tag == "accounting"
    assert ours.understand("double").tag == "=double"  # a label of two skills
    assert ours.understand("gone").tag == "=gone"
    assert ours.label("one", "nl") == "double"
    assert ours.counts_as("=sluizen") == "sluices"
    assert ours.counts_as("=!boekhouden") == "=boekhouden"
    assert ours.counts_as("=!zwaardvechten") == "sluices"
    assert base.understand("sluizen").how is skills.How.FREE
