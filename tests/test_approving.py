"""Many pairs approved at once: how many is said before, and one press takes it back."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.approving import ApproveFrom, CountFrom
from bot.cards.matching import ApproveAll, AskScore, RoundSummary, TakeBack
from bot.cards.pairs import Approve, OpenPair, Unapprove
from bot.core.messages import Ask
from storage.models import Programme, Proposal, ProposalState, Vote
from tests.crowded import crowd
from tests.hands import Hands, meanings
from tests.reviewing import coordinator, proposed
from tests.world import World

pytestmark = pytest.mark.any_database

APPROVED = ProposalState.APPROVED


@pytest.fixture
def thomas(world: World, thomas: Hands) -> Hands:
    """Reviews a round of twenty pairs."""
    crowd(world, 20)
    thomas.types("/mentor review")
    return thomas


def fits(world: World, percent: int) -> set[int]:
    """The pairs that are shown with at least this percentage."""
    rows = world.rows(select(Proposal))
    return {row.id for row in rows if round(row.score * 100) >= percent}


def approved(world: World) -> set[int]:
    return {row.id for row in world.rows(select(Proposal)) if row.state is APPROVED}


def test_what_fits_well_enough_is_approved_after_the_number_was_told(
    world: World, thomas: Hands
) -> None:
    wanted = fits(world, 63)
    assert 0 < len(wanted) < 20
    thomas.presses(AskScore)
    thomas.presses(CountFrom(1), percent="63 %")
    assert f"{len(wanted)} undecided pairs fit 63% or better" in thomas.sees
    assert f"{20 - len(wanted)} stay undecided" in thomas.sees
    assert approved(world) == set()
    thomas.presses(ApproveFrom(1, 63))
    assert approved(world) == wanted
    assert f"Approved: {len(wanted)} pairs" in thomas.sees


def test_what_was_approved_at_once_is_taken_back_at_once_and_nothing_else(
    world: World, thomas: Hands
) -> None:
    lowest = min(world.rows(select(Proposal)), key=lambda row: row.score).id
    thomas.forges(Approve(lowest))
    thomas.presses(AskScore)
    thomas.presses(CountFrom)
    thomas.presses(ApproveFrom)
    [back] = [one for one in thomas.offers if isinstance(one, TakeBack)]
    some = next(iter(approved(world) - {lowest}))
    joost = coordinator(world, "Joost")
    joost.forges(Unapprove(some))
    joost.forges(Approve(some))  # his word now
    thomas.presses(back)
    assert approved(world) == {lowest, some}
    thomas.forges(back)
    assert approved(world) == {lowest, some}


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize(
    "typed",
    ["", "abc", "170", "0", "-5", "70.5", "=1+1", "<!channel>", "🎉", "مرحبا", "7" * 10_000],
)
def test_a_percentage_that_is_none_is_told_beside_the_field(
    world: World, locale: str, typed: str
) -> None:
    world.programme()
    thomas = coordinator(world, locale=locale)
    crowd(world, 4)
    thomas.types("/mentor review")
    thomas.presses(AskScore)
    thomas.presses(CountFrom(1), percent=typed)
    assert thomas.card is not None
    [ask] = thomas.card.all(Ask)
    assert ask.error
    assert approved(world) == set()


def test_nothing_is_offered_that_would_approve_nothing(world: World, thomas: Hands) -> None:
    thomas.presses(AskScore)
    thomas.presses(CountFrom(1), percent="100")
    assert not any(isinstance(one, ApproveFrom) for one in thomas.offers)
    thomas.presses(RoundSummary)
    thomas.presses(ApproveAll)
    assert approved(world) == fits(world, 0)
    assert not any(isinstance(one, AskScore | ApproveAll) for one in thomas.offers)
    assert len(proposed(world, APPROVED)) == 20


def test_in_a_committee_it_is_that_members_votes_but_not_on_the_pair_they_are_in(
    world: World, thomas: Hands
) -> None:
    joost = coordinator(world, "Joost")
    rows = world.rows(select(Proposal))
    with world.database.transaction() as session:
        session.get_one(Programme, 1).votes_needed = 2
    world.joins("Thomas", {"role": ("mentor",), "rhythm": ("weekly",)})
    own = rows[3].id
    part = thomas.takes_part()
    assert part is not None
    with world.database.transaction() as session:
        session.get_one(Proposal, own).mentor_id = part.id
    thomas.forges(OpenPair(own))
    thomas.types("/mentor review")
    thomas.presses(ApproveAll)
    assert "1 pair I left to the others" in thomas.sees
    assert approved(world) == set()
    votes = world.rows(select(Vote))
    assert {vote.proposal_id for vote in votes} == {row.id for row in rows} - {own}
    joost.types("/mentor review")
    joost.presses(ApproveAll)
    assert approved(world) == {row.id for row in rows}  # on his own pair one voter is left
    assert any(isinstance(one, TakeBack) for one in meanings(joost.card))
