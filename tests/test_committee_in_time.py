"""How many votes a committee needs and by when: reminded once, and told what is left undecided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.committee import SaveCommittee
from bot.cards.matching import Announce
from bot.cards.pairs import (
    Approve,
    ListPairs,
    OpenPair,
)
from bot.core.messages import Ask
from storage.models import Programme, Proposal, ProposalState
from tests.committees import Committee, committee
from tests.hands import Hands
from tests.reviewing import coordinator, last_round, proposed, reviews_one_pair
from tests.world import World

APPROVED, REJECTED = ProposalState.APPROVED, ProposalState.REJECTED


@pytest.fixture
def members(world: World) -> Committee:
    """Thomas, Joost and Iris: two of the three must say yes to the one pair that is proposed."""
    return committee(world)


# --- the last day ---


def reminders(one: Hands) -> int:
    return sum(
        "wait for your vote" in text or "waits for your vote" in text for text in one.all_seen
    )


def test_whoever_has_not_voted_is_reminded_once_a_day_before_and_all_hear_what_is_undecided(
    world: World, members: Committee
) -> None:
    """Monday; three working days: until Thursday at five."""
    thomas, joost, iris = members
    thomas.presses(Approve)
    assert "Please vote before Thursday 5 March 17:00" in overview(iris)
    before = [reminders(one) for one in members]
    world.passes(days=1, hours=20)  # Wednesday morning, six
    assert [reminders(one) for one in members] == before
    world.passes(hours=20)
    assert reminders(iris) == before[2] + 1
    assert reminders(thomas) == before[0]
    assert sum("wacht nog 1 koppel op jouw stem" in text for text in joost.all_seen) == 1
    world.passes(days=3)
    told = [text for text in iris.all_seen if "The days to vote" in text]
    assert len(told) == 1
    assert "Bram – Noor · 1 of 2 votes" in told[0]
    assert proposed(world, APPROVED) == set()
    iris.presses(ListPairs)
    iris.presses(OpenPair)
    iris.presses(Approve)  # late, but it is still theirs to decide
    assert proposed(world, APPROVED) == {("Bram", "Noor")}


def overview(one: Hands) -> str:
    one.types("/mentor review")
    return one.sees


def test_nobody_is_reminded_of_what_is_decided_or_announced(
    world: World, members: Committee
) -> None:
    thomas, joost, iris = members
    for one in (thomas, joost):
        one.presses(Approve)
    thomas.types("/mentor review")
    thomas.presses(Announce)
    thomas.presses(Announce)
    before = reminders(iris)
    world.passes(days=5)
    assert reminders(iris) == before
    assert not any("The days to vote" in text for text in iris.all_seen)


@pytest.mark.parametrize(("days", "closes"), [(1, 1), (3, 3), (5, 7), (20, 28)])
def test_the_days_to_vote_are_working_days(world: World, days: int, closes: int) -> None:
    world.programme(votes_needed=2, vote_days=days)
    thomas = coordinator(world)
    coordinator(world, "Joost")
    reviews_one_pair(thomas)
    at = last_round(world).votes_close_at
    assert at is not None
    assert at.date() == world.now.date() + timedelta(days=closes)


# --- how many ---


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize(
    ("votes", "days"),
    [
        ("4", "3"), ("0", "3"), ("-1", "3"), ("", "3"), ("two of three", "3"), ("2", "21"),
        ("2", "0"), ("2", ""), ("2", "🎉"), ("<!channel>", "=1+1"), ("9" * 10_000, "1"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_told_beside_its_field_and_nothing_changes(
    world: World, locale: str, votes: str, days: str
) -> None:
    world.programme(votes_needed=2)
    thomas = coordinator(world, locale=locale)
    coordinator(world, "Joost")
    coordinator(world, "Iris")
    thomas.types("/mentor commissie")
    thomas.presses(SaveCommittee, votes=votes, days=days)
    assert thomas.card is not None
    assert any(ask.error for ask in thomas.card.all(Ask))
    [programme] = world.rows(select(Programme))
    assert (programme.votes_needed, programme.vote_days) == (2, 3)


def test_a_change_counts_at_once_for_the_round_under_review(
    world: World, members: Committee
) -> None:
    thomas, _, _ = members
    thomas.presses(Approve)
    thomas.types("/mentor committee")
    thomas.presses(SaveCommittee, votes="1", days="5")
    assert "Each coordinator can approve a pair alone" in thomas.sees
    assert last_round(world).votes_close_at is None
    thomas.types("/mentor committee")
    thomas.presses(SaveCommittee, votes="3")
    closes = last_round(world).votes_close_at
    assert closes is not None
    assert closes.date() == world.now.date() + timedelta(days=7)
    assert proposed(world, ProposalState.PROPOSED) == {("Bram", "Noor")}


def test_nobody_else_changes_how_a_programme_decides(world: World, members: Committee) -> None:
    del members
    world.programme("Lead")
    noor = world.people["Noor"]
    kim = coordinator(world, "Kim", programme=2)
    for one in (noor, kim):
        assert isinstance(one, Hands)
        answer = one.forges(SaveCommittee(1), votes=("1",), days=("1",))
        assert "Thomas" not in repr(answer)
    assert world.rows(select(Programme))[0].votes_needed == 2
    assert [row.id for row in world.rows(select(Proposal))] == [1]
