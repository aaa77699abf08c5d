"""Two coordinators press at the same moment: a round is announced or replaced, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from bot.cards.matching import (
    Announce,
    ApproveAll,
    Rerun,
)
from bot.core.actions import RunCommand
from storage import rounds
from storage.models import (
    AuditEntry,
    Person,
    Programme,
    Proposal,
    ProposalState,
    Round,
    RoundState,
)
from tests.hands import Hands, meanings
from tests.reviewing import (
    coordinator,
    last_round,
    mentee,
    mentor,
    paired,
    proposed,
    reviews_one_pair,
)
from tests.world import World

pytestmark = pytest.mark.any_database


@pytest.fixture
def thomas(thomas: Hands) -> Hands:
    """Reviews a round in which one pair is proposed: Bram and Noor."""
    return reviews_one_pair(thomas)


def test_two_coordinators_who_announce_at_the_same_moment_announce_once(
    world: World, thomas: Hands
) -> None:
    joost = coordinator(world, "Joost")
    thomas.presses(ApproveAll)
    with ThreadPoolExecutor(2) as threads:
        answers = list(
            threads.map(lambda hands: hands.forges(Announce(1, sure=True)), (thomas, joost))
        )
    over = [meanings(answer) == [RunCommand("review")] for answer in answers]
    assert sorted(over) == [False, True]
    world.tick()
    assert paired(world) == {("Bram", "Noor")}
    announcing = [row for row in world.rows(select(AuditEntry)) if row.did == "announced"]
    assert len(announcing) == 1
    for name in ("Bram", "Noor"):
        hands = world.people[name]
        assert isinstance(hands, Hands)
        assert len(hands.received) == 1


def test_what_one_announces_another_cannot_match_again_or_approve_meanwhile(
    world: World, thomas: Hands
) -> None:
    """All at once, again and again: a round is announced or replaced, never both."""
    joost = coordinator(world, "Joost")
    for name in ("Eva", "Max"):
        mentor(world, name)
    for name in ("Sem", "Kim"):
        mentee(world, name)
    deeds = (
        (thomas, lambda id_: Announce(id_, sure=True)),
        (joost, Rerun),
        (thomas, ApproveAll),
        (joost, lambda id_: Announce(id_, sure=True)),
    )
    for _ in range(4):
        thomas.types("/mentor match")
        world.tick()
        id_ = last_round(world).id
        thomas.forges(ApproveAll(id_))
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda deed: deed[0].forges(deed[1](id_)), deeds))  # noqa: B023
        for _ in range(3):
            world.tick()
    mentees = [pair[1] for pair in paired(world)]
    assert len(mentees) == len(set(mentees)) == 3
    announced = [row.round_id for row in world.rows(select(Proposal)) if row.state == "announced"]
    states = {row.id: row.state for row in world.rows(select(Round))}
    assert {states[id_] for id_ in announced} == {RoundState.ANNOUNCED}
    assert all(
        row.state is not ProposalState.APPROVED or states[row.round_id] is not RoundState.ANNOUNCED
        for row in world.rows(select(Proposal))
    )


def test_a_round_is_read_again_when_it_is_held(world: World, thomas: Hands) -> None:
    """Somebody else may have announced it between the first look and the lock."""
    if world.database.is_sqlite:
        return  # there one transaction waits for the other from its first look on
    with world.database.transaction() as session:
        assert session.get_one(Round, 1).state is RoundState.REVIEW
        with world.database.transaction() as other:
            other.get_one(Round, 1).state = RoundState.ANNOUNCING
        held = rounds.locked(session, 1)
        assert held is not None
        assert held.state is RoundState.ANNOUNCING
        programme = session.get_one(Programme, 1)
        rounds.request(session, programme, session.get_one(Person, thomas.row.id), world.now)
    assert [row.state for row in world.rows(select(Round))] == [
        RoundState.ANNOUNCING,
        RoundState.REQUESTED,
    ]
    assert proposed(world) == set()
