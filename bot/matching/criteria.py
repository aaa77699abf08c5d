"""What makes two people fit: one entry per criterion, with its weight, measure and evidence.

A criterion compares what a mentee wants with what a mentor offers, as two sets of tags, and gives
0 … 1. To add one, add an entry to EVERY. Gender, age and performance are no criteria, here or
anywhere.

The weights (they add up to 1) follow what is known: skills and goals are what people come for;
likeness in values, attitudes and personality goes with the mentee's view of the relationship
at a correlation of .38 to .59 (Eby et al. 2013, doi.org/10.1037/a0029279); distance in time zones
did not lower graduation in Open Life Science's cohorts, so hours weigh little. More: docs/matching.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching import answers
from bot.matching.answers import Evidence
from bot.matching.measures import (
    ONE_LANGUAGE,
    Measure,
    Values,
    above,
    alike,
    alike_in_words,
    below,
    covered,
    different,
    met,
    near,
    plenty,
    several,
)
from bot.matching.overlap import Counts, Tags, shared, sizes
from bot.matching.people import Profile


@dataclass(frozen=True)
class Strand:
    """One question to the mentee held against one question to the mentor.

    `neutral` counts when either side did not answer. It is about what two people picked at random
    get who both answered, so silence neither wins nor loses. (Sharing the weights out over what both
    answered would let one lucky answer score 1, and no longer be a plain sum over criteria.)
    """

    wanted: Callable[[Profile], Tags]  # of a mentee
    offered: Callable[[Profile], Tags]  # of a mentor
    measure: Measure
    neutral: float
    evidence: Evidence = answers.shared_tags

    def sides(
        self, mentees: Sequence[Profile], mentors: Sequence[Profile]
    ) -> tuple[list[Tags], list[Tags]]:
        """What each mentee wants, and what each mentor offers."""
        return [self.wanted(p) for p in mentees], [self.offered(p) for p in mentors]

    def by_pair(
        self, mentees: Sequence[Profile], mentors: Sequence[Profile]
    ) -> tuple[list[Tags], list[Tags]]:
        """The same where somebody may stand in several places, and is read once."""
        wanted = {id(p): p for p in mentees}
        offered = {id(p): p for p in mentors}
        ours = dict(zip(wanted, map(self.wanted, wanted.values()), strict=True))
        theirs = dict(zip(offered, map(self.offered, offered.values()), strict=True))
        return [ours[id(p)] for p in mentees], [theirs[id(p)] for p in mentors]

    def valued(self, counts: Counts, wanted: Counts, offered: Counts) -> Values:
        """The value of so many shared tags between sides of these sizes; neutral where one is 0."""
        one = np.float32(1)
        value = self.measure(counts, np.maximum(wanted, one), np.maximum(offered, one))
        return np.where((wanted > 0) & (offered > 0), value, np.float32(self.neutral))


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion's view of some pairs."""

    values: Values
    evidence: list[tuple[str, ...]]  # what speaks for each: tags, words, how many half-hours, bands
    answered: list[bool]  # by both, at least one strand


