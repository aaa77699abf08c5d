"""Promises: to which account, in which workspace, and what a try that failed leaves behind."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.core.messages import say
from bot.core.news import Account, AccountsSeen, Installed, Uninstalled
from bot.core.platform import Refused, TryLater, Unreachable, Unsure, Why, members_of
from bot.dispatcher import Dispatcher
from handlers.routes import router
from scheduler import delivery
from storage import outbox, sending
from storage.models import Delivery, DeliveryState, Identity, Person, Workspace, WorkspaceState
from tests.world import World

NOOR, BRAM = Account("U1", "Noor"), Account("U2", "Bram")


@pytest.fixture
def slack(world: World) -> World:
    """Noor works in two workspaces of one employer, Bram in the second of them."""
    hear = Dispatcher(world.database, router, world.content, lambda: world.now, "Waterkant").hear
    for team, accounts in (("T1", (NOOR,)), ("T2", (BRAM,))):
        hear(Installed("slack", team))
        hear(AccountsSeen("slack", team, accounts))
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == "Noor")).one()
        second = session.exec(select(Workspace).where(Workspace.external == "T2")).one()
        session.add(Identity(person_id=noor.id, workspace_id=second.id, user="U8", address="U8"))
    return world


def promises(world: World) -> None:
    with world.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == "Noor")).one()
        outbox.promise(session, noor, say("Hello"), key="hello", now=world.now)


def row(world: World) -> Delivery:
    [found] = world.rows(select(Delivery))
    return found


def state(world: World, external: str = "T1") -> WorkspaceState:
    [workspace] = world.rows(select(Workspace).where(Workspace.external == external))
    return workspace.state


def fails(world: World, error: Exception | None) -> Delivery:
    [queue] = delivery.due(world.database, world.now)
    claimed = delivery.claim(world.database, queue, world.now)
    delivery.note(world.database, claimed, [error], world.now)
    return row(world)


def test_a_message_to_several_goes_where_all_of_them_are(slack: World) -> None:
    with slack.database.transaction() as session:
        people = session.exec(select(Person).order_by(col(Person.id))).all()
        assert outbox.promise_together(session, people, say("Hi"), key="hi", now=slack.now)
    second = slack.rows(select(Workspace).where(Workspace.external == "T2"))[0]
    assert row(slack).workspace_id == second.id
    assert set(members_of(row(slack).address) or ()) == {"U8", "U2"}


def test_who_acts_from_one_of_their_accounts_is_answered_there(slack: World) -> None:
    with slack.database.transaction() as session:
        noor = session.exec(select(Person).where(Person.name == "Noor")).one()
        via = session.exec(select(Identity).where(Identity.user == "U8")).one()
        outbox.promise(session, noor, say("Hello"), key="hello", now=slack.now, via=via)
    assert row(slack).address == "U8"


@pytest.mark.parametrize("left", [WorkspaceState.PAUSED, WorkspaceState.GONE])
def test_nothing_is_sent_to_a_workspace_that_does_not_let_us_in(
    slack: World, left: WorkspaceState
) -> None:
    promises(slack)
    with slack.database.transaction() as session:
        for workspace in session.exec(select(Workspace).where(Workspace.external == "T1")):
            workspace.state = left
    assert delivery.due(slack.database, slack.now) == []
    assert row(slack).state is DeliveryState.WAITING


def test_what_is_not_due_yet_sets_no_queue_going(slack: World) -> None:
    promises(slack)
    fails(slack, ValueError())
    assert delivery.due(slack.database, slack.now) == []


@pytest.mark.parametrize(
    ("error", "doubt"),
    [
        (None, False),
        (ValueError(), False),
        (TryLater(sending.LEASE), False),
        (Unreachable(Why.GONE), False),
        (Refused(), False),
        (Unsure(), True),
        (TimeoutError(), True),
    ],
)
def test_only_what_may_have_arrived_is_in_doubt(
    slack: World, error: Exception | None, doubt: bool
) -> None:
    promises(slack)
    assert fails(slack, error).in_doubt is doubt


def test_a_workspace_that_is_gone_is_not_paused_by_the_last_that_was_sent(slack: World) -> None:
    promises(slack)
    [queue] = delivery.due(slack.database, slack.now)
    claimed = delivery.claim(slack.database, queue, slack.now)
    hear = Dispatcher(slack.database, router, slack.content, lambda: slack.now).hear
    hear(Uninstalled("slack", "T1"))
    delivery.note(slack.database, claimed, [Refused()], slack.now)
    assert state(slack) is WorkspaceState.GONE
