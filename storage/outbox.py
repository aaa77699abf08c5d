"""Promises to send: kept through a crash, made at most once for each key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.core.messages import Message
from bot.core.platform import Letter, TryLater, Unreachable
from storage import database
from storage.models import Delivery, DeliveryState, Identity, Person, Programme, Workspace
from storage.models.base import Utc

GIVE_UP_AFTER = 10  # tries: with the back-off below about a day
LEASE = timedelta(seconds=90)  # longer than any send may take
LEAST_WAIT = timedelta(seconds=1)  # a platform that says "later" is not asked again at once


@dataclass(frozen=True)
class Claimed:
    """A delivery that this process may send until its lease ends."""

    id: int
    platform: str
    letter: Letter
    until: datetime


def promise(session: Session, to: Person, message: Message, *, key: str, now: datetime) -> bool:
    """A private message to a person, on the platform they prefer. False when promised before."""
    identity = session.exec(_PREFERRED, params={"person": to.id}).first()
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
    .where(Identity.person_id == bindparam("person"))
    .order_by(col(Identity.preferred).desc(), col(Identity.id))
)


def promise_channel(
    session: Session, programme: Programme, message: Message, *, key: str, now: datetime
) -> bool:
    """A message in the coordinators' channel. False when there is none, or it was promised."""
    if programme.channel_workspace_id is None or not programme.channel_address:
        return False
    return _post(
        session,
        key=key,
        organisation_id=programme.organisation_id,
        workspace_id=programme.channel_workspace_id,
        person_id=None,
        address=programme.channel_address,
        message=message,
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
) -> bool:
    """A message for all to read in the channel where somebody asked. False when promised before."""
    return _post(
        session,
        key=key,
        organisation_id=organisation_id,
        workspace_id=workspace_id,
        person_id=None,
        address=address,
        message=message,
        now=now,
    )


def _post(session: Session, *, message: Message, now: datetime, **row: object) -> bool:
    insert = postgresql.insert if _is_postgresql(session) else sqlite.insert
    result = session.execute(
        insert(Delivery)
        .values(
            message=message.to_json(),
            due_at=now,
            state=DeliveryState.WAITING,
            attempts=0,
            failure="",
            **row,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(Delivery.id))
    )
    return result.scalar_one_or_none() is not None


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def claim(session: Session, now: datetime, limit: int) -> list[Claimed]:
    """Take the oldest waiting deliveries that nobody else is sending, for the time of a lease."""
    clock = database.clock(session)
    until = clock + LEASE
    rows = session.execute(_FREE, {"now": now, "clock": clock, "most": limit}).all()
    if rows:
        session.execute(
            update(Delivery)
            .where(col(Delivery.id).in_([row.id for row in rows]))
            .values(leased_until=until)
        )
    return [
        Claimed(
            row.id,
            row.platform,
            Letter(row.key, row.external, row.address, Message.from_json(row.message)),
            until,
        )
        for row in rows
    ]


# Made once: it runs after every event, and building it takes longer than looking for nothing.
_FREE = (
    select(  # type: ignore[call-overload]
        Delivery.id,
        Delivery.key,
        Delivery.address,
        Delivery.message,
        Workspace.platform,
        Workspace.external,
    )
    .join(Workspace, col(Delivery.workspace_id) == Workspace.id)
    .where(
        Delivery.state == DeliveryState.WAITING,
        Delivery.due_at <= bindparam("now", type_=Utc),
        col(Delivery.leased_until).is_(None)
        | (col(Delivery.leased_until) < bindparam("clock", type_=Utc)),
    )
    .order_by(col(Delivery.due_at), col(Delivery.id))
    .limit(bindparam("most"))
    .with_for_update(of=Delivery, skip_locked=True)
)


def note(
    session: Session, outcomes: Sequence[tuple[Claimed, Exception | None]], now: datetime
) -> None:
    """Write down how each sending went: done, over for good, or to be tried again.

    What another process took over meanwhile, because the lease had ended, is theirs to note.
    """
    failures = {claimed.id: failure for claimed, failure in outcomes}
    ours = select(Delivery).where(
        col(Delivery.id).in_(list(failures)),
        col(Delivery.leased_until).in_({claimed.until for claimed, _ in outcomes}),
    )
    for delivery in session.exec(ours.with_for_update()):
        _note(delivery, failures[delivery.id], now)


def _note(delivery: Delivery, failure: Exception | None, now: datetime) -> None:
    delivery.attempts += 1
    delivery.leased_until = None
    match failure:
        case None:
            delivery.state, delivery.sent_at, delivery.failure = DeliveryState.SENT, now, ""
        case Unreachable():
            delivery.state, delivery.failure = DeliveryState.UNREACHABLE, str(failure)
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
