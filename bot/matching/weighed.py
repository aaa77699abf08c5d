"""What a pair is worth to the round: how well it fits, fairly counted, and what was wished for.

A layer over a field: it opens nothing, so hard rules and the coordinator's floor see the fit alone.
Wishes are few beside all pairs, so they are kept as a list by mentee. With fairness a point, of fit
or of a wish, that is missing to ENOUGH counts SHORT times more than one above it. A worth that bends
only that way keeps the round a flow, and whole numbers keep it exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.auction import each
from bot.matching.candidates import CLOSED, Field, Places, Steps, View
from bot.matching.masks import Mask
from bot.matching.people import Link, Profile, Rules
from bot.matching.scores import GRAIN, Scores

ENOUGH = 0.5  # whoever is so well off needs no lifting
SHORT = 5  # points more that each point missing to ENOUGH counts
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

    def of(self, rows: Places, columns: Places) -> Steps:
        """The GRAINs that some pairs have."""
        if not len(self.columns):
            return np.zeros(len(rows), np.int64)
        owner = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        across = 1 + max(int(self.columns.max()), int(columns.max(initial=0)))
        known, asked = owner * across + self.columns, rows * across + columns
        at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        return np.where(known[at] == asked, self.steps[at], 0)

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
    """A field of what pairs are worth to the round: 0 … `most`, in GRAINs, CLOSED as the field has
    it and, with fairness, below the floor."""

    field: Field
    extra: Extra
    held: Mask  # per mentee, whether a pin gives them their mentor: no fairness undoes it
    fair: bool = False
    floor: float = 0.0  # that fairness reached, of fit and wishes together

    @property
    def shape(self) -> tuple[int, int]:
        return self.field.shape

    @property
    def most(self) -> float:
        """No pair is worth more."""
        return (1 + SHORT * ENOUGH if self.fair else 1) + self.extra.most * GRAIN

    def at(self, rows: Places, columns: Places) -> Scores:
        return self.over(columns).at(rows)

    def over(self, columns: Places) -> WeighedView:
        return WeighedView(self, columns, self.field.over(columns))

    def well_off(self, worth: Steps) -> Steps:
        """Fit and wishes of pairs that are worth this, in GRAINs."""
        return unlifted(worth) if self.fair else worth

    def fit(self, rows: Places, columns: Places, worth: Steps) -> Steps:
        """How well people fit whose pairs are worth this, in GRAINs."""
        return self.well_off(worth) - self.extra.of(rows, columns)


@dataclass(frozen=True)
class WeighedView:
    """Some columns of a weighed field."""

    weighed: Weighed
    columns: Places
    view: View

    def at(self, rows: Places, first: int | None = None) -> Scores:
        """Fairness asks how well off people are, and who has their wish is better off: so what a wish
        adds is lifted with the fit, and counts for the floor that fairness reached."""
        weighed, worth = self.weighed, self.view.at(rows, first)
        weighed.extra.add_to(worth, rows, self.columns[:first], weighed.shape[1])
        if not weighed.fair:
            return worth
        worth[(worth < weighed.floor) & ~weighed.held[rows][:, None]] = CLOSED
        return lifted(worth)


def lifted(well_off: Scores) -> Scores:
    """What it is worth that somebody is so well off, where the worst off count most; CLOSED stays."""
    worth = np.clip(well_off, np.float32(0), np.float32(ENOUGH))
    worth *= SHORT
    worth += well_off
    return worth


def lifted_steps(well_off: Steps) -> Steps:
    """The same in GRAINs, of GRAINs."""
    return np.asarray(well_off + SHORT * np.minimum(well_off, round(ENOUGH / GRAIN)), np.int64)


def unlifted(worth: Steps) -> Steps:
    """The other way round."""
    enough = round(ENOUGH / GRAIN)
    above = worth > (1 + SHORT) * enough
    return np.asarray(np.where(above, worth - SHORT * enough, worth // (1 + SHORT)), np.int64)


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
