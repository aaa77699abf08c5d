"""A round laid out for the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.matching.candidates import Field
from bot.matching.loops import Persons
from bot.matching.people import Link, Profile
from bot.matching.scores import Scores
from bot.matching.solver import Whole
from bot.matching.weighed import Extra, Weighed


@dataclass(frozen=True)
class Board:
    """A round laid out for the solver: rows are mentees, columns mentors, by participant id."""

    mentees: tuple[Profile, ...]
    mentors: tuple[Profile, ...]
    persons: Persons
    field: Field
    capacity: Whole
    priority: Whole
    extra: Extra
    fair: bool
    pins: tuple[Link, ...] = ()
    refused: tuple[Link, ...] = ()

    def weighed(self) -> Weighed:
        """What every pair is worth, fairness left out."""
        held = np.zeros(len(self.mentees), bool)
        pinned = {mentee for _, mentee in self.pins}
        held[[k for k, p in enumerate(self.mentees) if p.id in pinned]] = True
        return Weighed(self.field, self.extra, held)

    def whole(self) -> Scores:
        """Every score, CLOSED where a pair may not be: 4 bytes a cell."""
        return self.field.at(*map(np.arange, self.field.shape))
