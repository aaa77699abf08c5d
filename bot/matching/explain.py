"""Why two people were put together: what each criterion gave and what shows it; cards word it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from bot.matching.criteria import EVERY, Criterion
from bot.matching.people import Profile
from bot.matching.scores import points

NEUTRAL = {criterion.key: criterion.neutral for criterion in EVERY}


class Contribution(NamedTuple):
    """One criterion's part of a score."""

    criterion: str  # key in EVERY
    value: float  # 0 … 1
    weight: float  # share of the whole; the weights used add up to 1
    points: float  # weight times value; a pair's points add up to its score, exactly
    evidence: tuple[str, ...] = ()  # tags, words; hours: half-hours; seniority: bands
    answered: bool = True  # False: one of the two said nothing; the value is neutral


def explain(
    mentees: Sequence[Profile], mentors: Sequence[Profile], weights: Mapping[str, float]
) -> list[tuple[Contribution, ...]]:
    """The contributions of each pair mentees[k], mentors[k], in the order of EVERY.

    `weights` as `weights_in` gives them. Raises ValueError when the two are not equally long.
    """
    used = [criterion for criterion in EVERY if criterion.key in weights]
    columns = [_column(criterion, mentees, mentors, weights[criterion.key]) for criterion in used]
    return list(zip(*columns, strict=True)) if columns else [() for _ in mentees]


def _column(
    criterion: Criterion, mentees: Sequence[Profile], mentors: Sequence[Profile], weight: float
) -> list[Contribution]:
    """Made once for all who said the same to each other."""
    said = list(criterion.said(mentees, mentors))
    different = list(dict.fromkeys(said))
    judged = criterion.judged(different)
    values, given = judged.values.tolist(), points(judged.values, weight).tolist()
    shown = judged.evidence, judged.answered
    made = map(Contribution, repeat(criterion.key), values, repeat(weight), given, *shown)
    of = dict(zip(different, made, strict=True))
    return [of[both] for both in said]


def score_of(contributions: Sequence[Contribution]) -> float:
    """The score, 0 … 1: the sum of the points, exact in any order."""
    return sum((contribution.points for contribution in contributions), 0.0)


def reasons(contributions: Sequence[Contribution], most: int = 3) -> tuple[Contribution, ...]:
    """The strongest few worth saying: answered, shown, and better than between two strangers.

    Most points first; () when nothing is worth saying.
    """
    worth_saying = [
        c for c in contributions if c.answered and c.evidence and c.value > NEUTRAL[c.criterion]
    ]
    return tuple(sorted(worth_saying, key=lambda c: (-c.points, c.criterion))[:most])
