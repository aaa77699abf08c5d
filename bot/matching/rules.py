"""Who may not be paired, whatever the score: each rule by name, and why somebody is left over.

A rule looks at facts that the coordinator may know anyway, and at what they decided.

The avoid list is private. What is told about an unmatched person must be the same whether or not
anybody avoids them, so it is computed without the avoid list: candidates that no named rule takes
away are counted as OTHER, be they avoided, below the floor or better placed elsewhere. Named counts
and OTHER add up to all candidates, so nothing follows by subtraction. A score below the floor is
not named for the same reason: it is what an avoided pair hides behind, so a programme does well to
keep its floor above 0. For that reason, too, a pin does not lift the floor, and a refused pin tells
no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.matching.masks import Mask, alike, by_kind, either, marked, nobody, whole
from bot.matching.overlap import Tags, shared, sizes
from bot.matching.people import EVERY_DEPARTMENT, Profile, Rules, Side, folded

People = Sequence[Profile]
Reasons = tuple[tuple[str, int], ...]  # (rule or OTHER, candidates lost to it)
Rule = Callable[[People, People, Rules], Mask]
Key = Callable[[Profile], int]
Keys = Iterable[tuple[int, int]]  # (key of the mentee, key of the mentor)

OTHER = "other"
FEW = 256  # pairs held against the rules together


def _person(profile: Profile) -> int:
    return profile.person


def _participant(profile: Profile) -> int:
    return profile.id


def _same_person(mentees: People, mentors: People, rules: Rules) -> Keys:
    """Nobody mentors themselves."""
    del mentors, rules
    return ((p.person, p.person) for p in mentees)


def _reporting_line(mentees: People, mentors: People, rules: Rules) -> Keys:
    """Nobody is paired with anybody above or below them in their line, however far."""
    del rules
    yield from ((p.person, boss) for p in mentees for boss in _line_of(p))
    yield from ((boss, p.person) for p in mentors for boss in _line_of(p))


def _line_of(profile: Profile) -> frozenset[int]:
    return profile.above if profile.manager is None else profile.above | {profile.manager}


def _past_pair(mentees: People, mentors: People, rules: Rules) -> Keys:
    """They are or were a pair, too short ago to be one again; whoever was the mentor then."""
    del mentees, mentors
    return chain(rules.past_pairs, ((b, a) for a, b in rules.past_pairs))


def _forbidden(mentees: People, mentors: People, rules: Rules) -> Keys:
    """A coordinator said no to this pair."""
    del mentees, mentors
    return ((mentee, mentor) for mentor, mentee in rules.forbidden)


def _avoid(mentees: People, mentors: People, rules: Rules) -> Keys:
    """One of the two would rather not be paired with the other."""
    del rules
    yield from ((p.person, other) for p in mentees for other in p.avoids)
    yield from ((other, p.person) for p in mentors for other in p.avoids)


# Rules that keep few apart: each pair by a key of its two people.
PAIRS: dict[str, tuple[Key, Callable[[People, People, Rules], Keys]]] = {
    "self": (_person, _same_person),
    "reporting_line": (_person, _reporting_line),
    "past_pair": (_person, _past_pair),
    "forbidden": (_participant, _forbidden),
    "avoid": (_person, _avoid),
}


def _of_pairs(name: str) -> Rule:
    key, pairs = PAIRS[name]

    def rule(mentees: People, mentors: People, rules: Rules) -> Mask:
        ours, theirs = whole(map(key, mentees)), whole(map(key, mentors))
        return marked(pairs(mentees, mentors, rules), ours, theirs)

    return rule


def capacity(mentees: People, mentors: People, rules: Rules) -> Mask:
    """The mentor has no place left."""
    del mentees, rules
    return np.array([mentor.capacity <= 0 for mentor in mentors], bool)[None, :]


def busy_elsewhere(mentees: People, mentors: People, rules: Rules) -> Mask:
    """The mentor has places here, but as many mentees over all programmes as they may have."""
    del mentees, rules
    return np.array([mentor.busy_elsewhere for mentor in mentors], bool)[None, :]


def paused(mentees: People, mentors: People, rules: Rules) -> Mask:
    """One of the two takes a break."""
    del rules
    return either([p.paused for p in mentees], [p.paused for p in mentors])


def guest_or_bot(mentees: People, mentors: People, rules: Rules) -> Mask:
    """One of the two is a guest of the workspace, or no human being."""
    del rules
    return either([p.guest or p.bot for p in mentees], [p.guest or p.bot for p in mentors])


def no_common_language(mentees: People, mentors: People, rules: Rules) -> Mask:
    """They share no language; who named none is not held to it."""
    del rules
    return by_kind([p.languages for p in mentees], [p.languages for p in mentors], _speechless)


def same_team(mentees: People, mentors: People, rules: Rules) -> Mask:
    """They are in one team or have one manager, where the programme does not want that."""
    if rules.allow_same_team:
        return nobody()
    team = alike([folded(p.team) for p in mentees], [folded(p.team) for p in mentors])
    return team | alike([p.manager for p in mentees], [p.manager for p in mentors])


def same_department(mentees: People, mentors: People, rules: Rules) -> Mask:
    """They are in one department, and it is one whose people should meet others."""
    mixed = {folded(name) for name in rules.mixed}
    if not mixed:
        return nobody()

    def department(profile: Profile) -> str:
        name = folded(profile.department)
        return name if EVERY_DEPARTMENT in mixed or name in mixed else ""

    return alike([department(p) for p in mentees], [department(p) for p in mentors])


def excluded(mentees: People, mentors: People, rules: Rules) -> Mask:
    """The programme keeps these two, or their departments, apart; whoever is the mentor."""
    named = sides(rules)
    if not named:
        return nobody()
    apart = np.zeros((len(named), len(named)), np.float32)
    for one, other in rules.excluded:
        here, there = named[_side(one)], named[_side(other)]
        apart[here, there] = apart[there, here] = 1

    def told_apart(left: Sequence[Tags], right: Sequence[Tags]) -> Mask:
        return np.asarray(_flags(left, len(named)) @ apart @ _flags(right, len(named)).T > 0)

    ours, theirs = ([sides_of(p, named) for p in people] for people in (mentees, mentors))
    return by_kind(ours, theirs, told_apart)


def sides(rules: Rules) -> dict[Side, int]:
    """A number for everything that an exclusion names."""
    every = dict.fromkeys(_side(side) for pair in rules.excluded for side in pair)
    return {side: number for number, side in enumerate(every)}


def sides_of(profile: Profile, named: Mapping[Side, int]) -> Tags:
    """The sides of exclusions that somebody is on: their own, and their department's."""
    theirs = (profile.person, folded(profile.department))
    return frozenset(named[side] for side in theirs if side and side in named)


