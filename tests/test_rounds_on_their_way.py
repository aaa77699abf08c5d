"""While a round is worked out coordinators look how far it is, and stop it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.matching import (
    Announce,
    ApproveAll,
)
from bot.cards.on_its_way import HowFar, StopRound
from bot.cards.pairs import AskForbid, Forbid, ReviewPair
from bot.core.actions import RunCommand
from storage.models import (
    Programme,
    ProgrammeState,
    Proposal,
    RoundState,
)
from tests.hands import Hands, meanings
from tests.meanwhile import meanwhile
from tests.reviewing import (
    coordinator,
    matches,
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


def stands(world: World) -> ProgrammeState:
    [programme] = world.rows(select(Programme))
    return programme.state


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
    assert round_states(world) == [RoundState.REVIEW]
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
    assert round_states(world) == [RoundState.CANCELLED]
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
    assert round_states(world) == [RoundState.CANCELLED]
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
    assert round_states(world) == [RoundState.REQUESTED]


def test_too_late_to_stop_does_no_harm(world: World, thomas: Hands) -> None:
    matches(world, thomas)
    thomas.forges(StopRound(1))
    assert round_states(world) == [RoundState.REVIEW]


def test_what_was_under_review_is_there_again_when_the_next_round_is_stopped(
    world: World, thomas: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches(world, thomas)
    thomas.presses(ApproveAll)
    thomas.types("/mentor match")
    meanwhile(monkeypatch, lambda: thomas.presses(StopRound(2)))
    world.tick()
    assert round_states(world) == [RoundState.REVIEW, RoundState.CANCELLED]
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
