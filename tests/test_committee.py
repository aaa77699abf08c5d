"""A committee decides together: votes that count, and conflicts of interest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from bot.cards.committee import SaveCommittee
from bot.cards.matching import Announce, ApproveAll, Rerun
from bot.cards.pairs import (
    Approve,
    AskForbid,
    Exchanges,
    Forbid,
    Keep,
    ListPairs,
    OpenPair,
    OtherChoices,
    ReviewPair,
    Unapprove,
    VoteNo,
)
from storage import roles
from storage.models import Person, Programme, ProposalState, Ruling, RulingKind, Vote
from tests.committees import Committee, committee, looks
from tests.hands import Hands, admin, meanings
from tests.reviewing import proposed
from tests.world import World

APPROVED, REJECTED = ProposalState.APPROVED, ProposalState.REJECTED


@pytest.fixture
def members(world: World) -> Committee:
    """Thomas, Joost and Iris: two of the three must say yes to the one pair that is proposed."""
    return committee(world)


def thinks_again(one: Hands) -> None:
    """Have the round worked out once more."""
    one.types("/mentor review")
    one.presses(Rerun)
    one.world.tick()


def dismiss(world: World, one: Hands) -> None:
    with world.database.transaction() as session:
        programme = session.get_one(Programme, 1)
        roles.dismiss(session, session.get_one(Person, one.row.id), programme)


def test_a_pair_is_approved_by_enough_votes_and_by_nothing_less(
    world: World, members: Committee
) -> None:
    thomas, joost, _ = members
    thomas.presses(Approve)
    thomas.forges(Approve(1))  # a second time
    assert proposed(world, APPROVED) == set()
    joost.forges(OpenPair(1))
    looks(joost)
    assert "1 van 2 stemmen" in joost.sees
    assert "Ja: Thomas." in joost.sees
    assert "Alleen de coördinatoren kunnen lezen wie wat heeft gestemd." in joost.sees
    joost.presses(Approve)
    assert proposed(world, APPROVED) == {("Bram", "Noor")}


def test_a_pair_is_voted_down_once_enough_can_never_be_reached(
    world: World, members: Committee
) -> None:
    thomas, joost, _ = members
    thomas.presses(VoteNo)
    assert proposed(world, ProposalState.PROPOSED) == {("Bram", "Noor")}
    joost.presses(VoteNo)
    assert proposed(world, REJECTED) == {("Bram", "Noor")}
    thomas.forges(Unapprove(1))
    assert proposed(world, ProposalState.PROPOSED) == {("Bram", "Noor")}
    thomas.forges(VoteNo(1))
    thinks_again(thomas)
    assert proposed(world) == set()  # the committee's no outlives the round
    [ruling] = world.rows(select(Ruling))
    assert ruling.kind is RulingKind.REJECTED


def test_votes_survive_a_new_round_of_the_same_pair(world: World, members: Committee) -> None:
    thomas, joost, _ = members
    thomas.presses(Approve)
    thinks_again(thomas)
    looks(joost)
    assert "1 van 2 stemmen" in joost.sees
    joost.presses(Approve)
    assert proposed(world, APPROVED) == {("Bram", "Noor")}
    thinks_again(joost)
    assert proposed(world, APPROVED) == {("Bram", "Noor")}


def test_who_no_longer_runs_the_programme_no_longer_has_a_vote(
    world: World, members: Committee
) -> None:
    thomas, joost, iris = members
    for one in (thomas, joost):
        one.presses(Approve)
    assert proposed(world, APPROVED) == {("Bram", "Noor")}
    dismiss(world, joost)
    looks(iris)
    assert "1 of 2 votes" in iris.sees
    assert "Joost" not in iris.sees
    answer = iris.forges(Announce(1, sure=True))
    assert proposed(world, APPROVED) == set()
    assert meanings(answer) == [ReviewPair(1)]


def test_a_committee_that_is_too_small_decides_nothing(world: World, members: Committee) -> None:
    thomas, joost, iris = members
    thomas.presses(Approve)
    dismiss(world, joost)
    dismiss(world, iris)
    thomas.types("/mentor review")
    assert "nothing can be approved yet" in thomas.sees
    assert proposed(world, APPROVED) == set()
    thomas.types("/mentor committee")
    thomas.presses(SaveCommittee, votes="1")
    thomas.types("/mentor review")
    thomas.presses(ApproveAll)
    assert proposed(world, APPROVED) == {("Bram", "Noor")}


def test_who_is_one_of_the_two_has_no_vote_and_sees_no_reasons(
    world: World, members: Committee
) -> None:
    thomas, joost, iris = members
    with world.database.transaction() as session:
        roles.appoint(
            session,
            session.get_one(Person, world.rows(select(Person).where(Person.name == "Bram"))[0].id),
            session.get_one(Programme, 1),
        )
    bram = world.people["Bram"]
    assert isinstance(bram, Hands)
    bram.types("/mentor review")
    assert not any(isinstance(one, ApproveAll) for one in bram.offers)
    for card in (bram.forges(OpenPair(1)), bram.forges(ListPairs(1)), bram.forges(Approve(1))):
        assert "presenting" not in repr(card).casefold()
        assert "%" not in repr(card)
    for action in (VoteNo(1), OtherChoices(1), Exchanges(1), Keep(1), AskForbid(1), Forbid(1)):
        assert "one of these two yourself" in repr(bram.forges(action))
    bram.forges(ApproveAll(1))
    assert not world.rows(select(Vote))
    assert not world.rows(select(Ruling))
    for one in (thomas, joost):
        one.presses(Approve)
    assert proposed(world, APPROVED) == {("Bram", "Noor")}
    assert iris is members[2]


def test_an_administrator_who_is_no_coordinator_looks_but_has_no_vote(
    world: World, members: Committee
) -> None:
    ada = admin(world, "Ada")
    looks(ada)
    assert "You are not on the committee" in ada.sees
    for action in (Approve(1), VoteNo(1), ApproveAll(1)):
        ada.forges(action)
    assert not world.rows(select(Vote))
    assert len(members) == 3


def test_two_votes_at_the_same_moment_both_count(world: World, members: Committee) -> None:
    thomas, joost, iris = members
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda one: one.forges(Approve(1)), (thomas, joost, iris)))
    assert proposed(world, APPROVED) == {("Bram", "Noor")}
    assert len(world.rows(select(Vote))) == 3


def test_bulk_and_single_votes_at_the_same_moment_neither_fail_nor_count_twice(
    world: World, members: Committee
) -> None:
    thomas, joost, _ = members
    deeds = [
        (thomas, ApproveAll(1)),
        (thomas, Approve(1)),
        (joost, ApproveAll(1)),
        (joost, VoteNo(1)),
    ]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda deed: deed[0].forges(deed[1]), deeds))
    assert None not in answers
    votes = {(vote.person_id, vote.yes) for vote in world.rows(select(Vote))}
    assert (thomas.row.id, True) in votes
    assert len(votes) == 2
