"""How the pairs of a round are decided on: by one coordinator, or by the votes of several."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.texts import Translator


@dataclass(frozen=True)
class Voting:
    """Who decides on the pairs of a round, and until when."""

    needed: int = 1  # who must say yes to a pair
    members: int = 1
    closes: datetime | None = None  # until when they vote
    zone: str = "UTC"
    mine: int | None = None  # pairs that wait for the vote of whoever looks, if they have one

    @property
    def by_committee(self) -> bool:
        return self.needed > 1

    @property
    def too_few(self) -> bool:
        """Whether nothing can be approved, because fewer vote than must say yes."""
        return self.by_committee and self.members < self.needed


ALONE = Voting()  # one coordinator suffices


def told(t: Translator, voting: Voting) -> str:
    """How a committee decides, and what is asked of whoever looks."""
    if voting.too_few:
        return t.plural(
            "A pair needs {needed} votes and only {n} person runs this programme, so nothing can"
            " be approved yet: “mentor committee” changes that.",
            "A pair needs {needed} votes and only {n} people run this programme, so nothing can"
            " be approved yet: “mentor committee” changes that.",
            voting.members,
            needed=voting.needed,
        )
    lines = [
        t(
            "A pair is approved when {needed} of the {members} coordinators say yes. All of them can"
            " read who voted what; nobody else can.",
            needed=voting.needed,
            members=voting.members,
        )
    ]
    if voting.closes:
        moment = t.moment(voting.closes, voting.zone)
        lines.append(t("Please vote before {moment}.", moment=moment))
    if voting.mine is not None:
        lines.append(
            t.plural("{n} pair waits for your vote.", "{n} pairs wait for your vote.", voting.mine)
        )
    return " ".join(lines)


def approve_all(t: Translator, voting: Voting) -> str:
    """The label of the button that says yes to whatever is undecided."""
    return t("Vote yes to all") if voting.by_committee else t("Approve all")
