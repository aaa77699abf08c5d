"""A round laid out for the solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from bot.matching.blocks import sheet
from bot.matching.candidates import Field, Pinned, Seen, all_of
from bot.matching.loops import Persons
from bot.matching.masks import Whole, whole
from bot.matching.people import Link, Profile, Rules
from bot.matching.solver import NOBODY, Cell
from bot.matching.weighed import Extra, Weighed, extra

SMALL = 2**18  # pairs of which the whole matrix is solved: about 700 mentees and 350 mentors


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

    @property
    def small(self) -> bool:
        """Whether the whole matrix is solved."""
        return self.cells <= SMALL

    @property
    def cells(self) -> int:
        return len(self.mentees) * len(self.mentors)

    def weighed(self) -> Weighed:
        """What every pair is worth, fairness left out."""
        held = np.zeros(len(self.mentees), bool)
        pinned = {mentee for _, mentee in self.pins}
        held[[k for k, p in enumerate(self.mentees) if p.id in pinned]] = True
        return Weighed(self.field, self.extra, held)


def laid_out(profiles: Sequence[Profile], rules: Rules) -> Board:
    """The board of a round, nothing pinned yet; raises ValueError as `match` does."""
    ordered = sorted(profiles, key=lambda p: p.id)
    if len({p.id for p in ordered}) < len(ordered):
        raise ValueError("two profiles have one id")
    mentees = tuple(p for p in ordered if p.mentee)
    mentors = tuple(p for p in ordered if p.mentor)
    field: Field = sheet(mentees, mentors, rules)
    if len(mentees) * len(mentors) <= SMALL:
        field = Seen(all_of(field))
    return Board(
        mentees,
        mentors,
        Persons(whole(p.person for p in mentees), whole(p.person for p in mentors)),
        field,
        whole(max(0, p.capacity) for p in mentors),
        whole(p.priority for p in mentees),
        extra(mentees, mentors, rules),
        rules.fair,
    )


def pinned(board: Board, pins: Iterable[Link]) -> Board:
    """The board with some pairs fixed; a pin that cannot be kept beside better ones is refused.

    A pinned mentee keeps one feasible mentor and goes before everybody who waits, so the solver
    cannot but keep it.
    """
    left, only = board.capacity.copy(), np.full(len(board.mentees), NOBODY, np.intp)
    kept: list[Link] = []
    refused: list[Link] = []
    closed: set[Cell] = set()
    for _, (mentor, mentee), (row, column) in sorted(_judged(board, pins)):
        possible = NOBODY not in (row, column) and _score(board, row, column) >= 0
        if not possible or only[row] != NOBODY or not left[column] or (row, column) in closed:
            refused.append((mentor, mentee))
            continue
        kept.append((mentor, mentee))
        left[column] -= 1
        only[row] = column
        closed.update(product(*_opposite(board, row, column)))
    priority = np.where(only != NOBODY, board.priority.max(initial=0) + 1, board.priority)
    field = Pinned(board.field, only, tuple(sorted(closed)))
    return replace(board, field=field, priority=priority, pins=tuple(kept), refused=tuple(refused))


def _judged(board: Board, pins: Iterable[Link]) -> Iterator[tuple[float, Link, Cell]]:
    """Pins that can be sorted best first, with their places."""
    rows = {p.id: k for k, p in enumerate(board.mentees)}
    columns = {p.id: k for k, p in enumerate(board.mentors)}
    for mentor, mentee in pins:
        row, column = rows.get(mentee, NOBODY), columns.get(mentor, NOBODY)
        score = 0.0 if NOBODY in (row, column) else _score(board, row, column)
        yield -score, (mentor, mentee), (row, column)


def _score(board: Board, row: int, column: int) -> float:
    return float(board.field.at(np.array([row]), np.array([column]))[0, 0])


def _opposite(board: Board, row: int, column: int) -> tuple[list[int], list[int]]:
    """Where this pair's mentor would be the mentee and its mentee the mentor."""
    persons = board.persons
    rows = np.flatnonzero(persons.mentees == persons.mentors[column])
    columns = np.flatnonzero(persons.mentors == persons.mentees[row])
    return rows.tolist(), columns.tolist()
