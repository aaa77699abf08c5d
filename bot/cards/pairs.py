"""What can be done with a proposed pair; each button knows the list that it was opened from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

from bot.core.actions import Action, StaleAction

DOUBTFUL, EXCELLENT = (
    40,
    70,
)  # per cent: below the one a closer look, from the other on a fine match
LONGEST_WORD = 60  # characters that a list is searched for


class Show(IntEnum):
    """Which pairs of a round are listed."""

    EVERY = 0
    DOUBTFUL = 1
    UNDECIDED = 2
    REJECTED = 3
    MINE = 4  # those that wait for the vote of whoever looks


@dataclass(frozen=True)
class Narrow:
    """What a list of pairs was narrowed down to."""

    show: Show = Show.EVERY
    mentor: int = 0  # participant id; 0 is every mentor
    word: str = ""  # a part of a name or department

    @property
    def inside(self) -> dict[str, Any]:
        """The same as the fields of a button."""
        return {**asdict(self), "show": int(self.show)}


EVERY = Narrow()


@dataclass(frozen=True)
class OfRound(Action):
    """Done with a round under review."""

    round: int


@dataclass(frozen=True, kw_only=True)
class InList(Action):
    """Done from a list, so that the way back leads to the same page of it."""

    show: int = 0
    mentor: int = 0
    word: str = ""

    @property
    def narrow(self) -> Narrow:
        if self.show not in set(Show):
            raise StaleAction
        return Narrow(Show(self.show), self.mentor, self.word)


@dataclass(frozen=True)
class OfPair(InList):
    """Done with a proposed pair."""

    proposal: int


@dataclass(frozen=True)
class ReviewPair(InList, OfRound):
    """Look at the pairs of a round one by one, what waits for a decision first."""


@dataclass(frozen=True)
class ListPairs(InList, OfRound):
    """The page of the list on which this place is."""

    place: int = 0


@dataclass(frozen=True)
class FilterPairs(InList, OfRound):
    """Ask which pairs somebody wants to see."""


@dataclass(frozen=True)
class ShowPairs(OfRound):
    """The pairs that were asked for on the card itself."""


@dataclass(frozen=True)
class OpenPair(OfPair):
    """Look at this pair."""


@dataclass(frozen=True)
class Approve(OfPair):
    """Yes to this pair; in a committee one vote of several."""


@dataclass(frozen=True)
class VoteNo(OfPair):
    """A vote against this pair."""


@dataclass(frozen=True)
class Unapprove(OfPair):
    """Undecided again; in a committee the own vote is taken back."""


@dataclass(frozen=True)
class Keep(OfPair):
    """Whatever else changes, these two stay together; approving them is another matter."""

    on: bool = True


@dataclass(frozen=True)
class AskForbid(OfPair):
    """Ask why these two should never be a pair."""


@dataclass(frozen=True)
class Forbid(OfPair):
    """Never these two: solve the round again without the pair."""


@dataclass(frozen=True)
class OtherChoices(OfPair):
    """Who else could be the mentor."""


@dataclass(frozen=True)
class Swap(Action):
    """Fix another mentor for this mentee and solve the rest again."""

    proposal: int
    mentor: int


@dataclass(frozen=True)
class Exchanges(OfPair):
    """With which other mentee this one could exchange mentors."""


@dataclass(frozen=True)
class FindExchange(OfPair):
    """The same, for a mentee whose name was typed."""


@dataclass(frozen=True)
class Exchange(OfPair):
    """These two mentees exchange mentors; `sure` once somebody has seen what it costs."""

    other: int
    sure: bool = False
