"""Which known skills somebody may have meant: three to choose from, never a judgement."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.content import semantic
from bot.content.skills import Lexicon
from bot.content.wordforms import normal, tidy

MOST = 3
_NEAR = 74  # of 100; below this a spelling is no likeness
_LOOKED_AT = 30


def likely(lexicon: Lexicon, words: str, most: int = MOST) -> tuple[str, ...]:
    """The ids of known skills near these words, the nearest first: by meaning where the model is
    installed and has been read, and else by spelling."""
    spelt = _spelt(lexicon, normal(tidy(words)))
    meant = semantic.nearest(lexicon, tidy(words), most) if spelt is not None else ()
    both = (*((spelt or ())[:1] if not meant else ()), *meant, *(spelt or ()))
    return tuple(dict.fromkeys(both))[:most]


@lru_cache(maxsize=4096)
def _spelt(lexicon: Lexicon, form: str) -> tuple[str, ...] | None:
    """Near by spelling; None where there is nothing to compare."""
    if len(form) < 3 or not any(map(str.isalpha, form)):
        return None
    hits = process.extract(
        form,
        tuple(lexicon.sayings),
        scorer=fuzz.token_sort_ratio,
        score_cutoff=_NEAR,
        limit=_LOOKED_AT,
    )
    return tuple(dict.fromkeys(lexicon.sayings[saying] for saying, _, _ in hits))
