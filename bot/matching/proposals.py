"""Whom people are shown before a round: good candidates for everybody, not the same few for all.

It goes in turns, one candidate a turn for everybody. The first is the mentor whom the best round of
all would give them; in the others the best fits choose first, among the pairs not shown yet. A place
of a mentor is taken once a turn, or as often as there are more mentees than places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from bot.matching.best import BEST, first_look
from bot.matching.board import Board, laid_out
from bot.matching.candidates import Candidates, Places, everywhere, in_steps
from bot.matching.explain import explain, score_of
from bot.matching.masks import Whole
from bot.matching.people import Link, Profile, Rules
from bot.matching.rounds import Pair
from bot.matching.scores import weights_used
from bot.matching.settling import settled
from bot.matching.solver import NOBODY, Cell, measure

KEPT = 2 * BEST  # mentors of each mentee among whom the turns choose


def proposals_for(
    profiles: Sequence[Profile], rules: Rules | None = None, most: int = 5
) -> dict[int, tuple[Pair, ...]]:
    """By mentee up to `most` pairs within the rules and above the floor, the best fit first.

    A mentor with c places is shown to at most c · most mentees, or as many times more as there are
    more mentees than places; only who would see nobody at all sees their best all the same. Who may
    be paired with nobody is left out. The same profiles, in any order, give the same answer. Raises
    ValueError as `match`.
    """
    rules = rules or Rules()
    board = laid_out(profiles, rules)
    found, _ = first_look(board.field, board.capacity, KEPT)
    cells = _spread(board, found, most)
    mentees = [board.mentees[row] for row, _ in cells]
    mentors = [board.mentors[column] for _, column in cells]
    shown: dict[int, list[Pair]] = {}
    explained = explain(mentees, mentors, weights_used(rules.weights))
    for mentee, mentor, why in zip(mentees, mentors, explained, strict=True):
        shown.setdefault(mentee.id, []).append(Pair(mentor.id, mentee.id, score_of(why), why))
    return {
        id_: tuple(sorted(pairs, key=lambda p: (-p.score, p.mentor)))
        for id_, pairs in sorted(shown.items())
    }


def possible(profiles: Sequence[Profile], rules: Rules, links: Iterable[Link]) -> frozenset[Link]:
    """Those of the (mentor, mentee) pairs that the rules and the floor allow."""
    board = laid_out(profiles, rules)
    rows = {p.id: row for row, p in enumerate(board.mentees)}
    columns = {p.id: column for column, p in enumerate(board.mentors)}
    by_row: dict[int, list[Link]] = {}
    for mentor, mentee in links:
        if mentee in rows and mentor in columns:
            by_row.setdefault(rows[mentee], []).append((mentor, mentee))
    allowed: set[Link] = set()
    for row, mine in by_row.items():
        scores = board.field.at(np.array([row]), np.array([columns[mentor] for mentor, _ in mine]))
        allowed.update(link for link, score in zip(mine, scores[0], strict=True) if score >= 0)
    return frozenset(allowed)


def _spread(board: Board, found: Candidates, most: int) -> list[Cell]:
    """Who is shown whom, (mentee, mentor) by place."""
    mentees = len(np.unique(found.rows))
    places = int(board.capacity[np.unique(found.columns)].sum())
    a_place = max(1.0, mentees / max(1, places))  # how often it is taken in one turn
    limits = [np.ceil(board.capacity * a_place * turn).astype(np.int64) for turn in range(most + 1)]
    pairs, used = _best_first(found), np.zeros(len(board.mentors), np.int64)
    cells = _arranged(board) if most else []
    for turn in range(1, most + 1):
        if turn == 1:
            served = {row for row, _ in cells}
            np.add.at(used, [column for _, column in cells], 1)
        else:
            served = set()
        new = _one_turn(pairs, set(cells), served, (limits[turn] - used).tolist())
        np.add.at(used, [column for _, column in new], 1)
        cells += new
    return cells + _filled(board, cells, limits[most] - used, most)


def _arranged(board: Board) -> list[Cell]:
    chosen = settled(board, 0).arranged.chosen
    rows = np.flatnonzero(chosen != NOBODY)
    return list(zip(rows.tolist(), chosen[rows].tolist(), strict=True))


def _best_first(found: Candidates) -> list[Cell]:
    """All pairs, the best fit first; equals in an order of their own for everybody."""
    by_chance = measure(np.ones(1, np.int64), np.zeros(1, np.int64), 0).chance
    order = np.lexsort((by_chance(found.rows, found.columns), -found.steps))
    return list(zip(found.rows[order].tolist(), found.columns[order].tolist(), strict=True))


def _one_turn(pairs: list[Cell], shown: set[Cell], served: set[int], room: list[int]) -> list[Cell]:
    """One more for everybody who is not served in this turn."""
    new = list[Cell]()
    for cell in pairs:
        row, column = cell
        if room[column] > 0 and row not in served and cell not in shown:
            room[column] -= 1
            served.add(row)
            new.append(cell)
    return new


def _filled(board: Board, cells: list[Cell], room: Whole, most: int) -> list[Cell]:
    """More for those who see fewer than they may, of mentors who have room, looking at everybody."""
    shown: dict[int, set[int]] = {}
    for row, column in cells:
        shown.setdefault(row, set()).add(column)
    short = [row for row in range(len(board.mentees)) if len(shown.get(row, ())) < most]
    everyone, more = np.flatnonzero(board.capacity > 0), list[Cell]()
    for rows, scores in everywhere(board.field, np.array(short, np.intp), everyone):
        for row, mine in zip(rows.tolist(), in_steps(scores), strict=True):
            best_first = everyone[np.argsort(-mine, kind="stable")][: int((mine >= 0).sum())]
            more += [
                (row, column) for column in _some(best_first, shown.get(row, set()), room, most)
            ]
    return more


def _some(best_first: Places, shown: set[int], room: Whole, most: int) -> list[int]:
    """The best that are not shown yet and have room, or the very best where nobody would be."""
    free = [c for c in best_first.tolist() if c not in shown and room[c] > 0]
    taken = free[: most - len(shown)] or ([] if shown else best_first[:1].tolist())
    room[taken] -= 1
    return taken
