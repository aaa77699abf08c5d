"""Somebody who sees every figure, knows who answered what survey, and wants to know what one said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from bot.content import standard
from storage.freezing import Crowd, Earlier, freeze

[USEFUL] = [question for question in standard().pulse if question.key == "useful"]
LOW, HIGH = 1, 5
Shown = tuple[dict[str, object], ...]


@dataclass(frozen=True)
class Somebody:
    """A person who answers the same every time, and is erased before the second survey closes."""

    side: str
    says: int
    waves: frozenset[int]
    erased: bool = False


Everybody = tuple[Somebody, ...]


def shown(everybody: Everybody, k: int, waves: int) -> Shown:
    """All that is ever shown of one question."""
    totals = []
    for wave in range(waves):
        for side in ("mentor", "mentee"):
            said = [p.says for p in everybody if p.side == side and wave in p.waves]
            totals.append((sum(said), len(said)))
    crowds = tuple(_crowd(everybody, wave, now) for now in range(waves) for wave in range(now + 1))
    return _shown(tuple(totals), crowds, k)


def _crowd(everybody: Everybody, wave: int, now: int) -> tuple[frozenset[int], frozenset[int]]:
    """Who is known to have answered a survey when another one closes."""
    known = {
        number: person
        for number, person in enumerate(everybody)
        if wave in person.waves and not (person.erased and now)
    }
    mentors = frozenset(number for number, person in known.items() if person.side == "mentor")
    return mentors, frozenset(known) - mentors


@cache
def _shown(
    totals: tuple[tuple[int, int], ...],
    crowds: tuple[tuple[frozenset[int], frozenset[int]], ...],
    k: int,
) -> Shown:
    found: list[dict[str, object]] = []
    waiting = iter(crowds)
    for now in range(len(totals) // 2):
        known = [_named(next(waiting)) for _ in range(now + 1)]
        before = [
            Earlier(k, crowd, {USEFUL.key: past})  # type: ignore[dict-item]
            for crowd, past in zip(known, found, strict=False)
        ]
        said = [
            (side, str(one))
            for side, (total, n) in zip(("mentor", "mentee"), totals[2 * now :], strict=False)
            for one in summing_to(total, n)
        ]
        found.append(dict(freeze(USEFUL, said, k, known[-1], before)))
    return tuple(found)


def _named(crowd: tuple[frozenset[int], frozenset[int]]) -> Crowd:
    mentors, mentees = crowd
    return {"all": mentors | mentees, "mentor": mentors, "mentee": mentees}


def summing_to(total: int, n: int) -> list[int]:
    """Some answers with this sum; a mean tells no more than a sum does."""
    return [total // n + (number < total % n) for number in range(n)] if n else []


def doubt(
    everybody: Everybody, victim: int, k: int, waves: int, *, insider: int | None = None
) -> Everybody | None:
    """Other answers that would have looked the same, in which the victim said something else; None
    when there are none. An insider knows their own answer. Tried are the simplest first."""
    seen = shown(everybody, k, waves)
    groups: dict[tuple[str, frozenset[int]], list[int]] = {}
    for number, person in enumerate(everybody):
        groups.setdefault((person.side, person.waves), []).append(number)
    for changes in _changes(len(groups)):
        other = _changed(everybody, tuple(groups.values()), changes, victim, insider)
        if other and shown(other, k, waves) == seen:
            return other
    return None


@cache
def _changes(groups: int) -> tuple[tuple[int, ...], ...]:
    """By how much the sum of each group may differ: in three groups at most."""
    found = set()
    for some in combinations(range(groups), min(3, groups)):
        for by in product(range(-6, 7), repeat=len(some)):
            found.add(tuple(dict(zip(some, by, strict=True)).get(at, 0) for at in range(groups)))
    return tuple(sorted(found, key=lambda by: (sum(map(abs, by)), by)))


def _changed(
    everybody: Everybody,
    groups: Sequence[Sequence[int]],
    changes: Sequence[int],
    victim: int,
    insider: int | None,
) -> Everybody | None:
    """Everybody with these changes to the sums of the groups, and another answer of the victim."""
    for step in (1, -1, 2, -2, 3, -3, 4, -4):
        says: dict[int, int] = {}
        for members, by in zip(groups, changes, strict=True):
            fixed = {insider} if insider in members else set[int | None]()
            fixed |= {victim} if victim in members else set()
            free = [one for one in members if one not in fixed]
            rest = sum(everybody[one].says for one in free) + by
            if victim in members:
                says[victim] = everybody[victim].says + step
                rest -= step
            if not len(free) * LOW <= rest <= len(free) * HIGH:
                break
            says |= dict(zip(free, summing_to(rest, len(free)), strict=True))
        else:
            if LOW <= says[victim] <= HIGH:
                return _saying(everybody, says)
    return None


def _saying(everybody: Everybody, says: Mapping[int, int]) -> Everybody:
    return tuple(
        Somebody(one.side, says.get(number, one.says), one.waves, one.erased)
        for number, one in enumerate(everybody)
    )
