"""Who may not be paired, whatever the score: each rule by name, and why somebody is left over.

The avoid list is private. What is told about an unmatched person must be the same whether or not
anybody avoids them, so it is computed without the avoid list: candidates that no named rule takes
away are counted as OTHER, be they avoided, below the floor or better placed elsewhere. Named counts
and OTHER add up to all candidates, so nothing follows by subtraction. A score below the floor is
not named for the same reason: it is what an avoided pair hides behind, so a programme does well to
keep its floor above 0. For that reason, too, a pin does not lift the floor, and a refused pin tells
no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.matching.overlap import shared, sizes
from bot.matching.people import Profile, Rules

Mask = NDArray[np.bool_]  # True: this pair is out; shape (mentees, mentors) or broadcast to it
People = Sequence[Profile]
Reasons = tuple[tuple[str, int], ...]  # (rule or OTHER, candidates lost to it)

OTHER = "other"


def same_person(mentees: People, mentors: People, rules: Rules) -> Mask:
    """Nobody mentors themselves."""
    del rules
    return np.asarray(_persons(mentees)[:, None] == _persons(mentors)[None, :])


def reporting_line(mentees: People, mentors: People, rules: Rules) -> Mask:
    """Nobody is paired with their own manager or report."""
    del rules
    below = _managers(mentees)[:, None] == _persons(mentors)[None, :]
    above = _persons(mentees)[:, None] == _managers(mentors)[None, :]
    return np.asarray(below | above)


def capacity(mentees: People, mentors: People, rules: Rules) -> Mask:
    """The mentor has no place left."""
    del mentees, rules
    return np.array([mentor.capacity <= 0 for mentor in mentors], bool)[None, :]


def paused(mentees: People, mentors: People, rules: Rules) -> Mask:
    """One of the two takes a break."""
    del rules
    return _either(mentees, mentors, lambda p: p.paused)


def guest_or_bot(mentees: People, mentors: People, rules: Rules) -> Mask:
    """One of the two is a guest of the workspace, or no human being."""
    del rules
    return _either(mentees, mentors, lambda p: p.guest or p.bot)


def no_common_language(mentees: People, mentors: People, rules: Rules) -> Mask:
    """They share no language; who named none is not held to it."""
    del rules
    left, right = [p.languages for p in mentees], [p.languages for p in mentors]
    both = (sizes(left) > 0)[:, None] & (sizes(right) > 0)[None, :]
    return np.asarray(both & (shared(left, right) == 0))


def same_team(mentees: People, mentors: People, rules: Rules) -> Mask:
    """They are in one team, where the programme does not want that; no team is nobody's team."""
    number = {team: k for k, team in enumerate({p.team for p in (*mentees, *mentors)} - {""})}
    left = np.array([number.get(p.team, -1) for p in mentees], np.int64)
    right = np.array([number.get(p.team, -2) for p in mentors], np.int64)
    return np.asarray((left[:, None] == right[None, :]) & (not rules.allow_same_team))


def past_pair(mentees: People, mentors: People, rules: Rules) -> Mask:
    """They were a pair before, whoever was the mentor then."""
    both_ways = (*rules.past_pairs, *((b, a) for a, b in rules.past_pairs))
    return _marked(both_ways, mentees, mentors, _person)


def forbidden(mentees: People, mentors: People, rules: Rules) -> Mask:
    """A coordinator said no to this pair."""
    pairs = ((mentee, mentor) for mentor, mentee in rules.forbidden)
    return _marked(pairs, mentees, mentors, lambda p: p.id)


def avoid(mentees: People, mentors: People, rules: Rules) -> Mask:
    """One of the two would rather not be paired with the other."""
    del rules
    wishes = [(p.person, other) for p in mentees for other in p.avoids]
    wishes += [(other, p.person) for p in mentors for other in p.avoids]
    return _marked(wishes, mentees, mentors, _person)


Rule = Callable[[People, People, Rules], Mask]
# In this order: a candidate lost to several rules is counted under the first.
NAMED: dict[str, Rule] = {
    "self": same_person,
    "guest_or_bot": guest_or_bot,
    "paused": paused,
    "capacity": capacity,
    "reporting_line": reporting_line,
    "past_pair": past_pair,
    "same_team": same_team,
    "no_common_language": no_common_language,
    "forbidden": forbidden,
}
UNNAMED: dict[str, Rule] = {"avoid": avoid}  # and "below_floor", which the scores decide


def blocked(mentees: People, mentors: People, rules: Rules) -> Mask:
    """Every pair that a hard rule keeps apart, the floor not counted: shape (mentees, mentors)."""
    mask = np.zeros((len(mentees), len(mentors)), bool)
    for rule in (*NAMED.values(), *UNNAMED.values()):
        mask |= rule(mentees, mentors, rules)
    return mask


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


def _tally(places: NDArray[np.int8]) -> Reasons:
    counts = np.bincount(places, minlength=len(NAMED) + 1)
    names = (*NAMED, OTHER)
    return tuple((n, int(c)) for n, c in zip(names, counts, strict=True) if c and n != "self")


def _person(profile: Profile) -> int:
    return profile.person


def _persons(people: People) -> NDArray[np.int64]:
    return np.array([p.person for p in people], np.int64)


def _managers(people: People) -> NDArray[np.int64]:
    return np.array([-1 if p.manager is None else p.manager for p in people], np.int64)


def _either(mentees: People, mentors: People, flag: Callable[[Profile], bool]) -> Mask:
    left = np.array([flag(p) for p in mentees], bool)
    right = np.array([flag(p) for p in mentors], bool)
    return np.asarray(left[:, None] | right[None, :])


def _marked(
    pairs: Iterable[tuple[int, int]],
    mentees: People,
    mentors: People,
    key: Callable[[Profile], int],
) -> Mask:
    """True where (key of the mentee, key of the mentor) is among the pairs."""
    named = list(pairs)
    rows = _places(mentees, key, {left for left, _ in named})
    columns = _places(mentors, key, {right for _, right in named})
    mask = np.zeros((len(mentees), len(mentors)) if rows and columns else (1, 1), bool)
    for left, right in named if columns else ():
        for row in rows.get(left, ()):
            mask[row, columns.get(right, [])] = True
    return mask


def _places(people: People, key: Callable[[Profile], int], named: set[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, profile in enumerate(people if named else ()):
        if key(profile) in named:
            places.setdefault(key(profile), []).append(place)
    return places
