"""What a pair is worth to the round: how well it fits, and what was wished for besides.

A layer over a field: it closes and opens nothing for what is wished, so hard rules and the floor
see the fit alone. Wishes are few beside all pairs, so they are kept as a list by mentee.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.auction import each
from bot.matching.candidates import Field, Places, Steps, View
from bot.matching.people import Link, Profile, Rules
from bot.matching.scores import GRAIN, Scores

INERTIA = 0.02  # what staying together is worth: few move, and the total loses next to nothing


@dataclass(frozen=True)
class Extra:
    """What some pairs are worth besides, by mentee."""

    starts: Places  # where the pairs of each mentee begin, and the end
    columns: Places  # of each pair the mentor
    steps: Steps  # and the points in GRAINs

    @property
    def most(self) -> int:
        """The most GRAINs that any pair has."""
        return int(self.steps.max(initial=0))

    def add_to(self, scores: Scores, rows: Places, columns: Places, mentors: int) -> None:
        """Add what belongs to these rows and columns, each named once, where a pair may be."""
        if not len(self.columns) or not len(columns):
            return
        at, within = each(self.starts, rows)
        row = np.repeat(np.arange(len(rows)), np.diff(np.append(within, len(at))))
        place = np.full(mentors, -1)
        place[columns] = np.arange(len(columns))
        column = place[self.columns[at]]
        seen = column >= 0
        row, column, steps = row[seen], column[seen], self.steps[at[seen]]
        open_ = scores[row, column] >= 0
        scores[row[open_], column[open_]] += (steps[open_] * GRAIN).astype(np.float32)


@dataclass(frozen=True)
class Weighed:
    """A field of what pairs are worth to the round: 0 … `most`, in GRAINs, CLOSED as below."""

    field: Field
    extra: Extra

    @property
    def shape(self) -> tuple[int, int]:
        return self.field.shape

    @property
    def most(self) -> float:
        """No pair is worth more."""
        return 1 + self.extra.most * GRAIN

    def at(self, rows: Places, columns: Places) -> Scores:
        return self.over(columns).at(rows)

    def over(self, columns: Places) -> WeighedView:
        return WeighedView(self, columns, self.field.over(columns))


@dataclass(frozen=True)
class WeighedView:
    weighed: Weighed
    columns: Places
    view: View

    def at(self, rows: Places, first: int | None = None) -> Scores:
        worth = self.view.at(rows, first)
        self.weighed.extra.add_to(worth, rows, self.columns[:first], self.weighed.shape[1])
        return worth


def extra(mentees: Sequence[Profile], mentors: Sequence[Profile], rules: Rules) -> Extra:
    """What the rules add to some pairs; who is not here is passed over."""
    points: dict[Link, float] = dict.fromkeys(rules.kept, INERTIA)
    for link, wish in rules.bonus.items():
        points[link] = points.get(link, 0.0) + wish
    return _sorted(points, mentees, mentors)


def _sorted(
    points: Mapping[Link, float], mentees: Sequence[Profile], mentors: Sequence[Profile]
) -> Extra:
    row_of = {p.id: k for k, p in enumerate(mentees)}
    column_of = {p.id: k for k, p in enumerate(mentors)}
    cells = sorted(
        (row_of[mentee], column_of[mentor], round(more / GRAIN))
        for (mentor, mentee), more in points.items()
        if mentee in row_of and mentor in column_of
    )
    table: NDArray[np.int64] = np.array(cells, np.int64).reshape(-1, 3)
    starts = np.searchsorted(table[:, 0], np.arange(len(mentees) + 1))
    return Extra(starts, table[:, 1], table[:, 2])
