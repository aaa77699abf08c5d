"""Two small questions about a round: an exchange of mentors, and a place for who comes late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.matching.people import Link, Profile, Rules
from bot.matching.rounds import Pair, match, score_pair
from bot.matching.rules import OTHER, first_broken

LOOP = "loop"  # they would mentor each other


@dataclass(frozen=True, slots=True)
class Swap:
    """Two mentees who would exchange mentors, everybody else staying where they are."""

    pairs: tuple[Link, Link]  # (mentor, mentee) as they would be
    refused: str | None  # the rule that forbids it; OTHER for the floor and for what is private
    scores: tuple[float, float] | None  # of the two pairs; nothing is told of what may not be
    loss: float  # what the sum of all scores would lose; below 0 when it would gain


def swap(
    profiles: Sequence[Profile],
    rules: Rules | None,
    first: int,
    second: int,
    seed: int = 0,
    pairs: Iterable[Link] | None = None,
) -> Swap:
    """What the programme loses when two mentees exchange mentors, or why they cannot.

    `pairs` is the round as it stands; without it the round is solved. A pair that somebody would
    rather avoid is refused in the same words as one below the floor. Raises ValueError when one of
    the two has no mentor, or as `match`.
    """
    rules = rules or Rules()
    if pairs is None:
        pairs = [(pair.mentor, pair.mentee) for pair in match(profiles, rules, seed).pairs]
    mentor_of = {mentee: mentor for mentor, mentee in pairs}
    if first == second or not {first, second} <= mentor_of.keys():
        raise ValueError("two different mentees who both have a mentor can exchange them")
    before = (mentor_of[first], first), (mentor_of[second], second)
    after = (mentor_of[second], first), (mentor_of[first], second)
    people = {p.id: p for p in profiles}
    if not {person for link in before for person in link} <= people.keys():
        raise ValueError("somebody of the two pairs takes no part any more")
    refused = next(filter(None, (_refused(people, rules, link) for link in after)), None)
    mentor_of.update((mentee, mentor) for mentor, mentee in after)
    if refused is None and _loops(people, mentor_of):
        refused = LOOP
    if refused is not None:
        return Swap(after, refused, None, 0.0)
    (old, other), (new, newer) = (
        [score_pair(people[guide], people[learner], rules)[0] for guide, learner in links]
        for links in (before, after)
    )
    return Swap(after, None, (new, newer), old + other - new - newer)


def place_for(
    profiles: Sequence[Profile], rules: Rules | None, mentee: int, seed: int = 0
) -> Pair | None:
    """The best free place for somebody who comes late, or None when there is none.

    Every approved pair (`rules.pinned`) stays. Nothing is solved: it is one look along all mentors.
    Raises ValueError when `mentee` is no mentee here, or as `match`.
    """
    rules = rules or Rules()
    late = next((p for p in profiles if p.id == mentee and p.mentee), None)
    if late is None:
        raise ValueError(f"participant {mentee} is no mentee of this round")
    taken = Counter(guide for guide, learner in rules.pinned if learner != mentee)
    people = {p.id: p for p in profiles}
    theirs = {  # the persons whom the latecomer is to mentor
        people[learner].person
        for guide, learner in rules.pinned
        if {guide, learner} <= people.keys() and people[guide].person == late.person
    }
    open_ = [
        replace(p, mentee=False, capacity=p.capacity - taken[p.id])
        for p in profiles
        if p.mentor and p.id != mentee and p.person not in theirs
    ]
    alone = replace(rules, pinned=frozenset(), fair=False)
    found = match([*open_, replace(late, mentor=False)], alone, seed).pairs
    return found[0] if found else None


def _refused(people: Mapping[int, Profile], rules: Rules, link: Link) -> str | None:
    """The rule that forbids this pair, whatever places there are."""
    guide, learner = people[link[0]], people[link[1]]
    guide = replace(guide, mentee=False, capacity=max(1, guide.capacity))
    if guide.person == learner.person:
        return "self"
    alone = replace(rules, pinned=frozenset(), fair=False)
    if match([guide, replace(learner, mentor=False)], alone).pairs:
        return None
    return first_broken([learner], [guide], rules)[0] or OTHER


def _loops(people: Mapping[int, Profile], mentor_of: Mapping[int, int]) -> bool:
    persons = {
        (people[guide].person, people[learner].person)
        for learner, guide in mentor_of.items()
        if {guide, learner} <= people.keys()
    }
    return any((b, a) in persons for a, b in persons)
