"""Promises to send: kept through a crash, made at most once for each key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.core.messages import Message
from bot.core.platform import Letter, Refused, TryLater, Unreachable, Unsure, group_of, opens_groups
from bot.core.watching import trace
from storage import backlog, database
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Person,
    Programme,
    Workspace,
    WorkspaceState,
)
from storage.models.base import Utc

GIVE_UP_AFTER = 10  # tries: with the back-off below about a day
LEASE = timedelta(seconds=90)  # longer than any send may take
KNOCK = timedelta(minutes=1)  # between two tries at a workspace that keeps us out
LEAST_WAIT = timedelta(seconds=1)  # a platform that says "later" is not asked again at once


@dataclass(frozen=True)
class Queue:
    """A workspace for which something waits."""

    workspace_id: int
    platform: str
    workspace: str  # the platform's own id


@dataclass(frozen=True)
class Claimed:
    """A delivery that this process may send until its lease ends."""

    id: int
    letter: Letter
    until: datetime
    trace: str = ""


def promise(
    session: Session,
    to: Person,
    message: Message,
    *,
    key: str,
    now: datetime,
    via: Identity | None = None,
) -> bool:
    """A private message to a person: to the account `via`, which they act from, or else on the
    platform they prefer of those that let us in. False when promised before."""
    identity = via or session.exec(_PREFERRED, params={"person": to.id}).first()
    if identity is None:
        return False
    return _post(
        session,
        key=key,
        organisation_id=to.organisation_id,
        workspace_id=identity.workspace_id,
        person_id=to.id,
        address=identity.address,
        message=message,
        now=now,
    )


_PREFERRED = (
    select(Identity)
    .join(Workspace, col(Workspace.id) == Identity.workspace_id)
    .where(Identity.person_id == bindparam("person"))
    .order_by(
        col(Identity.closed),
        (col(Workspace.state) == WorkspaceState.ACTIVE).desc(),
        col(Identity.preferred).desc(),
        col(Identity.id),
    )
)


def promise_together(
    session: Session, people: Sequence[Person], message: Message, *, key: str, now: datetime
) -> bool:
    """A message in a chat of these people in a workspace that lets us in and where we can open one.
    False when there is none, or it was promised before."""
    accounts = [
        {i.workspace_id: i for i in session.exec(_PREFERRED, params={"person": person.id})}
        for person in people
    ]
    common = set.intersection(*(set(each) for each in accounts))
    open_to_us = select(Workspace).where(
        col(Workspace.id).in_(common), Workspace.state == WorkspaceState.ACTIVE
    )
    fit = (place.id for place in session.exec(open_to_us) if opens_groups(place.platform))
    if (workspace_id := min(fit, default=None)) is None:
        return False
    return _post(
        session,
        key=key,
        organisation_id=people[0].organisation_id,
        workspace_id=workspace_id,
        person_id=None,
        address=group_of(each[workspace_id].user for each in accounts),
        message=message,
        now=now,
    )


def promise_channel(
    session: Session, programme: Programme, message: Message, *, key: str, now: datetime
) -> bool:
    """A message in the coordinators' channel. False when there is none, or it was promised."""
    if programme.channel_workspace_id is None or not programme.channel_address:
        return False
    return promise_place(
        session,
        programme.channel_workspace_id,
        programme.organisation_id,
        programme.channel_address,
        message,
        key=key,
        now=now,
    )


def promise_place(
    session: Session,
    workspace_id: int,
    organisation_id: int,
    address: str,
    message: Message,
    *,
    key: str,
    now: datetime,
    asked_by: Person | None = None,
) -> bool:
    """A message for all to read in a channel; whoever asked for it there gets it in private when it
    cannot arrive. False when promised before."""
    return _post(
        session,
        key=key,
        organisation_id=organisation_id,
        workspace_id=workspace_id,
        person_id=None,
        asked_by=asked_by.id if asked_by else None,
        address=address,
        message=message,
        now=now,
    )


def _post(session: Session, *, message: Message, now: datetime, **row: object) -> bool:
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    result = session.execute(
        insert(Delivery)
        .values(
            message=message.to_json(),
            trace=trace(),
            due_at=now,
            state=DeliveryState.WAITING,
            attempts=0,
            in_doubt=False,
            failure="",
            **row,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(Delivery.id))
    )
    return result.scalar_one_or_none() is not None


