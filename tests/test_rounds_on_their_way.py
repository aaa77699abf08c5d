"""While a round is worked out people go on, coordinators look how far it is, stop it, think again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.cards.matching import (
    Announce,
    ApproveAll,
)
from bot.cards.on_its_way import HowFar, StopRound
from bot.cards.pairs import Approve, AskForbid, Forbid, ReviewPair, Unapprove
from bot.core.actions import RunCommand
from scheduler.rounds import compute_requested
from storage import computing
from storage.models import (
    Programme,
    ProgrammeState,
    Proposal,
    ProposalState,
    Round,
    RoundState,
)
from tests.hands import Hands, meanings
from tests.meanwhile import meanwhile
from tests.reviewing import (
    by_participant,
    coordinator,
    last_round,
    matches,
    mentee,
    mentor,
    paired,
    proposed,
)
from tests.world import World


@pytest.fixture
def thomas(thomas: Hands) -> Hands:
    """Coordinates Grow, in which Bram is a mentor and Noor looks for one."""
    mentor(thomas.world, "Bram")
    mentee(thomas.world, "Noor")
    return thomas


def states(world: World) -> list[RoundState]:
    return [row.state for row in world.rows(select(Round).order_by(col(Round.id)))]


def stands(world: World) -> ProgrammeState:
    [programme] = world.rows(select(Programme))
    return programme.state


def lease_ends(world: World) -> None:
    """Nothing was heard of whoever works on the round for a long time."""
    with world.database.transaction() as session:
        round_ = session.get_one(Round, 1)
        assert round_.claimed_until is not None
        round_.claimed_until -= 2 * computing.LEASE


# --- how far is it? ---


def test_people_are_answered_while_a_round_is_worked_out(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    sem = Hands(world, "Sem")
    meanwhile(monkeypatch, lambda: sem.types("/mentor language nl"))
    assert matches(world, thomas).state is RoundState.REVIEW
    assert sem.row.locale == "nl"


@pytest.mark.parametrize(("locale", "label"), [("nl", "Hoe ver is het?"), ("en", "How far is it?")])
def test_a_coordinator_sees_how_far_it_is(
    world: World, thomas: Hands, locale: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    joost, seen = coordinator(world, "Joost", locale), list[str]()

    def looks() -> None:
        joost.clicks(label)
        seen.append(joost.sees)
        joost.types("/mentor match")
        seen.append(joost.sees)

    meanwhile(monkeypatch, looks)
    joost.types("/mentor match")
    world.now += timedelta(minutes=2)
    world.tick()
    assert all("43" in card and "2 min" in card for card in seen)
    assert states(world) == [RoundState.REVIEW]
    assert len(joost.received) == len(thomas.received) == 1


def test_who_asks_how_far_it_is_once_it_is_there_sees_it(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    assert ApproveAll(1) in meanings(thomas.forges(HowFar(1)))


# --- stopped ---


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_a_round_that_is_stopped_is_thrown_away_and_nobody_hears_of_it(
    world: World, thomas: Hands, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    joost = coordinator(world, "Joost", locale)
    joost.types("/mentor match")
    meanwhile(monkeypatch, lambda: joost.presses(StopRound(1)))
    world.tick()
    assert states(world) == [RoundState.CANCELLED]
    assert stands(world) is ProgrammeState.ENROLLING
    assert not world.rows(select(Proposal))
    assert thomas.received == joost.received == []
    assert joost.offers == [RunCommand("match", "grow")]
    matches(world, joost)
    assert proposed(world) == {("Bram", "Noor")}


def test_a_round_is_stopped_before_it_began(world: World, thomas: Hands) -> None:
    thomas.types("/mentor match")
    thomas.presses(StopRound)
    world.tick()
    assert states(world) == [RoundState.CANCELLED]
    assert "Stopped" in thomas.sees


def test_who_asked_hears_once_that_another_coordinator_stopped_it(
    world: World, thomas: Hands
) -> None:
    joost = coordinator(world, "Joost", "nl")
    joost.types("/mentor match")
    for _ in range(2):
        thomas.forges(StopRound(1))
    world.tick()
    assert len(joost.received) == 1
    assert "Thomas" in joost.sees
    assert "gestopt" in joost.sees
    assert thomas.received == []


def test_only_a_coordinator_of_the_programme_stops_its_round(world: World, thomas: Hands) -> None:
    world.programme("Other")
    eve, noor = coordinator(world, "Eve", programme=2), world.people["Noor"]
    thomas.types("/mentor match")
    assert isinstance(noor, Hands)
    for stranger in (eve, noor):
        stranger.forges(StopRound(1))
        stranger.forges(HowFar(1))
        stranger.forges(StopRound(2**31 - 1))
    assert states(world) == [RoundState.REQUESTED]


def test_too_late_to_stop_does_no_harm(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    thomas.forges(StopRound(1))
    assert states(world) == [RoundState.REVIEW]


def test_what_was_under_review_is_there_again_when_the_next_round_is_stopped(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches(world, thomas)
    thomas.presses(ApproveAll)
    thomas.types("/mentor match")
    meanwhile(monkeypatch, lambda: thomas.presses(StopRound(2)))
    world.tick()
    assert states(world) == [RoundState.REVIEW, RoundState.CANCELLED]
    assert stands(world) is ProgrammeState.REVIEW
    thomas.presses(RunCommand("review", "grow"))
    thomas.presses(Announce)
    thomas.presses(Announce)
    world.tick()
    assert paired(world) == {("Bram", "Noor")}


def test_a_pair_that_was_forbidden_is_not_announced_from_the_earlier_round(
    world: World, thomas: Hands
) -> None:
    matches(world, thomas)
    thomas.presses(ApproveAll)
    thomas.presses(ReviewPair)
    thomas.presses(AskForbid)
    thomas.presses(Forbid)
    thomas.presses(StopRound)
    thomas.types("/mentor review")
    thomas.forges(ApproveAll(1))
    thomas.types("/mentor review")
    assert Announce(1) not in thomas.offers
    assert paired(world) == set()


# --- thought again meanwhile ---


def test_what_is_approved_meanwhile_is_approved_in_the_new_round(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches(world, thomas)
    thomas.types("/mentor match")
    meanwhile(monkeypatch, lambda: thomas.forges(Approve(1)))
    world.tick()
    assert states(world) == [RoundState.REPLACED, RoundState.REVIEW]
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
    assert states(world) == [RoundState.REPLACED, RoundState.REVIEW]
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
    assert states(world) == [RoundState.ANNOUNCED, RoundState.REVIEW]
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
    assert states(world) == [RoundState.REVIEW]
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
    assert states(world) == [RoundState.REVIEW]
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
    assert states(world) == [RoundState.COMPUTING]
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
    assert states(world) == [RoundState.REVIEW]


def test_a_bot_that_is_stopped_leaves_the_round_to_the_next(world: World, thomas: Hands) -> None:
    thomas.types("/mentor match")
    assert compute_requested(world.database, lambda: world.now, lambda: True) == 0
    assert states(world) == [RoundState.REQUESTED]
    world.tick()
    assert states(world) == [RoundState.REVIEW]


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
    assert states(world) == [RoundState.REVIEW]
    assert proposed(world) == {("Bram", "Noor")}
