"""Somebody's account is closed in the middle of a mentorship: kind to the partner, told to who can
help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.cards.checkins import RemindLater
from bot.core.news import Account, AccountsSeen
from bot.dispatcher import Dispatcher
from bot.platforms.local.platform import WORKSPACE
from handlers.routes import router
from storage import attention, glances
from storage.models import Mentorship, MentorshipState, Programme
from tests.asking import check_ins, couple, days_pass
from tests.hands import Hands
from tests.world import World


@pytest.fixture
def grow(world: World) -> World:
    world.programme()
    return world


@pytest.fixture
def pair(grow: World) -> tuple[Hands, Hands]:
    return couple(grow)


def account(hands: Hands, *, active: bool) -> None:
    """The platform tells that somebody's account was closed, or is open again."""
    world = hands.world
    hear = Dispatcher(world.database, router, world.content, lambda: world.now).hear
    hear(AccountsSeen("local", WORKSPACE, (Account(hands.user, hands.name, active=active),)))


def states(world: World) -> list[MentorshipState]:
    return [mentorship.state for mentorship in world.rows(select(Mentorship))]


def needs(world: World) -> tuple[list[str], int]:
    """Who is not reached, by name; and how many, as the overview counts them."""
    with world.database.look() as session:
        programme = session.get_one(Programme, 1)
        found = attention.named(session, programme)
        [glance] = glances.glances(session, [programme], world.now.date())
        assert glance.unreached == found.unreached_in_all
        return [one.name for one in found.unreached], glance.unreached


def test_the_partner_of_who_is_gone_is_not_asked_how_it_goes(pair: tuple[Hands, Hands]) -> None:
    bram, noor = pair
    account(noor, active=False)
    heard = len(noor.received)
    days_pass(bram.world, 30)
    assert check_ins(bram.world, bram) == check_ins(bram.world, noor) == []
    assert len(noor.received) == heard
    assert states(bram.world) == [MentorshipState.ACTIVE]  # who comes back finds it all there


def test_who_wanted_to_be_asked_later_is_not_when_the_partner_has_gone(
    pair: tuple[Hands, Hands],
) -> None:
    bram, noor = pair
    days_pass(bram.world, 8)
    bram.presses(RemindLater)
    account(noor, active=False)
    heard = len(bram.received)
    days_pass(bram.world, 3)
    assert len(bram.received) == heard


def test_who_comes_back_goes_on_with_their_partner(pair: tuple[Hands, Hands]) -> None:
    bram, noor = pair
    account(noor, active=False)
    days_pass(bram.world, 10)
    account(noor, active=True)
    assert needs(bram.world) == ([], 0)
    days_pass(bram.world, 10)
    assert check_ins(bram.world, bram)
    assert check_ins(bram.world, noor)


def test_coordinators_see_who_is_gone_and_whom_to_talk_to(pair: tuple[Hands, Hands]) -> None:
    _, noor = pair
    world = noor.world
    assert needs(world) == ([], 0)
    account(noor, active=False)
    assert needs(world) == (["Noor"], 1)
    thomas = world.people["Thomas"]
    world.passes(timedelta(hours=2), days=4, hours=12)  # the digest of Friday
    assert any("Noor: this account was closed" in text for text in thomas.all_seen)


def test_once_the_partner_has_left_nobody_needs_to_do_anything(pair: tuple[Hands, Hands]) -> None:
    bram, noor = pair
    account(noor, active=False)
    bram.types("/mentor leave")
    bram.presses(bram.offers[0])
    assert states(bram.world) == [MentorshipState.ENDED]
    assert needs(bram.world) == ([], 0)


def test_who_is_gone_and_has_no_partner_needs_nobody(grow: World) -> None:
    _, noor = couple(grow)
    eva = Hands(grow, "Eva")
    grow.joins("Eva", {"role": ("mentee",), "rhythm": ("weekly",)})
    account(eva, active=False)
    assert needs(grow) == ([], 0)
    assert noor.takes_part()
