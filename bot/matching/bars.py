"""What keeps people apart in a large round: the hard rules, prepared once for millions of pairs.

The plain functions in `rules` say what a rule means and stay the measure of it. Here stands how each
can be looked up fast: by one of the `answers` of each of the two, of which there are few different ones, so
that the plain function need only see one person for each; or as the few PAIRS it forbids, by name. A
rule that stands in neither is right all the same: its plain function is asked for every area.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.auction import each
from bot.matching.candidates import CLOSED, Places
from bot.matching.masks import Mask
from bot.matching.people import Profile, Rules, folded
from bot.matching.rules import (
    NAMED,
    PAIRS,
    UNNAMED,
    Key,
    Keys,
    People,
    Rule,
    in_parts,
    sides,
    sides_of,
)
from bot.matching.scores import Scores

AREA = 2**22  # pairs of different answers that a plain function sees together

Answer = Callable[[Profile], Hashable]


def answers(rules: Rules) -> dict[str, Answer]:
    """Rules that read nothing but this of each of the two."""
    named = sides(rules)

    def nothing(profile: Profile) -> Hashable:
        del profile
        return None

    return {
        "guest_or_bot": lambda p: p.guest or p.bot,
        "paused": lambda p: p.paused,
        "busy_elsewhere": lambda p: p.busy_elsewhere,
        "capacity": lambda p: p.capacity <= 0,
        "same_team": nothing if rules.allow_same_team else lambda p: (folded(p.team), p.manager),
        "same_department": (lambda p: folded(p.department)) if rules.mixed else nothing,
        "no_common_language": lambda p: p.languages,
        "excluded": (lambda p: sides_of(p, named)) if named else nothing,
    }


@dataclass(frozen=True)
class Classes:
    """A rule by answers: the pairs of different answers that it keeps apart."""

    answer: Places  # per mentee
    offer: Places  # per mentor
    apart: Mask  # shape (answers, offers)


@dataclass(frozen=True)
class Apart:
    """Some mentors who are out for everybody of one group: starts and mentors, ordered by group."""

    group: Places  # per mentee
    starts: Places  # per group, and the end
    mentors: Places

    def close(self, scores: Scores, rows: Places, place: Places) -> None:
        """Close what is out among these rows; `place` is a mentor's column in `scores`, or less than 0."""
        at, within = each(self.starts, self.group[rows])
        if not len(at):
            return
        row = np.repeat(np.arange(len(rows)), np.diff(np.append(within, len(at))))
        column = place[self.mentors[at]]
        seen = column >= 0
        scores.reshape(-1)[row[seen] * scores.shape[1] + column[seen]] = CLOSED


@dataclass(frozen=True)
class Different:
    """Who answers what, and for each different answer one person who gave it."""

    answer: Places  # per mentee
    offer: Places  # per mentor
    mentees: People
    mentors: People

    def apart(self, rule: Rule, rules: Rules) -> Iterator[Mask]:
        """What a rule says of all different answers, some mentees' at a time: there may be so many
        that the whole mask has no room."""
        for some in in_parts(self.mentees, max(1, AREA // max(1, len(self.mentors)))):
            yield np.broadcast_to(rule(some, self.mentors, rules), (len(some), len(self.mentors)))

    def table(self, parts: Iterable[Mask]) -> Classes:
        none = np.zeros((0, len(self.mentors)), bool)
        return Classes(self.answer, self.offer, np.concatenate([none, *parts]))

    def by_group(self, parts: Iterable[Mask]) -> Apart:
        """Per answer of a mentee the mentors who are out."""
        order, first = np.argsort(self.offer, kind="stable"), 0
        starts = np.searchsorted(self.offer[order], np.arange(len(self.mentors) + 1))
        groups, mentors = [order[:0]], [order[:0]]
        for part in parts:
            answers, offers = np.nonzero(part)
            at, within = each(starts, offers)
            groups.append(np.repeat(first + answers, np.diff(np.append(within, len(at)))))
            mentors.append(order[at])
            first += len(part)
        group, mentor = map(np.concatenate, (groups, mentors))
        return _grouped(self.answer, len(self.mentees), group, mentor)


@dataclass(frozen=True)
class Bars:
    """Everything that keeps people apart in one round."""

    tables: tuple[Classes, ...]  # few answers: as good as one more criterion
    apart: tuple[Apart, ...]
    plain: tuple[Rule, ...]  # to be asked


def bars(mentees: People, mentors: People, rules: Rules, most: int) -> Bars:
    """The hard rules of a round; a table has no more than `most` (answers × mentors) cells."""
    tables, apart, plain = list[Classes](), list[Apart](), list[Rule]()
    cells = list[tuple[Places, Places]]()
    asked = answers(rules)
    for name, rule in (*NAMED.items(), *UNNAMED.items()):
        if name in asked:
            different = _different(asked[name], mentees, mentors)
            parts = different.apart(rule, rules)
            if len(different.mentees) * len(mentors) <= most:
                classes = different.table(parts)
                tables += [classes] if classes.apart.any() else []
            else:
                apart.append(different.by_group(parts))
        elif name in PAIRS:
            key, pairs = PAIRS[name]
            cells.append(_cells(pairs(mentees, mentors, rules), mentees, mentors, key))
        else:
            plain.append(rule)
    rows, columns = (np.concatenate(side) for side in zip(*cells, strict=True))
    apart.append(_grouped(np.arange(len(mentees)), len(mentees), rows, columns))
    return Bars(tuple(tables), tuple(apart), tuple(plain))


def numbered(answers: Iterable[Hashable]) -> tuple[Places, list[int]]:
    """Per person the number of their answer, and per answer the place of who gave it first."""
    given = list(answers)
    first = dict(zip(reversed(given), range(len(given) - 1, -1, -1), strict=True))
    number = dict(zip(reversed(first), range(len(first)), strict=True))
    return np.fromiter(map(number.__getitem__, given), np.intp, len(given)), [
        first[answer] for answer in number
    ]


def _different(answer: Answer, mentees: People, mentors: People) -> Different:
    wanted, ours = numbered(map(answer, mentees))
    offered, theirs = numbered(map(answer, mentors))
    return Different(wanted, offered, [mentees[k] for k in ours], [mentors[k] for k in theirs])


def _grouped(group: Places, groups: int, of: Places, mentors: Places) -> Apart:
    order = np.argsort(of, kind="stable")
    return Apart(group, np.searchsorted(of[order], np.arange(groups + 1)), mentors[order])


def _cells(pairs: Keys, mentees: People, mentors: People, key: Key) -> tuple[Places, Places]:
    """The places of everybody whom these keys name."""
    named = list(pairs)
    rows = _places(mentees, key, {left for left, _ in named})
    columns = _places(mentors, key, {right for _, right in named})
    cells = [
        (row, column)
        for left, right in named
        if left in rows and right in columns
        for row in rows[left]
        for column in columns[right]
    ]
    found: NDArray[np.intp] = np.array(cells, np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _places(people: People, key: Key, named: set[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, number in enumerate(map(key, people) if named else ()):
        if number in named:
            places.setdefault(number, []).append(place)
    return places
