"""A partner's account is closed: the coordinators hear of it, and nobody asks after talks with them."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.cards.attention import Attention
from storage import attention
from storage.glances import glances
from storage.models import Delivery, Programme
from tests.asking import asked_at, couple, days, days_pass
from tests.cohort import told
from tests.hands import Hands
from tests.reviewing import changes, coordinator
from tests.world import World

pytestmark = pytest.mark.any_database


@pytest.fixture
def pair(world: World) -> tuple[Hands, Hands]:
    """Bram mentors Noor, every week."""
    world.programme()
    return couple(world)


def heard(world: World) -> list[Delivery]:
    """What coordinators were told of partners who are left behind."""
    query = select(Delivery).where(col(Delivery.key).startswith("left-behind:"))
    return list(world.rows(query.order_by(col(Delivery.id))))


def in_need(world: World) -> Attention:
    with world.database.look() as session:
        return attention.named(session, session.get_one(Programme, 1))


def on_the_page(world: World) -> int:
    """How many people the page of the coordinator says are not reached."""
    with world.database.look() as session:
        [glance] = glances(session, [session.get_one(Programme, 1)], world.now.date())
        return glance.unreached


@pytest.mark.parametrize(
    ("locale", "words"), [("en", "account of Bram was closed"), ("nl", "account van Bram")]
)
def test_each_coordinator_hears_once_that_somebody_is_left_behind(
    world: World, pair: tuple[Hands, Hands], locale: str, words: str
) -> None:
    joost = coordinator(world, "Joost", locale)
    changes(world, "Bram", active=False)
    days_pass(world, 60)
    assert len(heard(world)) == 2  # Thomas and Joost
    [seen] = [text for text in joost.all_seen if words in text]
    assert "Noor" in seen
    assert not [
        text for text in pair[1].all_seen if words in text
    ]  # that is for a colleague to say


def test_what_happens_at_night_is_told_in_the_morning(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    assert pair
    world.now = world.now.replace(hour=22)
    changes(world, "Bram", active=False)
    days_pass(world, 2)
    [row] = heard(world)
    assert (row.due_at.day, row.due_at.hour) == (3, 8)  # nine in Amsterdam


def test_nobody_is_asked_about_talks_with_somebody_who_is_gone(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    _, noor = pair
    days_pass(world, 8)
    assert days(world, noor) == ["9 Mar 10:00"]
    changes(world, "Bram", active=False)
    days_pass(world, 90)
    assert len(asked_at(world, noor)) == 1


def test_an_account_that_is_opened_again_is_asked_about_again(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    _, noor = pair
    changes(world, "Bram", active=False)
    days_pass(world, 30)
    assert days(world, noor) == []
    changes(world, "Bram", active=True)
    days_pass(world, 2)
    assert len(asked_at(world, noor)) == 1


def test_who_is_gone_and_left_a_partner_is_named_counted_and_on_the_page(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    assert pair
    assert not in_need(world)
    changes(world, "Bram", active=False)
    needs = in_need(world)
    assert ([one.name for one in needs.unreached], needs.unreached_in_all) == (["Bram"], 1)
    assert told(world).digest.undelivered == 1
    assert on_the_page(world) == 1
    thomas = world.people["Thomas"]
    thomas.types("/mentor digest")
    assert any("Bram: this account was closed. Talk to" in seen for seen in thomas.all_seen)


def test_when_both_are_gone_or_the_pair_has_ended_nobody_needs_anything(
    world: World, pair: tuple[Hands, Hands]
) -> None:
    changes(world, "Bram", active=False)
    changes(world, "Noor", active=False)
    assert not in_need(world)
    assert on_the_page(world) == 0
    changes(world, "Noor", active=True)
    pair[1].types("/mentor leave")
    pair[1].clicks("Yes, leave")
    assert not in_need(world)
    assert told(world).digest.undelivered == 0
    world.tick()
    assert heard(world) == []
