"""While a round is worked out people decide on, and processes die, sleep and stop: one round comes of it."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.matching import (
    Announce,
    ApproveAll,
)
from bot.cards.pairs import Approve, Forbid, Unapprove
from scheduler.rounds import compute_requested
from storage import computing
from storage.models import (
    Programme,
    Proposal,
    ProposalState,
    Round,
    RoundState,
)
from tests.hands import Hands
from tests.meanwhile import meanwhile
from tests.reviewing import (
    by_participant,
    last_round,
    matches,
    mentee,
    mentor,
    one_of_each,
    paired,
    proposed,
    round_states,
)
from tests.world import World


@pytest.fixture
def thomas(thomas: Hands) -> Hands:
    """Coordinates Grow, in which Bram is a mentor and Noor looks for one."""
    one_of_each(thomas.world)
    return thomas


def lease_ends(world: World) -> None:
    """Nothing was heard of whoever works on the round for a long time."""
    with world.database.transaction() as session:
        round_ = session.get_one(Round, 1)
        assert round_.claimed_until is not None
        round_.claimed_until -= 2 * computing.LEASE


# --- thought again meanwhile ---


def test_what_is_approved_meanwhile_is_approved_in_the_new_round(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches(world, thomas)
    thomas.types("/mentor match")
    meanwhile(monkeypatch, lambda: thomas.forges(Approve(1)))
    world.tick()
    assert round_states(world) == [RoundState.REPLACED, RoundState.REVIEW]
    assert proposed(world, ProposalState.APPROVED) == {("Bram", "Noor")}


def test_what_is_no_longer_approved_is_not_approved_in_the_new_round(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches(world, thomas)
    thomas.presses(ApproveAll)
    thomas.types("/mentor match")
    meanwhile(monkeypatch, lambda: thomas.forges(Unapprove(1)))
    world.tick()
    assert proposed(world, ProposalState.APPROVED) == set()
    assert proposed(world, ProposalState.PROPOSED) == {("Bram", "Noor")}


def test_what_is_forbidden_meanwhile_is_not_in_the_new_round(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches(world, thomas)
    heard = len(thomas.received)
    thomas.types("/mentor match")
    meanwhile(monkeypatch, lambda: thomas.forges(Forbid(1)))
    world.tick()
    assert round_states(world) == [RoundState.REPLACED, RoundState.REVIEW]
    assert proposed(world) == set()
    assert len(thomas.received) == heard + 1


def test_who_is_announced_meanwhile_is_not_matched_a_second_time(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentor(world, "Eva")
    matches(world, thomas)
    thomas.presses(ApproveAll)
    thomas.types("/mentor match")
    mentee(world, "Sem")
    meanwhile(monkeypatch, lambda: thomas.forges(Announce(1, sure=True)))
    world.tick()
    world.tick()
    assert round_states(world) == [RoundState.ANNOUNCED, RoundState.REVIEW]
    [told] = paired(world)
    [other] = proposed(world)
    assert set(told).isdisjoint(other)
    assert {*told, *other} == {"Bram", "Eva", "Noor", "Sem"}


def test_who_changes_a_rule_meanwhile_and_asks_again_gets_the_round_by_the_new_rule(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stricter() -> None:
        with world.database.transaction() as session:
            session.get_one(Programme, 1).floor = 0.9
        thomas.types("/mentor match")

    thomas.types("/mentor match")
    meanwhile(monkeypatch, stricter)
    world.tick()
    assert round_states(world) == [RoundState.REVIEW]
    assert last_round(world).terms["floor"] == 0.9
    assert proposed(world) == set()
    assert len(thomas.received) == 1


# --- processes that die, sleep, stop ---


def test_a_process_that_slept_finds_its_round_done_by_another(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another() -> None:
        lease_ends(world)
        assert compute_requested(world.database, lambda: world.now, lambda: False) == 1

    thomas.types("/mentor match")
    meanwhile(monkeypatch, another)
    world.tick()
    assert round_states(world) == [RoundState.REVIEW]
    assert len(world.rows(select(Proposal))) == 1
    assert len(thomas.received) == 1


def test_a_process_that_slept_leaves_the_round_to_who_has_only_begun_it(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begins() -> None:
        lease_ends(world)
        with world.database.transaction() as session:
            assert computing.claim(session)

    thomas.types("/mentor match")
    meanwhile(monkeypatch, begins)
    world.tick()
    assert round_states(world) == [RoundState.COMPUTING]
    assert not world.rows(select(Proposal))
    assert not thomas.received


def test_nobody_takes_a_round_that_somebody_works_on(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = list[int]()

    def another() -> None:
        done.append(compute_requested(world.database, lambda: world.now, lambda: False))

    thomas.types("/mentor match")
    meanwhile(monkeypatch, another)
    world.tick()
    assert done == [0]
    assert round_states(world) == [RoundState.REVIEW]


def test_a_bot_that_is_stopped_leaves_the_round_to_the_next(world: World, thomas: Hands) -> None:
    thomas.types("/mentor match")
    assert compute_requested(world.database, lambda: world.now, lambda: True) == 0
    assert round_states(world) == [RoundState.REQUESTED]
    world.tick()
    assert round_states(world) == [RoundState.REVIEW]


@pytest.mark.parametrize("restarted", [True, False])
def test_half_a_round_that_a_dead_process_saved_is_forgotten(
    world: World, thomas: Hands, restarted: bool
) -> None:
    mentor(world, "Eva", skills_offered=("welding",))
    part = {name: id_ for id_, name in by_participant(world).items()}
    thomas.types("/mentor match")
    with world.database.transaction() as session:
        held = computing.claim(session)
        assert held
        pair = {"round_id": 1, "mentor_id": part["Eva"], "mentee_id": part["Noor"], "score": 0.5}
        more = {"state": ProposalState.PROPOSED, "bonus": 0.0, "contributions": []}
        computing.put(session, held, Proposal, [pair | more])
    if restarted:
        with world.database.transaction() as session:
            computing.release_all(session)
    else:
        lease_ends(world)
    world.tick()
    assert round_states(world) == [RoundState.REVIEW]
    assert proposed(world) == {("Bram", "Noor")}
