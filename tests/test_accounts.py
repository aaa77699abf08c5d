"""What a platform tells of accounts, and what becomes of the people behind them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from bot.core.messages import say
from bot.core.news import Account, AccountsSeen, News
from bot.dispatcher import Dispatcher
from bot.platforms.local.platform import WORKSPACE
from handlers.routes import router
from storage import outbox
from storage.models import Delivery, Identity, Person
from tests.hands import Hands
from tests.world import World


def hears(world: World, *news: News) -> None:
    dispatcher = Dispatcher(world.database, router, world.content, lambda: world.now)
    for each in news:
        dispatcher.hear(each)


def seen(world: World, *accounts: Account) -> None:
    hears(world, AccountsSeen("local", WORKSPACE, accounts))


def second_account(world: World, name: str, user: str) -> None:
    """Somebody has another account in the same workspace."""
    with world.database.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        session.add(
            Identity(
                person_id=person.id, workspace_id=world.workspace, user=user, address=f"dm:{user}"
            )
        )


def everybody(world: World) -> Sequence[Person]:
    return world.rows(select(Person).order_by(col(Person.id)))


# --- accounts that are closed ---


@pytest.mark.parametrize("order", [("noor", "noor2"), ("noor2", "noor")])
def test_who_has_two_accounts_is_active_until_both_are_closed(
    world: World, order: tuple[str, str]
) -> None:
    noor = Hands(world, "Noor")
    second_account(world, "Noor", "noor2")
    first, last = order
    seen(world, Account(first, "Noor", active=False))
    assert noor.row.active
    seen(world, Account(first, "Noor", active=False), Account(last, "Noor", active=False))
    assert not noor.row.active
    seen(world, Account(first, "Noor"))
    assert noor.row.active


def test_what_is_promised_goes_to_an_account_that_is_open(world: World) -> None:
    noor = Hands(world, "Noor")
    second_account(world, "Noor", "noor2")
    seen(world, Account("noor", "Noor", active=False))
    with world.database.transaction() as session:
        outbox.promise(
            session, session.get_one(Person, noor.row.id), say("Hi"), key="hi", now=world.now
        )
    [hi] = world.rows(select(Delivery).where(Delivery.key == "hi"))
    assert hi.address == "dm:noor2"
