"""Groups and circles: how long they take, and how good they are."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from bot.matching import Profile, Rules, opening
from bot.matching.circles import circles
from bot.matching.groups import Groups, groups
from tests.matching.invented import company, equals

SEMINARS = ((200, 50), (400, 100), (1_000, 120), (1_000, 200), (2_000, 400), (3_000, 600))
CROWDS = (24, 100, 300, 1_000)
SEEDS = range(3)
Found = TypeVar("Found")


def bench_groups(say: Callable[[str], None]) -> None:
    """Processor time with the scores, the median of some invented companies, and the slowest."""
    for mentees, mentors in SEMINARS:
        companies = [company(mentees, mentors, seed) for seed in SEEDS]
        took, found = _timed(groups, companies)
        proof, opening.EXACT_UP_TO = opening.EXACT_UP_TO, 0
        try:
            briefly, quick = _timed(groups, companies)
        finally:
            opening.EXACT_UP_TO = proof
        short = max(1 - _total(b) / _total(a) for a, b in zip(found, quick, strict=True))
        say(
            f"groups {mentees:,} x {mentors:,}: {took} s, {sum(one.proven for one in found)} of "
            f"{len(found)} proven; without the proof {briefly} s, {short:.3%} below at the most"
        )
    for count in CROWDS:
        crowds = [equals(count, seed) for seed in SEEDS]
        took, sat = _timed(lambda people: circles(people, Rules(floor=0)), crowds)
        say(f"circles of {count:,}: {took} s, mean {np.mean([one.mean for one in sat]):.4f}")


def _timed(
    solve: Callable[[list[Profile]], Found], inputs: list[list[Profile]]
) -> tuple[str, list[Found]]:
    took, found = list[float](), list[Found]()
    for people in inputs:
        began = time.process_time()
        found.append(solve(people))
        took.append(time.process_time() - began)
    return f"{statistics.median(took):.2f} ({max(took):.2f})", found


def _total(found: Groups) -> float:
    return sum(sum(group.scores) for group in found.groups)
