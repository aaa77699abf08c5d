"""How much a criterion counts, in words a coordinator chooses, and what that comes to in figures."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.matching.criteria import CRITERIA
from bot.matching.scores import weights_used

TENTHS = 1000  # tenths of a percent in the whole


class Importance(StrEnum):
    """From least to most; what is not chosen is NORMAL."""

    NOT_USED = "not_used"
    A_LITTLE = "a_little"
    NORMAL = "normal"
    IMPORTANT = "important"
    VERY_IMPORTANT = "very_important"


FACTORS: Mapping[Importance, float] = {
    Importance.NOT_USED: 0,
    Importance.A_LITTLE: 0.5,
    Importance.NORMAL: 1,
    Importance.IMPORTANT: 2,
    Importance.VERY_IMPORTANT: 4,
}


def weights_of(importance: Mapping[str, Importance]) -> dict[str, float]:
    """What `Rules.weights` takes: the default weight of each criterion times its factor.

    Criteria that are not named are NORMAL. Raises ValueError for a name that is no criterion.
    """
    unknown = importance.keys() - {criterion.key for criterion in CRITERIA}
    if unknown:
        raise ValueError(f"no such criterion: {', '.join(sorted(unknown))}")
    return {
        criterion.key: criterion.weight * FACTORS[importance.get(criterion.key, Importance.NORMAL)]
        for criterion in CRITERIA
    }


def shares(importance: Mapping[str, Importance]) -> dict[str, float]:
    """What part of a score each criterion makes up, in percent with one decimal; together 100.0.

    Every criterion is named, unused ones with 0.0. What rounding leaves over goes to the largest
    remainders (Hamilton's method). Raises ValueError for a name that is no criterion, and when
    nothing is left.
    """
    used = weights_used(weights_of(importance))
    exact = {key: weight * TENTHS for key, weight in used.items()}
    tenths = {key: int(part) for key, part in exact.items()}
    by_remainder = sorted(exact, key=lambda key: tenths[key] - exact[key])
    for key in by_remainder[: TENTHS - sum(tenths.values())]:
        tenths[key] += 1
    return {criterion.key: tenths.get(criterion.key, 0) / 10 for criterion in CRITERIA}
