"""One criterion, one pair: how it is judged."""

from __future__ import annotations

from typing import Any

from bot.matching import CRITERIA, Contribution, Profile, Rules, score_pair
from tests.matching.crowd import mentee, mentor

BY_KEY = {criterion.key: criterion for criterion in CRITERIA}


def judged(key: str, mentee: Profile, mentor: Profile, rules: Rules | None = None) -> Contribution:
    _, contributions = score_pair(mentor, mentee, rules)
    return next(c for c in contributions if c.criterion == key)


def value(
    key: str, wants: dict[str, Any], offers: dict[str, Any], rules: Rules | None = None
) -> float:
    return judged(key, mentee(1, **wants), mentor(2, **offers), rules).value
