"""Groups: one mentor with three to eight mentees, as many people as can be, and the best total.

Which mentors open a group is the only hard choice; once it is made, the rest is an assignment. Up
to EXACT_UP_TO pairs SciPy's `milp` (HiGHS, doi.org/10.1007/s12532-017-0130-5) proves the choice
best. Above, everybody opens, and whoever cannot fill a group closes again, the emptiest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from bot.matching.board import laid_out
from bot.matching.candidates import all_of
from bot.matching.people import Profile, Rules
from bot.matching.scores import Scores
from bot.matching.solver import NOBODY, Chosen

EXACT_UP_TO = 200 * 50  # pairs
PATIENCE = 20.0  # seconds that may go into a proof

Open = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Group:
    mentor: int  # participant id
    mentees: tuple[int, ...]
    scores: tuple[float, ...]  # of each mentee with the mentor


@dataclass(frozen=True, slots=True)
class Groups:
    groups: tuple[Group, ...]  # by mentor
    left: tuple[int, ...]  # mentees who are in none
    proven: bool  # no other groups would place more people, or as many better


def groups(
    profiles: Sequence[Profile], rules: Rules | None = None, least: int = 3, most: int = 8
) -> Groups:
    """The best groups of `least` to `most` mentees, a mentor with any place at all leading one.

    Hard rules and the floor hold for every mentee with the mentor; nobody is mentor of their own
    mentor. Raises ValueError unless 1 <= least <= most, or as `match`.
    """
    if not 1 <= least <= most:
        raise ValueError(f"a group cannot have {least} to {most} mentees")
    board = laid_out(profiles, replace(rules or Rules(), fair=False))
    scores, whole = _without_loops(
        all_of(board.field), board.persons.mentees, board.persons.mentors
    )
    small = scores.size <= EXACT_UP_TO
    opened, proven = (
        _opened(scores, least, most) if small else (_closing(scores, least, most), False)
    )
    chosen = _filled(scores, opened, least, most)
    found = tuple(
        Group(
            board.mentors[column].id,
            tuple(board.mentees[row].id for row in np.flatnonzero(chosen == column)),
            tuple(scores[chosen == column, column].tolist()),
        )
        for column in np.unique(chosen[chosen != NOBODY]).tolist()
    )
    left = tuple(board.mentees[row].id for row in np.flatnonzero(chosen == NOBODY))
    return Groups(found, left, proven and whole)


def _without_loops(
    scores: Scores, mentees: NDArray[np.int64], mentors: NDArray[np.int64]
) -> tuple[Scores, bool]:
    """The scores with the poorer way closed where two could mentor each other; whether none was."""
    place = {(int(mentees[r]), int(mentors[c])): (r, c) for r, c in np.argwhere(scores >= 0)}
    both = [(place[a, b], place[b, a]) for a, b in place if a < b and (b, a) in place]
    for one, other in both:
        scores[min(one, other, key=lambda cell: scores[cell])] = -1
    return scores, not both


def _opened(scores: Scores, least: int, most: int) -> tuple[Open, bool]:
    """The mentors who open a group in the best arrangement, and whether that is proven."""
    rows, columns = np.nonzero(scores >= 0)
    pairs, (mentees, mentors) = np.arange(len(rows)), scores.shape
    if not len(rows):
        return np.zeros(mentors, bool), True
    leads = len(rows) + np.arange(mentors)
    gain = np.append(-(mentees + 1.0 + scores[rows, columns]), np.zeros(mentors))
    ones = np.ones(len(rows))

    def table(lines: Chosen, group: float) -> sparse.csr_array:
        """Each line's pairs, less `group` for each mentor who opens."""
        size = (max(mentees, mentors), len(gain))
        count = sparse.csr_array((ones, (lines, pairs)), shape=size)
        led = sparse.csr_array((np.full(mentors, -group), (leads - len(rows), leads)), shape=size)
        return count + led if group else count

    opens = sparse.csr_array(
        (np.concatenate([ones, -ones]), (np.tile(pairs, 2), np.append(pairs, len(rows) + columns))),
        shape=(len(rows), len(gain)),
    )
    found = milp(
        gain,
        integrality=np.append(np.zeros(len(rows)), np.ones(mentors)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(table(rows, 0), -np.inf, 1),
            LinearConstraint(table(columns, most), -np.inf, 0),
            LinearConstraint(table(columns, least), 0, np.inf),
            LinearConstraint(opens, -np.inf, 0),
        ],
        options={"mip_rel_gap": 0, "time_limit": PATIENCE},
    )
    if found.x is None:
        return _closing(scores, least, most), False
    return np.asarray(found.x[len(rows) :] > 0.5), found.status == 0


def _closing(scores: Scores, least: int, most: int) -> Open:
    """Mentors who can all fill a group: the emptiest close first, some of them at a time."""
    opened: Open = np.asarray((scores >= 0).sum(axis=0) >= least)
    while True:
        chosen = _filled(scores, opened, 0, most)
        load = np.bincount(chosen[chosen != NOBODY], minlength=scores.shape[1])
        short = np.flatnonzero(opened & (load < least))
        if not len(short):
            return opened
        room = np.maximum(scores[:, short], 0).sum(axis=0)
        order = np.lexsort((room, load[short]))
        opened[short[order[: max(1, len(short) // 3)]]] = False


def _filled(scores: Scores, opened: Open, least: int, most: int) -> Chosen:
    """The best mentees for the mentors who open; the first `least` places count before all others."""
    chosen = np.full(len(scores), NOBODY, np.intp)
    seats = np.repeat(np.flatnonzero(opened), most)
    if not len(seats) or not len(scores):
        return chosen
    place = len(scores) + 1.0
    first = np.tile(np.arange(most) < least, int(opened.sum())) * place * place
    open_ = scores[:, seats] >= 0
    value = np.where(open_, scores[:, seats] + place + first, 0.0)
    rows, columns = linear_sum_assignment(value, maximize=True)
    used = open_[rows, columns]
    chosen[rows[used]] = seats[columns[used]]
    return chosen
