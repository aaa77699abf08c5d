"""One question, now: who of many mentors can answer it, and has not too much on already.

Every mentor's skills are laid out once, by skill; a question then touches only the mentors who have
one of them. Hard rules are checked for the likeliest only, until there are enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.matching.candidates import Places
from bot.matching.overlap import marks
from bot.matching.people import Profile, Rules, Tags
from bot.matching.rules import blocked

LOAD = 0.1  # of the question's skills that each question in hand counts against a mentor
AT_ONCE = 32  # of the likeliest whose rules are checked together


@dataclass(frozen=True, slots=True)
class Adviser:
    mentor: int  # participant id
    covered: float  # 0 … 1, the share of the question's skills
    skills: tuple[str, ...]  # those of the question


class Advisers:
    """Mentors ready to be asked."""

    def __init__(self, mentors: Sequence[Profile]) -> None:
        self.mentors = tuple(sorted((p for p in mentors if p.mentor), key=lambda p: p.id))
        offered = [p.skills_offered for p in self.mentors]
        self.column: dict[str | int, int] = {
            tag: k for k, tag in enumerate(sorted(frozenset[str]().union(*offered)))
        }
        self.offers = sparse.csc_array(marks(offered, self.column))
        self.place = {p.id: k for k, p in enumerate(self.mentors)}

    def for_question(
        self,
        asker: Profile,
        skills: Tags,
        rules: Rules | None = None,
        load: Mapping[int, int] | None = None,
        most: int = 3,
    ) -> tuple[Adviser, ...]:
        """The mentors who know most of it, those with less in hand before the others.

        load: by participant id, the questions a mentor has in hand. Nobody who knows none of it and
        nobody whom a hard rule keeps from the asker; places for mentees do not count.
        """
        known = [self.column[skill] for skill in skills if skill in self.column]
        if not known or most < 1:
            return ()
        touched = [self.offers.indices[slice(*self.offers.indptr[k : k + 2])] for k in known]
        covered = np.bincount(np.concatenate(touched), minlength=len(self.mentors)) / len(skills)
        able = np.flatnonzero(covered)
        busy = np.zeros(len(self.mentors))
        for mentor, questions in (load or {}).items():
            if mentor in self.place:
                busy[self.place[mentor]] = questions
        found: list[Adviser] = []
        for place in self._allowed(asker, rules or Rules(), able, (covered - LOAD * busy)[able]):
            mentor_ = self.mentors[place]
            shared = tuple(sorted(skills & mentor_.skills_offered))
            found.append(Adviser(mentor_.id, float(covered[place]), shared))
            if len(found) == most:
                break
        return tuple(found)

    def _allowed(
        self, asker: Profile, rules: Rules, able: Places, worth: NDArray[np.float64]
    ) -> Iterator[int]:
        """Places of the mentors whom the rules allow, best first."""
        taken = 0
        while taken < len(able):
            wanted = min(len(able), max(AT_ONCE, 4 * taken))
            least = np.partition(worth, len(able) - wanted)[len(able) - wanted]
            likely = np.flatnonzero(worth >= least)
            likely = likely[np.lexsort((able[likely], -worth[likely]))]
            some = able[likely[taken : max(wanted, taken + 1)]]
            people = [replace(self.mentors[k], capacity=1) for k in some]
            out = blocked([replace(asker, mentor=False)], people, rules)[0]
            yield from some[~out].tolist()
            taken += len(some)
