"""What changed between the working out of a round and its announcement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from sqlmodel import Session

from bot.matching import first_broken
from storage import profiles, rules
from storage.models import Programme
from storage.proposals import Proposed


@dataclass(frozen=True)
class Broken:
    """A pair that keeps to every rule no longer."""

    proposed: Proposed
    rule: str  # a name in bot.matching.NAMED; "" when one of the two is no longer to be matched


def broken(
    session: Session, programme: Programme, pairs: Sequence[Proposed], now: datetime
) -> list[Broken]:
    """Of these pairs, those that a named rule keeps apart as things stand now.

    An avoid list is not looked at: the announcement leaves such a pair out in silence.
    """
    people = {p.id: p for p in profiles.of_programme(session, programme, now)}
    there, gone = list[Proposed](), list[Broken]()
    for pair in pairs:
        known = pair.mentor_part.id in people and pair.mentee_part.id in people
        if known and people[pair.mentor_part.id].mentor and people[pair.mentee_part.id].mentee:
            there.append(pair)
        else:
            gone.append(Broken(pair, ""))
    found = first_broken(
        [people[pair.mentee_part.id] for pair in there],
        [people[pair.mentor_part.id] for pair in there],
        rules.of_programme(session, programme, now),
    )
    kept_apart = [Broken(pair, rule) for pair, rule in zip(there, found, strict=True) if rule]
    left = [pair for pair, rule in zip(there, found, strict=True) if not rule]
    room = {pair.mentor_part.id: people[pair.mentor_part.id].capacity for pair in left}
    return [*gone, *kept_apart, *(Broken(pair, "capacity") for pair in _too_many(left, room))]


def _too_many(pairs: Sequence[Proposed], room: dict[int, int]) -> list[Proposed]:
    """The weakest pairs of mentors who have fewer places now than pairs."""
    over = []
    for pair in sorted(pairs, key=lambda p: (-p.proposal.score, p.proposal.id)):
        room[pair.mentor_part.id] -= 1
        if room[pair.mentor_part.id] < 0:
            over.append(pair)
    return over


def mark(found: Sequence[Broken]) -> str:
    """Another one whenever other pairs, or other rules, are concerned; "" when there are none."""
    lines = sorted(f"{one.proposed.proposal.id}:{one.rule}" for one in found)
    return f"{crc32(chr(10).join(lines).encode()):x}" if lines else ""
