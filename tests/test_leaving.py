"""Gone: the mentorship ends, and the partner hears it in neutral words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from sqlmodel import col, select

from bot.cards.joining import Leave
from bot.cards.questions import Confirm
from bot.core.actions import RunCommand
from storage import mentorships
from storage.models import (
    CheckIn,
    Delivery,
    Mentorship,
    MentorshipState,
    Participant,
    ParticipantState,
)
from tests.hands import NEUTRAL, Hands, appoint, meanings
from tests.world import MENTEE, MENTOR, World


@pytest.fixture
def noor(world: World) -> Hands:
    world.programme()
    noor = Hands(world, "Noor")
    world.joins("Noor", MENTEE)
    return noor


def test_leaving_is_asked_once_more_and_can_be_left_at_that(noor: Hands) -> None:
    noor.types("/mentor leave")
    assert [type(a) for a in noor.offers] == [Leave, RunCommand, RunCommand]
    noor.presses(RunCommand("home"))
    still = noor.takes_part()
    assert still
    assert still.state is ParticipantState.ACTIVE


def test_leaving_ends_the_mentorship_and_the_partner_hears_it_neutrally(
    pair: tuple[Hands, Hands],
) -> None:
    bram, noor = pair
    before = len(noor.received)
    bram.types("/mentor leave")
    assert "Noor" in bram.sees
    bram.presses(Leave)
    gone, waits = bram.takes_part(), noor.takes_part()
    assert gone
    assert waits
    assert gone.state is ParticipantState.LEFT
    assert gone.left_at == bram.world.now
    assert waits.state is ParticipantState.ACTIVE
    assert waits.priority == 1  # Noor goes first in the next round
    [mentorship] = bram.world.rows(select(Mentorship))
    assert mentorship.state is MentorshipState.ENDED
    assert len(noor.received) == before + 1
    assert "Bram" in noor.sees
    assert not [word for word in NEUTRAL if word in noor.sees.casefold()]


def test_a_mentor_who_is_left_is_not_promised_to_go_first(pair: tuple[Hands, Hands]) -> None:
    bram, noor = pair
    noor.types("/mentor vertrek")
    noor.presses(Leave)
    assert "Noor" in bram.sees
    assert "first" not in bram.sees
    gone = noor.takes_part()
    assert gone
    assert gone.priority == 0


def test_after_leaving_nobody_is_asked_how_it_goes(pair: tuple[Hands, Hands]) -> None:
    bram, _ = pair
    bram.types("/mentor leave")
    bram.presses(Leave)
    bram.world.passes(days=35, step=timedelta(hours=6))
    assert bram.world.rows(select(CheckIn)) == []


def test_leaving_twice_is_leaving_once(pair: tuple[Hands, Hands]) -> None:
    bram, noor = pair
    bram.types("/mentor leave")
    bram.presses(Leave)
    left_at, told = bram.takes_part(), noor.received
    bram.world.passes(hours=1)
    bram.forges(Leave(1))
    bram.again()
    bram.types("/mentor leave")
    assert RunCommand("join") in bram.offers
    assert bram.takes_part() == left_at
    assert noor.received == told


def test_of_two_partners_who_leave_at_the_same_moment_one_leaves_the_other(
    pair: tuple[Hands, Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, end = pair[0].world, mentorships.end

    def slowly(*args: Any) -> None:
        sleep(0.3)  # so that the other comes in between
        end(*args)

    monkeypatch.setattr(mentorships, "end", slowly)
    gate = Barrier(2)

    def leaves(hands: Hands) -> None:
        gate.wait(30)
        hands.forges(Leave(1))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(leaves, pair))
    gone = [hands.takes_part() for hands in pair]
    assert [(one.state, one.priority) for one in gone if one] == [(ParticipantState.LEFT, 0)] * 2
    told = select(Delivery).where(col(Delivery.key).startswith("ended:"))
    assert len(world.rows(told)) == 1


def test_leaving_one_of_two_programmes_keeps_the_other(noor: Hands) -> None:
    noor.world.programme("Lead")
    noor.world.joins("Noor", MENTOR, 2)
    noor.types("/mentor leave")
    noor.clicks("Lead")
    noor.presses(Leave)
    states = [p.state for p in noor.world.rows(select(Participant))]
    assert sorted(states) == [ParticipantState.ACTIVE, ParticipantState.LEFT]
    assert noor.takes_part(1) != noor.takes_part(2)
    lead = noor.takes_part(2)
    assert lead
    assert lead.state is ParticipantState.LEFT


def test_a_button_to_leave_a_programme_that_somebody_is_not_in_does_nothing(noor: Hands) -> None:
    noor.world.programme("Lead")
    assert RunCommand("join") in meanings(noor.forges(Leave(2)))
    assert len(noor.world.rows(select(Participant))) == 1


def test_who_is_in_no_programme_cannot_leave_one(world: World) -> None:
    world.programme()
    noor = Hands(world, "Noor", "nl")
    noor.types("/mentor vertrek")
    assert RunCommand("join") in noor.offers
    assert world.rows(select(Participant)) == []


def test_somebody_who_comes_back_can_be_matched_again(pair: tuple[Hands, Hands]) -> None:
    bram, noor = pair
    noor.types("/mentor leave")
    noor.presses(Leave)
    noor.types("/mentor join")
    noor.presses(Confirm)
    back = noor.takes_part()
    assert back
    assert (back.state, back.mentee) == (ParticipantState.ACTIVE, True)
    bram.types("/mentor status")
    assert "Noor" not in bram.sees  # the old mentorship stays ended


def test_a_coordinator_who_leaves_as_a_participant_goes_on_coordinating(world: World) -> None:
    world.programme()
    thomas = Hands(world, "Thomas")
    appoint(thomas, programme=1)
    world.joins("Thomas", MENTEE)
    thomas.types("/mentor leave")
    thomas.presses(Leave)
    thomas.types("/mentor programme")
    assert "Grow" in thomas.sees
    assert RunCommand("settings", "grow") in thomas.offers
