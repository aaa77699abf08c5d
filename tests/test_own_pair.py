"""A coordinator who is one of a proposed pair reads no more of it than a participant may."""

from __future__ import annotations

import pytest

from bot.cards.dry_run import LowestFits
from bot.cards.pairs import Approve, ListPairs, OpenPair, ReviewPair, VoteNo
from storage import roles
from storage.models import Person, Programme
from tests.hands import Hands
from tests.reviewing import coordinator, matches, mentee, mentor
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
    wishes(noor, "Bram", **{f"reason_{field}": "He is calm", "shared": ()})
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