def queues(session: Session, now: datetime) -> list[Queue]:
    """The workspaces for which something is due, those that keep us out excepted."""
    return [Queue(*row) for row in session.execute(_QUEUES, {"now": now})]


# Made once: it runs after every event, and building it takes longer than looking for nothing.
_QUEUES = (
    select(Workspace.id, Workspace.platform, Workspace.external)
    .join(Delivery, col(Delivery.workspace_id) == Workspace.id)
    .where(
        Delivery.state == DeliveryState.WAITING,
        Delivery.due_at <= bindparam("now", type_=Utc),
        Workspace.state == WorkspaceState.ACTIVE,
    )
    .distinct()
)


def claim(session: Session, queue: Queue, now: datetime, limit: int) -> list[Claimed]:
    """Take a workspace's oldest waiting deliveries that nobody else is sending, for the time of a
    lease."""
    clock = database.clock(session)
    given = {"workspace": queue.workspace_id, "now": now, "clock": clock, "most": limit}
    rows = session.execute(_FREE, given).all()
    until = clock + LEASE
    if rows:
        session.execute(
            update(Delivery)
            .where(col(Delivery.id).in_([row.id for row in rows]))
            .values(leased_until=until, in_doubt=True)
        )
    return [
        Claimed(
            row.id,
            Letter(
                row.key,
                queue.workspace,
                row.address,
                Message.from_json(row.message),
                again=row.in_doubt,
            ),
            until,
            row.trace,
        )
        for row in rows
    ]


_OF_A_LETTER: Any = (Delivery.id, Delivery.key, Delivery.address, Delivery.message)
_OF_A_LETTER += (Delivery.in_doubt, Delivery.trace)
_FREE = (
    select(*_OF_A_LETTER)
    .where(
        Delivery.workspace_id == bindparam("workspace"),
        Delivery.state == DeliveryState.WAITING,
        Delivery.due_at <= bindparam("now", type_=Utc),
        col(Delivery.leased_until).is_(None)
        | (col(Delivery.leased_until) < bindparam("clock", type_=Utc)),
    )
    .order_by(col(Delivery.due_at), col(Delivery.id))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def note(
    session: Session, outcomes: Sequence[tuple[Claimed, Exception | None]], now: datetime
) -> None:
    """Write down how each sending went: done, over for good, or to be tried again.

    What another process took over meanwhile, because the lease had ended, is theirs to note.
    """
    by_id = {claimed.id: (claimed.letter, failure) for claimed, failure in outcomes}
    ours = select(Delivery).where(
        col(Delivery.id).in_(list(by_id)),
        col(Delivery.leased_until).in_({claimed.until for claimed, _ in outcomes}),
    )
    for delivery in session.exec(ours.with_for_update()):
        letter, failure = by_id[delivery.id]
        _note(delivery, failure, now)
        returns = delivery.state is DeliveryState.UNREACHABLE and delivery.asked_by
        if delivery.state is not DeliveryState.WAITING and not returns:
            delivery.message = ""  # what was said is where it was said
        # A doubt about an earlier try is not settled by a failure of this one.
        delivery.in_doubt = letter.again or isinstance(failure, Unsure | TimeoutError)
        if isinstance(failure, Refused):
            backlog.pause(session, delivery.workspace_id, now)


def _note(delivery: Delivery, failure: Exception | None, now: datetime) -> None:
    delivery.attempts += 1
    delivery.leased_until = None
    match failure:
        case None:
            delivery.state, delivery.sent_at, delivery.failure = DeliveryState.SENT, now, ""
        case Unreachable(why=why):
            delivery.state, delivery.failure = DeliveryState.UNREACHABLE, why.value
        case Refused():
            delivery.attempts -= 1  # the message is not to blame
            delivery.due_at = now + KNOCK  # should the workspace say yes, and then no again
        case TryLater(wait=wait):
            delivery.attempts -= 1  # being asked to wait is no failure
            delivery.due_at = now + max(wait, LEAST_WAIT)
        case _ if delivery.attempts >= GIVE_UP_AFTER:
            delivery.state, delivery.failure = DeliveryState.FAILED, type(failure).__name__
        case _:
            delivery.failure = type(failure).__name__
            delivery.due_at = now + timedelta(seconds=min(10 * 4**delivery.attempts, 14_400))


def release_all(session: Session) -> None:
    """After a crash of the only process there is (SQLite): nobody else holds these leases."""
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.state) == DeliveryState.WAITING, col(Delivery.leased_until).is_not(None)
        )
        .values(leased_until=None)
    )
