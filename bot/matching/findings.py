"""What a round comes to, in figures that name nobody: how fits are spread, and who carries what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bot.matching.people import Link, Profile
from bot.matching.rounds import Outcome, Pair

TENTHS = 10


@dataclass(frozen=True)
class Findings:
    """Everything is a number of people or pairs, but for the pairs that were refused."""

    spread: tuple[int, ...] = (0,) * TENTHS  # pairs whose fit is 0 … 10 %, 10 … 20 %, and so on
    load: Mapping[int, int] = field(default_factory=dict)  # new mentees → mentors who had a place
    full: int = 0  # of those mentors, the ones who have no place left now
    wished: int = 0  # mentees whose first wish takes part
    first: int = 0  # of those, the ones who get it
    alone: int = 0  # mentees without a mentor
    idle: int = 0  # mentors without a mentee
    lost: Mapping[str, int] = field(default_factory=dict)  # rule → candidates it cost the alone
    refused: tuple[Link, ...] = ()  # fixed, and not to be kept all the same

    def as_dict(self) -> dict[str, Any]:
        """For a database; `known` reads it."""
        found: dict[str, Any] = _codec.dump_python(self, mode="json")
        return found


_codec = TypeAdapter(Findings)


def known(found: Mapping[str, Any]) -> Findings:
    """What `as_dict` gave. ValueError when it did not."""
    return _codec.validate_python(dict(found))


def findings(people: Sequence[Profile], firsts: Collection[Link], outcome: Outcome) -> Findings:
    """What is to be known of a round of these people, whose first wishes are these pairs."""
    mentees = Counter(pair.mentor for pair in outcome.pairs)
    idle = {one.participant for one in outcome.unmatched if one.role == "mentor"}
    places = {p.id: p.capacity for p in people if p.id in idle or p.id in mentees}
    lost: Counter[str] = Counter()
    wished, first = _wishes(people, firsts, outcome)
    alone = [one for one in outcome.unmatched if one.role == "mentee"]
    for one in alone:
        lost.update(dict(one.reasons))
    return Findings(
        spread=_spread(outcome.pairs),
        load=dict(sorted(Counter(mentees[id_] for id_ in places).items())),
        full=sum(mentees[id_] >= most for id_, most in places.items()),
        alone=len(alone),
        idle=len(idle),
        lost=dict(lost.most_common()),
        wished=wished,
        first=first,
        refused=outcome.refused_pins,
    )


def _spread(pairs: Sequence[Pair]) -> tuple[int, ...]:
    """By the percentage that is shown: 29.6 % reads as 30 %, so it is one of 30 … 40 %; the last range
    holds 100 % too."""
    tenths = Counter(min(TENTHS - 1, round(pair.score * 100) // TENTHS) for pair in pairs)
    return tuple(tenths[tenth] for tenth in range(TENTHS))


def _wishes(
    people: Sequence[Profile], firsts: Collection[Link], outcome: Outcome
) -> tuple[int, int]:
    """How many mentees had a first wish, and how many got it."""
    seeking = {p.id for p in people if p.mentee and not (p.paused or p.guest or p.bot)}
    wished = {mentee for _, mentee in firsts} & seeking
    return len(wished), sum((pair.mentor, pair.mentee) in firsts for pair in outcome.pairs)
