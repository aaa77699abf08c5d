"""Groups: one mentor with three to eight mentees, as many people as can be, and the best total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.matching.board import laid_out
from bot.matching.candidates import all_of
from bot.matching.opening import seated
from bot.matching.people import Profile, Rules
from bot.matching.scores import Scores
from bot.matching.solver import NOBODY


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
    chosen, proven = seated(scores, least, most)
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
    _, rows, columns = np.intersect1d(mentees, mentors, return_indices=True)
    both = scores[np.ix_(rows, columns)]
    one, other = np.nonzero(np.triu((both >= 0) & (both >= 0).T, 1))
    poorer = both[one, other] <= both[other, one]
    row, column = np.where(poorer, one, other), np.where(poorer, other, one)
    scores[rows[row], columns[column]] = -1
    return scores, not len(one)
