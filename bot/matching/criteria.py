"""What makes two people fit: one entry per criterion, with its weight, measure and evidence.

A criterion compares what a mentee wants with what a mentor offers, as two sets of tags, and gives
0 … 1. To add one, add a line to CRITERIA. Gender, age and performance are no criteria, here or
anywhere.

The weights (they add up to 1) follow what is known: skills and goals are what people come for;
likeness in values, attitudes and personality goes with the mentee's view of the relationship
at a correlation of .38 to .59 (Eby et al. 2013, doi.org/10.1037/a0029279); distance in time zones
did not lower graduation in Open Life Science's cohorts, so hours weigh little.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.overlap import Counts, Tags, shared, sizes
from bot.matching.people import Profile
from bot.matching.words import meaning, stems, words

Values = Counts  # float32, 0 … 1
Measure = Callable[[Counts, Counts, Counts], Values]  # (shared, wanted, offered) → values
Evidence = Callable[[Profile, Profile, Tags], tuple[str, ...]]  # (mentee, mentor, shared) → texts

PLENTY_OF_HOURS = np.float32(10)  # shared half-hours in a week; more adds nothing
TEXT_SCALE = np.float32(2.5)  # texts on one subject share few words: a cosine of 0.4 is full marks
# How well a mentor fits who is -5 … +5 bands of experience above the mentee; one to three is best.
SENIORITY_GAP = np.array([0, 0, 0, 0, 0.1, 0.4, 1, 1, 1, 0.7, 0.5], np.float32)

# The coaching qualities that go with a way of learning (keys of the intake); a way not named here
# looks for the quality of its own name.
LEARNS_FROM: dict[str, Tags] = {
    "doing": frozenset({"practical", "patient"}),
    "example": frozenset({"stories", "practical"}),
    "talking": frozenset({"listens", "asks"}),
    "reading": frozenset({"structure", "patient"}),
    "feedback": frozenset({"honest", "talent"}),
}
ANYTHING = "other"  # a choice that says nothing to compare


def _shared_tags(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentee, mentor
    return tuple(sorted(map(str, shared))) if shared else ()


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
    evidence: Evidence = _shared_tags

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


# Only operations that IEEE 754 rounds exactly (no log, no power): a pair's value is the same alone
# and in a matrix.


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


def plenty(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """Overlap of working hours, full from PLENTY_OF_HOURS on."""
    del wanted, offered
    return np.asarray(np.minimum(shared / PLENTY_OF_HOURS, 1), np.float32)


def above(shared: Counts, wanted: Counts, offered: Counts) -> Values:
    """How well the difference in experience suits; a band is given as all bands up to it."""
    del shared
    gap = np.clip(offered - wanted, -5, 5).astype(np.intp)
    return np.asarray(SENIORITY_GAP[gap + 5], np.float32)


def _one(text: str) -> Tags:
    return frozenset({text}) if text else frozenset()


def _bands(profile: Profile) -> Tags:
    return frozenset(range(profile.seniority + 1)) if profile.seniority is not None else frozenset()


def _goal(mentee: Profile) -> Tags:
    return meaning(mentee.goal, *mentee.skills_wanted)


def _offer(mentor: Profile) -> Tags:
    return meaning(mentor.offer, *mentor.skills_offered)


def _function(profile: Profile) -> Tags:
    return meaning(profile.function)


def _goal_words(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentor
    return _own_words(shared, mentee.goal, *sorted(mentee.skills_wanted))


def _function_words(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentor
    return _own_words(shared, mentee.function)


def _own_words(shared: Tags, *texts: str) -> tuple[str, ...]:
    """The mentee's own words, not stems: they are shown to people."""
    if not shared:
        return ()
    return tuple(
        word for text in texts for word in words(text) if not shared.isdisjoint(stems(word))
    )


def _half_hours(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del mentee, mentor
    return (str(len(shared)),) if shared else ()


def _gap(mentee: Profile, mentor: Profile, shared: Tags) -> tuple[str, ...]:
    del shared
    gap = (mentor.seniority or 0) - (mentee.seniority or 0)
    return (str(gap),) if gap > 0 else ()


def _learns_from(mentee: Profile) -> Tags:
    return LEARNS_FROM.get(mentee.learning_style, _one(mentee.learning_style))


def _both(field: Callable[[Profile], Tags], measure: Measure, neutral: float) -> Strand:
    """A question that mentee and mentor answer alike."""
    return Strand(field, field, measure, neutral)


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "skills",
        0.26,
        (Strand(lambda p: p.skills_wanted, lambda p: p.skills_offered, covered, 0.15),),
    ),
    Criterion("goal", 0.15, (Strand(_goal, _offer, alike_in_words, 0.15, _goal_words),)),
    Criterion("ambitions", 0.08, (_both(lambda p: p.ambitions, alike, 0.2),)),
    Criterion("interests", 0.08, (_both(lambda p: p.interests, alike, 0.28),)),
    Criterion(
        "function_sector",
        0.06,
        (
            Strand(_function, _function, met, 0.15, _function_words),
            _both(lambda p: _one(p.sector) - {ANYTHING}, met, 0.15),
        ),
    ),
    Criterion("work_style", 0.09, (_both(lambda p: p.work_style, alike, 0.28),)),
    Criterion("communication", 0.04, (_both(lambda p: p.communication, met, 0.5),)),
    Criterion("values", 0.1, (_both(lambda p: p.values, alike, 0.2),)),
    Criterion(
        "style",
        0.07,
        (
            Strand(lambda p: p.styles_wanted, lambda p: p.styles_offered, covered, 0.3),
            Strand(_learns_from, lambda p: p.qualities, covered, 0.3),
        ),
    ),
    Criterion("seniority", 0.04, (Strand(_bands, _bands, above, 0.7, _gap),)),
    Criterion(
        "hours",
        0.03,
        (Strand(lambda p: p.hours, lambda p: p.hours, plenty, 0.8, _half_hours),),
    ),
)