# In this order: a candidate lost to several rules is counted under the first.
NAMED: dict[str, Rule] = {
    "self": _of_pairs("self"),
    "guest_or_bot": guest_or_bot,
    "paused": paused,
    "busy_elsewhere": busy_elsewhere,
    "capacity": capacity,
    "reporting_line": _of_pairs("reporting_line"),
    "past_pair": _of_pairs("past_pair"),
    "same_team": same_team,
    "same_department": same_department,
    "no_common_language": no_common_language,
    "excluded": excluded,
    "forbidden": _of_pairs("forbidden"),
}
UNNAMED: dict[str, Rule] = {
    "avoid": _of_pairs("avoid")
}  # and "below_floor", which the scores decide


def blocked(mentees: People, mentors: People, rules: Rules) -> Mask:
    """Every pair that a hard rule keeps apart, the floor not counted: shape (mentees, mentors)."""
    mask = np.zeros((len(mentees), len(mentors)), bool)
    for rule in (*NAMED.values(), *UNNAMED.values()):
        mask |= rule(mentees, mentors, rules)
    return mask


def first_broken(mentees: People, mentors: People, rules: Rules) -> list[str]:
    """For each pair mentees[k], mentors[k] the first named rule it breaks, "" for none.

    Reads no avoid list and no score. Raises ValueError when the two are not equally long.
    """
    pairs = list(zip(mentees, mentors, strict=True))
    names = (*NAMED, "")
    found: list[str] = []
    for start in range(0, len(pairs), FEW):
        some = pairs[start : start + FEW]
        first = _first_rule([one for one, _ in some], [other for _, other in some], rules)
        found += [names[place] for place in first.diagonal().tolist()]
    return found


def why_unmatched(mentees: People, mentors: People, rules: Rules) -> list[Reasons]:
    """For each mentee how many of the mentors each named rule takes away, the rest as OTHER.

    Reads no avoid list and no score. Oneself is no candidate. In the order of NAMED, zeros left
    out, OTHER last.
    """
    return [_tally(row) for row in _first_rule(mentees, mentors, rules)]


def why_without_mentee(mentees: People, mentors: People, rules: Rules) -> list[Reasons]:
    """The same for each mentor: how many of the mentees each named rule takes away."""
    return [_tally(column) for column in _first_rule(mentees, mentors, rules).T]


def _first_rule(mentees: People, mentors: People, rules: Rules) -> NDArray[np.int8]:
    """The place in NAMED of the first rule that a pair breaks, len(NAMED) for none."""
    first = np.full((len(mentees), len(mentors)), len(NAMED), np.int8)
    for place, rule in reversed(list(enumerate(NAMED.values()))):
        first[np.broadcast_to(rule(mentees, mentors, rules), first.shape)] = place
    return first


def in_parts(people: People, size: int) -> Iterator[People]:
    """So many of them at a time."""
    return (people[start : start + size] for start in range(0, len(people), size))


def _tally(places: NDArray[np.int8]) -> Reasons:
    counts = np.bincount(places, minlength=len(NAMED) + 1)
    names = (*NAMED, OTHER)
    return tuple((n, int(c)) for n, c in zip(names, counts, strict=True) if c and n != "self")


def _speechless(left: Sequence[Tags], right: Sequence[Tags]) -> Mask:
    both = (sizes(left) > 0)[:, None] & (sizes(right) > 0)[None, :]
    return np.asarray(both & (shared(left, right) == 0))


def _side(side: Side) -> Side:
    return folded(side) if isinstance(side, str) else side


def _flags(sides: Sequence[Tags], count: int) -> NDArray[np.float32]:
    flags = np.zeros((len(sides), count), np.float32)
    for row, some in enumerate(sides):
        flags[row, [int(number) for number in some]] = 1
    return flags
