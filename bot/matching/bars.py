"""What keeps people apart in a large round: the hard rules, prepared once for millions of pairs.

The plain functions in `rules` say what a rule means and stay the measure of it. Here stands how each
can be looked up fast: by one of the `answers` of each of the two, of which there are few different ones, so
that the plain function need only see one person for each; or as the few PAIRS it forbids, by name. A
rule that stands in neither is right all the same: its plain function is asked for every area.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.matching.auction import each
from bot.matching.candidates import CLOSED, Places
from bot.matching.masks import Mask
from bot.matching.people import Profile, Rules, folded
from bot.matching.rules import NAMED, UNNAMED, People, Rule, line_of
from bot.matching.scores import Scores

AREA = 2**22  # pairs of different answers that a plain function sees together

Answer = Callable[[Profile], Hashable]
Keys = Iterable[tuple[int, int]]  # (key of the mentee, key of the mentor)
Key = Callable[[Profile], int]


def answers(rules: Rules) -> dict[str, Answer]:
    """Rules that read nothing but this of each of the two."""
    named = {
        side if isinstance(side, int) else folded(side) for two in rules.excluded for side in two
    }

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
        "excluded": lambda p: (
            ({p.person, folded(p.department)} & named and (p.person, folded(p.department))) or None
        ),
    }


def _person(profile: Profile) -> int:
    return profile.person


def _participant(profile: Profile) -> int:
    return profile.id


def _self(mentees: People, mentors: People, rules: Rules) -> Keys:
    del mentors, rules
    return ((p.person, p.person) for p in mentees)


def _line(mentees: People, mentors: People, rules: Rules) -> Keys:
    del rules
    yield from ((p.person, boss) for p in mentees for boss in line_of(p))
    yield from ((boss, p.person) for p in mentors for boss in line_of(p))


def _past(mentees: People, mentors: People, rules: Rules) -> Keys:
    del mentees, mentors
    return chain(rules.past_pairs, ((b, a) for a, b in rules.past_pairs))


def _forbidden(mentees: People, mentors: People, rules: Rules) -> Keys:
    del mentees, mentors
    return ((mentee, mentor) for mentor, mentee in rules.forbidden)


def _avoided(mentees: People, mentors: People, rules: Rules) -> Keys:
    del rules
    yield from ((p.person, other) for p in mentees for other in p.avoids)
    yield from ((other, p.person) for p in mentors for other in p.avoids)


# Rules that keep few apart, each pair by a key of its two people.
PAIRS: dict[str, tuple[Key, Callable[[People, People, Rules], Keys]]] = {
    "self": (_person, _self),
    "reporting_line": (_person, _line),
    "past_pair": (_person, _past),
    "forbidden": (_participant, _forbidden),
    "avoid": (_person, _avoided),
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
            classes = _classes(rule, asked[name], mentees, mentors, rules)
            if classes.apart.shape[0] * len(mentors) <= most:
                tables += [classes] if classes.apart.any() else []
            else:
                apart.append(_by_group(classes))
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


def _classes(rule: Rule, answer: Answer, mentees: People, mentors: People, rules: Rules) -> Classes:
    wanted, ours = numbered(map(answer, mentees))
    offered, theirs = numbered(map(answer, mentors))
    guides = [mentors[k] for k in theirs]
    parts = [
        np.broadcast_to(rule(some, guides, rules), (len(some), len(guides)))
        for some in _parts([mentees[k] for k in ours], max(1, AREA // max(1, len(guides))))
    ]
    none = np.zeros((0, len(guides)), bool)
    return Classes(wanted, offered, np.concatenate(parts) if parts else none)


def _by_group(classes: Classes) -> Apart:
    """Per answer of a mentee the mentors who are out."""
    order = np.argsort(classes.offer, kind="stable")
    starts = np.searchsorted(classes.offer[order], np.arange(classes.apart.shape[1] + 1))
    answers, offers = np.nonzero(classes.apart)
    at, within = each(starts, offers)
    group = np.repeat(answers, np.diff(np.append(within, len(at))))
    return _grouped(classes.answer, classes.apart.shape[0], group, order[at])


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


def _parts(people: Sequence[Profile], size: int) -> Iterator[Sequence[Profile]]:
    return (people[start : start + size] for start in range(0, len(people), size))