@dataclass(frozen=True)
class Criterion:
    """A named reason to match; its value is the mean of its strands."""

    key: str
    weight: float  # share of the whole, before a coordinator changes it
    strands: tuple[Strand, ...]
    instead_of: str = ""  # key of the criterion whose place and weight it takes by a rule

    @property
    def neutral(self) -> float:
        return sum(strand.neutral for strand in self.strands) / len(self.strands)

    def values(self, mentees: Sequence[Profile], mentors: Sequence[Profile]) -> Values:
        """The value of everybody with everybody: float32 0 … 1, shape (mentees, mentors)."""
        total = np.zeros((len(mentees), len(mentors)), np.float32)
        for strand in self.strands:
            wanted, offered = strand.sides(mentees, mentors)
            counts = shared(wanted, offered)
            total += strand.valued(counts, sizes(wanted)[:, None], sizes(offered)[None, :])
        return total / np.float32(len(self.strands))

    def by_pair(self, mentees: Sequence[Profile], mentors: Sequence[Profile]) -> Judged:
        """mentees[k] held against mentors[k]; the value is that of `values`, to the bit."""
        total = np.zeros(len(mentees), np.float32)
        shown: list[tuple[str, ...]] = [()] * len(mentees)
        answered = [False] * len(mentees)
        for strand in self.strands:
            wanted, offered = strand.by_pair(mentees, mentors)
            both = [a & b for a, b in zip(wanted, offered, strict=True)]
            total += strand.valued(sizes(both), sizes(wanted), sizes(offered))
            for k, (want, offer) in enumerate(zip(wanted, offered, strict=True)):
                if want and offer:
                    answered[k] = True
                    shown[k] += strand.evidence(mentees[k], mentors[k], both[k])
        evidence = [tuple(dict.fromkeys(some)) if len(some) > 1 else some for some in shown]
        return Judged(total / np.float32(len(self.strands)), evidence, answered)


def _both(
    field: Callable[[Profile], Tags],
    measure: Measure,
    neutral: float,
    evidence: Evidence = answers.shared_tags,
) -> Strand:
    """A question that mentee and mentor answer alike."""
    return Strand(field, field, measure, neutral, evidence)


EVERY: tuple[Criterion, ...] = (
    Criterion(
        "skills",
        0.25,
        (Strand(lambda p: p.skills_wanted, lambda p: p.skills_offered, covered, 0.15),),
    ),
    Criterion(
        "goal",
        0.14,
        (Strand(answers.goal, answers.offer, alike_in_words, 0.15, answers.goal_words),),
    ),
    Criterion("ambitions", 0.07, (_both(lambda p: p.ambitions, alike, 0.2),)),
    Criterion("interests", 0.07, (_both(lambda p: p.interests, alike, 0.28),)),
    Criterion(
        "function_sector",
        0.06,
        (
            _both(answers.function, met, 0.15, answers.function_words),
            _both(answers.sector, met, 0.15),
        ),
    ),
    Criterion(
        "other_function",
        0,
        (
            _both(answers.function, different, 0.85, answers.both_functions),
            _both(answers.sector, different, 0.85, answers.both_sectors),
        ),
        instead_of="function_sector",
    ),
    Criterion("work_style", 0.08, (_both(lambda p: p.work_style, alike, 0.28),)),
    Criterion("communication", 0.03, (_both(lambda p: p.communication, met, 0.5),)),
    Criterion("values", 0.09, (_both(lambda p: p.values, alike, 0.2),)),
    Criterion(
        "style",
        0.05,
        (Strand(lambda p: p.styles_wanted, lambda p: p.styles_offered, covered, 0.3),),
    ),
    Criterion(
        "learning", 0.04, (Strand(answers.learns_from, lambda p: p.qualities, covered, 0.3),)
    ),
    Criterion("rhythm", 0.02, (_both(answers.rhythm, near, 0.6, answers.same_rhythm),)),
    Criterion("seniority", 0.04, (_both(answers.bands, above, 0.7, answers.bands_above),)),
    Criterion(
        "fresh_eyes",
        0,
        (_both(answers.bands, below, 0.7, answers.bands_below),),
        instead_of="seniority",
    ),
    Criterion("languages", 0.02, (_both(lambda p: p.languages, several, ONE_LANGUAGE),)),
    Criterion(
        "location",
        0.01,
        (
            _both(answers.location, met, 0.3, answers.place),
            _both(answers.country, met, 0.8, answers.nothing_to_show),
        ),
    ),
    Criterion("hours", 0.03, (_both(lambda p: p.hours, plenty, 0.8, answers.half_hours),)),
)

# What a coordinator weighs; the others stand in for one of these when a rule turns it round.
CRITERIA = tuple(criterion for criterion in EVERY if not criterion.instead_of)
