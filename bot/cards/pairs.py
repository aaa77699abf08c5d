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
class ReviewPair(InList):
    """Look at the pairs of a round one by one, what waits for a decision first."""

    round: int


@dataclass(frozen=True)
class ListPairs(InList):
    """The page of the list on which this place is."""

    round: int
    place: int = 0


@dataclass(frozen=True)
class FilterPairs(InList):
    """Ask which pairs somebody wants to see."""

    round: int


@dataclass(frozen=True)
class ShowPairs(Action):
    """The pairs that were asked for on the card itself."""

    round: int


@dataclass(frozen=True)
class OpenPair(InList):
    proposal: int


@dataclass(frozen=True)
class Approve(InList):
    """Yes to this pair; in a committee one vote of several."""

    proposal: int


@dataclass(frozen=True)
class VoteNo(InList):
    proposal: int


@dataclass(frozen=True)
class Unapprove(InList):
    """Undecided again; in a committee the own vote is taken back."""

    proposal: int


@dataclass(frozen=True)
class Keep(InList):
    """Whatever else changes, these two stay together; approving them is another matter."""

    proposal: int
    on: bool = True


@dataclass(frozen=True)
class AskForbid(InList):
    proposal: int


@dataclass(frozen=True)
class Forbid(InList):
    """Never these two: solve the round again without the pair."""

    proposal: int


@dataclass(frozen=True)
class OtherChoices(InList):
    proposal: int


@dataclass(frozen=True)
class Swap(Action):
    """Fix another mentor for this mentee and solve the rest again."""

    proposal: int
    mentor: int


@dataclass(frozen=True)
class Exchanges(InList):
    """With which other mentee this one could exchange mentors."""

    proposal: int


@dataclass(frozen=True)
class FindExchange(InList):
    """The same, for a mentee whose name was typed."""

    proposal: int


@dataclass(frozen=True)
class Exchange(InList):
    """These two mentees exchange mentors; `sure` once somebody has seen what it costs."""

    proposal: int
    other: int
    sure: bool = False
