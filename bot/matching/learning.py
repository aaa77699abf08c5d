"""Which criteria went with good matches in a programme that is over: proposed, never applied.

Pairs are few, alike (nobody is paired below the floor, so values vary little) and nobody drew lots:
this shows what went together, not what caused it. Spearman's rank correlation between a criterion's
value and how the pair went; its interval by drawing pairs again and again, ranks kept (percentile
bootstrap, Efron 1979, doi.org/10.1214/aos/1176344552). A change of weight is proposed only where
chance gives as much less often than once in twenty programmes, all criteria together (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from bot.matching.criteria import CRITERIA
from bot.matching.importance import Importance

Numbers = NDArray[np.float64]

FEWEST = 10  # pairs of which anything is said at all
ENOUGH = 30  # pairs from which a change is proposed
RESAMPLES = 2000
SURE = 0.95
SEED = 7
_STEPS = tuple(Importance)


@dataclass(frozen=True, slots=True)
class Lived:
    """A pair and how it went."""

    values: Mapping[str, float]  # criterion → value 0 … 1, where both had answered
    went: float  # 0 … 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one criterion went with."""

    criterion: str
    pairs: int  # that it could be looked at in
    together: float  # rank correlation, -1 … 1
    low: float  # the 95% interval
    high: float
    step: int  # proposed change of importance: -1, 0 or 1


def lessons(pairs: Sequence[Lived]) -> tuple[Lesson, ...]:
    """What each criterion went with, the strongest first; the same pairs give the same figures.

    Left out: criteria of fewer than FEWEST pairs and those that never vary.
    """
    columns = {c.key: _column(pairs, c.key) for c in CRITERIA}
    looked_at = {key: both for key, both in columns.items() if _varies(both)}
    found = [_lesson(key, both, len(looked_at)) for key, both in looked_at.items()]
    return tuple(sorted(found, key=lambda lesson: (-abs(lesson.together), lesson.criterion)))


def proposed(
    learned: Sequence[Lesson], importance: Mapping[str, Importance]
) -> dict[str, Importance]:
    """The importance of the criteria that the lessons would change, one step at most; none for
    what a coordinator took out of use."""
    changed = {}
    for lesson in learned:
        now = importance.get(lesson.criterion, Importance.NORMAL)
        if not lesson.step or now is Importance.NOT_USED:
            continue
        place = _STEPS.index(now) + lesson.step
        after = _STEPS[max(1, min(place, len(_STEPS) - 1))]
        if after is not now:
            changed[lesson.criterion] = after
    return changed


def _column(pairs: Sequence[Lived], criterion: str) -> Numbers:
    """Shape (2, pairs): the values of a criterion, and how those pairs went."""
    known = [(p.values[criterion], p.went) for p in pairs if criterion in p.values]
    return np.array(known, np.float64).reshape(-1, 2).T


def _varies(both: Numbers) -> bool:
    return both.shape[1] >= FEWEST and bool((np.ptp(both, axis=1) > 0).all())


def _lesson(criterion: str, both: Numbers, looked_at: int) -> Lesson:
    """A correlation with its interval, and whether it outlives that many looks."""
    from scipy.stats import rankdata  # takes as long as a fifth of starting Koppel, and few ask

    ranks = rankdata(both, axis=1)
    count = ranks.shape[1]
    even = np.full((1, count), 1 / count)
    drawn = np.random.default_rng(SEED).multinomial(count, even[0], RESAMPLES) / count
    [together], again = _together(ranks, even), _together(ranks, drawn)
    low, high = np.quantile(again, [(1 - SURE) / 2, (1 + SURE) / 2])
    sure = count >= ENOUGH and _chance(float(together), count) < (1 - SURE) / looked_at
    return Lesson(
        criterion, count, float(together), float(low), float(high), int(sure * np.sign(together))
    )


def _chance(together: float, count: int) -> float:
    """How often chance alone gives as strong a correlation (Student's t with count - 2 degrees)."""
    size = abs(together) * np.sqrt((count - 2) / max(1e-12, 1 - together**2))
    return float(2 * stdtr(count - 2, -size))


def _together(ranks: Numbers, drawn: Numbers) -> Numbers:
    """The correlation of two rows of ranks in each drawing, a row of how often each pair is in it;
    0 where one of the two does not vary."""
    apart = ranks - ranks.mean(axis=1, keepdims=True)
    means = drawn @ apart.T
    spread = drawn @ (apart**2).T - means**2
    shared = drawn @ (apart[0] * apart[1]) - means.prod(axis=1)
    size = np.sqrt(np.clip(spread, 0, None).prod(axis=1))
    found = np.divide(shared, size, out=np.zeros(len(drawn)), where=size > 1e-9)
    return np.asarray(np.clip(found, -1, 1), np.float64)
