"""A coordinator who is one of a proposed pair reads no more of it than a participant may."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.cards.dry_run import LowestFits
from bot.cards.matching import ListRulings
from bot.cards.pairs import (
    Approve,
    AskForbid,
    Forbid,
    ListPairs,
    OpenPair,
    ReviewPair,
    Swap,
    VoteNo,
)
from bot.cards.rulings import Lift
from bot.core.questions import Values
from storage import roles
from storage.models import Person, Programme, Ruling
from tests.hands import Hands
from tests.reviewing import by_participant, coordinator, matches, mentee, mentor
from tests.wishing import asks, closes, wishes
from tests.wishing import fields_of as inputs
from tests.world import World

pytestmark = pytest.mark.any_database


def runs_it_too(world: World, hands: Hands) -> None:
    with world.database.transaction() as session:
        person = session.get_one(Person, hands.row.id)
        roles.appoint(session, person, session.get_one(Programme, 1))


def test_who_was_wished_for_reads_it_only_when_the_wisher_says_so(world: World) -> None:
    world.programme()
    thomas = coordinator(world)
    bram, noor = mentor(world, "Bram"), mentee(world, "Noor")
    runs_it_too(world, bram)
    asks(thomas)
    field = inputs(noor)["Bram"]
    said: dict[str, str | Values] = {f"reason_{field}": "He is calm", "shared": ()}
    wishes(noor, "Bram", **said)
    closes(thomas)
    matches(world, thomas)
    assert "He is calm" in repr(thomas.forges(OpenPair(1)))
    for action in (OpenPair(1), ReviewPair(1), Approve(1)):
        assert "calm" not in repr(bram.forges(action))
        assert "wished" not in repr(bram.forges(action))


def test_who_is_one_of_the_two_reads_no_votes_and_no_fit_anywhere(world: World) -> None:
    world.programme(votes_needed=2)
    thomas, joost = coordinator(world), coordinator(world, "Joost")
    bram, _ = mentor(world, "Bram"), mentee(world, "Noor")
    runs_it_too(world, bram)
    matches(world, thomas)
    thomas.forges(VoteNo(1))
    assert "Thomas" in repr(joost.forges(OpenPair(1)))
    for action in (OpenPair(1), ListPairs(1), LowestFits(1)):
        card = repr(bram.forges(action))
        assert "Thomas" not in card, action
        assert "%" not in card, action
        assert "presenting" not in card.casefold(), action


def test_where_a_committee_decides_nobody_lifts_or_reads_what_keeps_them_apart(
    world: World,
) -> None:
    world.programme(votes_needed=2)
    thomas, joost = coordinator(world), coordinator(world, "Joost")
    bram, _ = mentor(world, "Bram"), mentee(world, "Noor")
    runs_it_too(world, bram)
    matches(world, thomas)
    thomas.types("/mentor review")
    thomas.presses(ReviewPair)
    thomas.presses(AskForbid)
    thomas.presses(Forbid, reason="He is her uncle.")
    world.tick()
    assert "uncle" in repr(joost.forges(ListRulings(2)))
    for action in (ListRulings(2), Lift(2, 1)):
        card = repr(bram.forges(action))
        assert "uncle" not in card
        assert "Thomas" not in card
        assert '"Lift"' not in card
    assert len(world.rows(select(Ruling))) == 1
    joost.forges(Lift(2, 1))
    assert world.rows(select(Ruling)) == []


def test_where_a_committee_decides_nobody_gives_themself_a_mentee(world: World) -> None:
    world.programme(votes_needed=2)
    thomas = coordinator(world)
    coordinator(world, "Joost")
    mentor(world, "Bram")
    mentee(world, "Noor")
    matches(world, thomas)
    eva = mentor(world, "Eva")
    runs_it_too(world, eva)
    [own] = [id_ for id_, name in by_participant(world).items() if name == "Eva"]
    eva.forges(Swap(1, own))
    assert world.rows(select(Ruling)) == []
    thomas.forges(Swap(1, own))
    assert len(world.rows(select(Ruling))) == 1
