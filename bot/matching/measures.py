"""From what two people share to a value of 0 … 1: the ways in which answers are held together.

Only operations that IEEE 754 rounds exactly (no log, no power): a pair's value is the same alone
and in a matrix. Every measure takes how many tags are shared, wanted and offered (float32, any
shapes that go together, wanted and offered at least 1).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bot.matching.overlap import Counts

Values = Counts  # float32, 0 … 1
Measure = Callable[[Counts, Counts, Counts], Values]  # (shared, wanted, offered) → values

PLENTY_OF_HOURS = np.float32(40)  # shared half-hours in a week: four hours a day; more adds nothing
TEXT_SCALE = np.float32(2.5)  # texts on one subject share few words: a cosine of 0.4 is full marks
# How well a mentor fits who is -5 … +5 bands of experience above the mentee; one to three is best.
SENIORITY_GAP = np.array([0, 0, 0, 0, 0.1, 0.4, 1, 1, 1, 0.7, 0.5], np.float32)
ONE_LANGUAGE = 0.5  # what a single common language is worth beside two or more
LANGUAGES = np.array([0, ONE_LANGUAGE, 1], np.float32)
STEPS_APART = np.array([1, 0.7, 0.3, 0], np.float32)  # on the ladder of rhythms


def covered(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """How much of what is wanted is offered; the first counts most, the k-th 1/k of it."""
    del offered
    most = int(wanted.max(initial=0))
    weights = np.float32(1) / np.arange(1, most + 1, dtype=np.float32)
    upto = np.concatenate([np.zeros(1, np.float32), np.cumsum(weights, dtype=np.float32)])
    return np.asarray(upto[shared.astype(np.intp)] / upto[wanted.astype(np.intp)], np.float32)


def alike(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """Likeness of two choices: the cosine of two sets (Ochiai 1957); ticking all does not help."""
    return np.asarray(shared / np.sqrt(wanted * offered), np.float32)


def alike_in_words(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """Likeness of two texts: a cosine stretched so that 0.4 is full marks."""
    return np.asarray(np.minimum(TEXT_SCALE * alike(shared, wanted, offered), 1), np.float32)


def met(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """Share of the shorter list that is also on the other."""
    return np.asarray(shared / np.minimum(wanted, offered), np.float32)


def different(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """The opposite of `met`: nothing in common is full marks."""
    return np.asarray(np.float32(1) - met(shared, wanted, offered), np.float32)


def several(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """One in common does, two or more are full marks."""
    del wanted, offered
    return np.asarray(LANGUAGES[np.minimum(shared, 2).astype(np.intp)], np.float32)


def plenty(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """Overlap of working hours, full from PLENTY_OF_HOURS on."""
    del wanted, offered
    return np.asarray(np.minimum(shared / PLENTY_OF_HOURS, 1), np.float32)


# On a ladder a step is given as all steps up to it, so the sizes tell where two people stand.


def above(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """How well the difference in experience suits, the mentor being the more experienced."""
    del shared
    gap = np.clip(offered - wanted, -5, 5).astype(np.intp)
    return np.asarray(SENIORITY_GAP[gap + 5], np.float32)


def below(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """`above` turned round, for reverse mentoring: the mentee is the more experienced."""
    return above(shared, offered, wanted)


def near(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """The same step of a ladder is full marks, its ends have nothing in common."""
    del shared
    apart = np.clip(np.abs(offered - wanted), 0, 3).astype(np.intp)
    return np.asarray(STEPS_APART[apart], np.float32)
