"""Whom coordinators keep together or apart: with a reason that only they read, until it is lifted."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.matching import ListRulings, Rerun, RoundSummary
from bot.cards.pairs import (
    Approve,
    AskForbid,
    Exchanges,
    Forbid,
    Keep,
    OtherChoices,
    ReviewPair,
    Unapprove,
)
from bot.cards.rulings import Lift
from bot.core.actions import Action
from bot.core.messages import Ask
from storage.models import AuditEntry, Proposal, ProposalState, Ruling, RulingKind
from tests.hands import Hands
from tests.reviewing import (
    announces,
    coordinator,
    last_round,
    matches,
    mentee,
    mentor,
    proposed,
    reviews_one_pair,
)
from tests.world import World

pytestmark = pytest.mark.any_database


@pytest.fixture
def thomas(thomas: Hands) -> Hands:
    """Reviews a round in which one pair is proposed: Bram and Noor."""
    return reviews_one_pair(thomas)


def keeps_apart(world: World, thomas: Hands, reason: str = "") -> None:
    thomas.presses(ReviewPair)
    thomas.presses(AskForbid)
    thomas.presses(Forbid, reason=reason)
    world.tick()


def test_who_is_kept_apart_is_matched_again_once_that_is_lifted(
    world: World, thomas: Hands
) -> None:
    keeps_apart(world, thomas)
    assert proposed(world) == set()
    thomas.types("/mentor review")
    thomas.presses(ListRulings)
    thomas.presses(Lift)
    assert "Lifted." in thomas.sees
    assert "Nobody is kept together or apart." in thomas.sees
    thomas.presses(Rerun)
    world.tick()
    assert proposed(world) == {("Bram", "Noor")}
    assert world.rows(select(Ruling)) == []
    told = [row.did for row in world.rows(select(AuditEntry))]
    assert "kept two apart" in told
    assert "lifted a ruling" in told


@pytest.mark.parametrize(
    "reason", ["They shared a team.", "<!channel> **x**", "=1+1", "مرحبا 🎉", "x" * 300]
)
def test_the_reason_is_read_by_coordinators_and_stands_in_no_audit(
    world: World, thomas: Hands, reason: str
) -> None:
    joost = coordinator(world, "Joost", "nl")
    keeps_apart(world, thomas, reason)
    joost.types("/mentor review")
    joost.presses(ListRulings)
    assert reason in joost.sees
    assert "Thomas, maandag 2 maart om 10:00" in joost.sees
    assert reason not in repr([row.model_dump() for row in world.rows(select(AuditEntry))])
    for name in ("Bram", "Noor"):
        assert reason not in repr(world.people[name].all_seen)


def test_a_reason_that_is_too_long_is_told_beside_the_field_and_nothing_happens(
    world: World, thomas: Hands
) -> None:
    thomas.presses(ReviewPair)
    thomas.presses(AskForbid)
    thomas.presses(Forbid, reason="🎉" * 10_000)
    assert thomas.card is not None
    [ask] = thomas.card.all(Ask)
    assert "10000" in ask.error
    assert world.rows(select(Ruling)) == []
    assert last_round(world).number == 1


def test_a_pin_is_listed_and_lifted_too(world: World, thomas: Hands) -> None:
    thomas.presses(ReviewPair)
    thomas.presses(Keep)
    thomas.presses(RoundSummary)
    thomas.presses(ListRulings)
    assert "kept together" in thomas.sees
    thomas.presses(Lift)
    assert world.rows(select(Ruling)) == []
    thomas.presses(RoundSummary)
    thomas.presses(ReviewPair)
    assert Keep(1) in thomas.offers


def test_a_ruling_of_another_programme_cannot_be_lifted(world: World, thomas: Hands) -> None:
    keeps_apart(world, thomas)
    world.programme("Lead")
    kim = coordinator(world, "Kim", programme=2)
    world.joins("Kim", {"role": ("mentor",), "rhythm": ("weekly",)}, programme=2)
    mentee(world, "Sem")
    kim.forges(Lift(last_round(world).id, 1))
    assert len(world.rows(select(Ruling))) == 1
    for number in (0, -1, 999, 2**31 - 1):
        thomas.forges(Lift(last_round(world).id, number))
    assert len(world.rows(select(Ruling))) == 1


def test_what_a_colleague_lifted_already_is_no_mistake(world: World, thomas: Hands) -> None:
    joost = coordinator(world, "Joost")
    keeps_apart(world, thomas)
    for one in (thomas, joost):
        one.types("/mentor review")
        one.presses(ListRulings)
    for one in (thomas, joost):
        one.presses(Lift)
        assert "Nobody is kept together or apart." in one.sees


@pytest.mark.parametrize(
    "action", [Approve(1), Unapprove(1), Keep(1), Exchanges(1), OtherChoices(1)]
)
def test_an_older_card_does_not_bring_back_whom_a_colleague_keeps_apart(
    world: World, thomas: Hands, action: Action
) -> None:
    joost = coordinator(world, "Joost")
    thomas.presses(ReviewPair)
    thomas.presses(AskForbid)
    thomas.presses(Forbid, reason="They shared a team.")
    said = repr(joost.forges(action))
    assert [one.kind for one in world.rows(select(Ruling))] == [RulingKind.FORBID]
    assert {one.state for one in world.rows(select(Proposal))} == {ProposalState.DROPPED}
    assert "no longer proposed" in said
    world.tick()
    assert proposed(world) == set()


def test_who_was_kept_apart_is_not_said_to_have_left(world: World, thomas: Hands) -> None:
    mentor(world, "Eva")
    mentee(world, "Sem")
    matches(world, thomas)
    thomas.presses(ReviewPair)
    thomas.presses(AskForbid)
    thomas.presses(Forbid, reason="")
    thomas.types("/mentor review")
    announces(world, thomas)
    assert "Announced" in thomas.sees
    assert "Not announced" not in thomas.sees
