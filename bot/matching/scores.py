"""How well people fit: the criteria's values, weighed and added up.

A score is a sum of points, one lot per criterion. Points are whole multiples of GRAIN, so every sum
of them is exact in float32 and float64, in any order: the matrix the solver sees and the
explanation people read agree to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.criteria import CRITERIA, EVERY
from bot.matching.measures import Values
from bot.matching.people import Profile, Rules

Scores = NDArray[np.float32]  # 0 … 1

GRAIN = 2.0**-16  # the smallest difference between two scores, 0.000015


def weights_used(weights: Mapping[str, float]) -> dict[str, float]:
    """Each criterion's share of the whole, in GRAINs that add up to 1; unused ones left out.

    `weights` overrides the default weights; only their proportions matter. Raises ValueError for a
    name that is no criterion, a weight that is negative or not a number, or when nothing is left.
    """
    unknown = weights.keys() - {criterion.key for criterion in CRITERIA}
    if unknown:
        raise ValueError(f"no such criterion: {', '.join(sorted(unknown))}")
    chosen = {c.key: weights.get(c.key, c.weight) for c in CRITERIA}
    if not all(0 <= weight < float("inf") for weight in chosen.values()):
        raise ValueError("a weight is negative or not a number")
    total = sum(chosen.values())
    if not total:
        raise ValueError("every criterion has weight 0")
    grains = {key: round(weight / total / GRAIN) for key, weight in chosen.items()}
    heaviest = max(grains, key=grains.__getitem__)
    grains[heaviest] += round(1 / GRAIN) - sum(grains.values())
    return {key: count * GRAIN for key, count in grains.items() if count}


def weights_in(rules: Rules) -> dict[str, float]:
    """The shares of a round: `weights_used`, with what a rule turns round in its own name."""
    turned = {"function_sector": rules.other_function, "seniority": rules.reverse}
    standing_in = {c.instead_of: c.key for c in EVERY if turned.get(c.instead_of)}
    used = weights_used(rules.weights)
    return {standing_in.get(key, key): share for key, share in used.items()}


def points(values: Values, weight: float) -> Values:
    """Values times their weight, to the nearest GRAIN: float32, the shape of `values`."""
    grains = np.rint(values * np.float32(weight / GRAIN))
    return np.asarray(grains * np.float32(GRAIN), np.float32)


def score_matrix(
    mentees: Sequence[Profile], mentors: Sequence[Profile], weights: Mapping[str, float]
) -> Scores:
    """The score of everybody with everybody: float32 0 … 1, shape (mentees, mentors).

    `weights` as `weights_in` gives them. No hard rule is looked at. Memory: about 8 bytes a cell
    while working.
    """
    total = np.zeros((len(mentees), len(mentors)), np.float32)
    for criterion in EVERY:
        if criterion.key in weights:
            total += points(criterion.values(mentees, mentors), weights[criterion.key])
    return total
