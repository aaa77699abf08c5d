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

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.matching import answers
from bot.matching.answers import Answer, Evidence
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

Both = tuple[Hashable, Hashable]  # what a mentee said, and what a mentor


@dataclass(frozen=True)
class Strand:
    """One question to the mentee held against one question to the mentor.

    `neutral` counts when either side did not answer. It is about what two people picked at random
    get who both answered, so silence neither wins nor loses. (Sharing the weights out over what both
    answered would let one lucky answer score 1, and no longer be a plain sum over criteria.)
    """

    wanted: Answer[Any]  # of a mentee
    offered: Answer[Any]  # of a mentor
    measure: Measure
    neutral: float
    evidence: Evidence = answers.shared_tags

    def sides(
        self, mentees: Sequence[Profile], mentors: Sequence[Profile]
    ) -> tuple[list[Tags], list[Tags]]:
        """What each mentee wants, and what each mentor offers."""
        return self.wanted.of(mentees), self.offered.of(mentors)

    def said(self, mentees: Iterable[Profile], mentors: Iterable[Profile]) -> Iterator[Both]:
        """What mentees[k] and mentors[k] said."""
        return zip(map(self.wanted.said, mentees), map(self.offered.said, mentors), strict=True)

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

    def said(
        self, mentees: Sequence[Profile], mentors: Sequence[Profile]
    ) -> Iterator[tuple[Both, ...]]:
        """All that mentees[k] and mentors[k] are judged by: what both said, for each strand."""
        return zip(*(strand.said(mentees, mentors) for strand in self.strands), strict=True)

    def judged(self, pairs: Sequence[tuple[Both, ...]]) -> Judged:
        """Pairs who said this; the value is that of `values`, to the bit."""
        total = np.zeros(len(pairs), np.float32)
        shown: list[tuple[str, ...]] = [()] * len(pairs)
        answered = [False] * len(pairs)
        for strand, said in zip(self.strands, zip(*pairs, strict=True), strict=False):
            wants, offers = zip(*said, strict=True)
            wanted, offered = strand.wanted.read(wants), strand.offered.read(offers)
            counts = np.zeros(len(pairs), np.float32)
            for k, (want, offer) in enumerate(zip(wanted, offered, strict=True)):
                if want and offer:
                    both = want & offer
                    counts[k], answered[k] = len(both), True
                    shown[k] += strand.evidence(wants[k], offers[k], both)
            total += strand.valued(counts, sizes(wanted), sizes(offered))
        evidence = [tuple(dict.fromkeys(some)) if len(some) > 1 else some for some in shown]
        return Judged(total / np.float32(len(self.strands)), evidence, answered)


def _both(
    answer: Answer[Any],
    measure: Measure,
    neutral: float,
    evidence: Evidence = answers.shared_tags,
) -> Strand:
    """A question that mentee and mentor answer alike."""
    return Strand(answer, answer, measure, neutral, evidence)


EVERY: tuple[Criterion, ...] = (
    Criterion(
        "skills",
        0.25,
        (Strand(answers.SKILLS_WANTED, answers.SKILLS_OFFERED, covered, 0.15),),
    ),
    Criterion(
        "goal",
        0.14,
        (Strand(answers.GOAL, answers.OFFER, alike_in_words, 0.15, answers.goal_words),),
    ),
    Criterion("ambitions", 0.07, (_both(answers.AMBITIONS, alike, 0.2),)),
    Criterion("interests", 0.07, (_both(answers.INTERESTS, alike, 0.28),)),
    Criterion(
        "function_sector",
        0.06,
        (
            _both(answers.FUNCTION, met, 0.15, answers.function_words),
            _both(answers.SECTOR, met, 0.15),
        ),
    ),
    Criterion(
        "other_function",
        0,
        (
            _both(answers.FUNCTION_IN_SECTOR, different, 0.85, answers.both_functions),
            _both(answers.SECTOR, different, 0.85, answers.both_sectors),
        ),
        instead_of="function_sector",
    ),
    Criterion("work_style", 0.08, (_both(answers.WORK_STYLE, alike, 0.28),)),
    Criterion("communication", 0.03, (_both(answers.COMMUNICATION, met, 0.5),)),
    Criterion("values", 0.09, (_both(answers.VALUES, alike, 0.2),)),
    Criterion(
        "style",
        0.05,
        (Strand(answers.STYLES_WANTED, answers.STYLES_OFFERED, covered, 0.3),),
    ),
    Criterion("learning", 0.04, (Strand(answers.LEARNING, answers.QUALITIES, covered, 0.3),)),
    Criterion("rhythm", 0.02, (_both(answers.RHYTHM, near, 0.6, answers.same_rhythm),)),
    Criterion("seniority", 0.04, (_both(answers.SENIORITY, above, 0.7, answers.bands_above),)),
    Criterion(
        "fresh_eyes",
        0,
        (_both(answers.SENIORITY, below, 0.7, answers.bands_below),),
        instead_of="seniority",
    ),
    Criterion("languages", 0.02, (_both(answers.LANGUAGES, several, ONE_LANGUAGE),)),
    Criterion(
        "location",
        0.01,
        (
            _both(answers.LOCATION, met, 0.3, answers.place),
            _both(answers.COUNTRY, met, 0.8, answers.nothing_to_show),
        ),
    ),
    Criterion("hours", 0.03, (_both(answers.HOURS, plenty, 0.8, answers.half_hours),)),
)

# What a coordinator weighs; the others stand in for one of these when a rule turns it round.
CRITERIA = tuple(criterion for criterion in EVERY if not criterion.instead_of)
