"""The way out of the outbox: what may be sent is claimed for a while, and how it went is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, col, select

from bot.core.messages import Message
from bot.core.platform import FREELY, Letter, Pace, Refused, TryLater, Unreachable, Unsure
from storage import backlog, database, pacing
from storage.models import (
    Burst,
    Delivery,
    DeliveryState,
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
    workspace_id: int
    letter: Letter
    until: datetime
    trace: str = ""


def queues(session: Session, now: datetime) -> list[Queue]:
    """The workspaces for which something is due, those that keep us out excepted."""
    return [Queue(*row) for row in session.execute(_QUEUES, {"now": now})]


# Made once: it runs after every event, and building it takes longer than looking for nothing. Of a
# workspace for which fifty thousand wait, one is enough to know.
_QUEUES = select(Workspace.id, Workspace.platform, Workspace.external).where(
    Workspace.state == WorkspaceState.ACTIVE,
    select(Delivery.id)
    .where(
        Delivery.workspace_id == Workspace.id,
        Delivery.state == DeliveryState.WAITING,
        Delivery.due_at <= bindparam("now", type_=Utc),
    )
    .correlate(Workspace)
    .exists(),
)


def claim(
    session: Session,
    queue: Queue,
    now: datetime,
    limit: int,
    pace: Pace = FREELY,
    lease: timedelta = LEASE,
) -> list[Claimed]:
    """Take a workspace's oldest waiting deliveries that nobody else is sending, for the time of a
    lease; of all processes together no more than its pace allows."""
    shared = pacing.is_shared(session)
    if shared and not pacing.hold(session, queue.workspace_id):
        return []
    clock = database.clock(session)
    if shared and (room := pacing.room(session, queue.workspace_id, pace, clock)) is not None:
        limit = min(limit, room)
    given = {"workspace": queue.workspace_id, "now": now, "clock": clock, "most": limit}
    if shared:
        given["rested"] = clock - timedelta(seconds=pace.apart)
    rows = session.execute(_FREE_OF_ALL if shared else _FREE, given).all() if limit else ()
    until = clock + lease
    if rows and shared:
        pacing.begin(session, queue.workspace_id, [row.address for row in rows], until)
    if rows:
        session.execute(
            update(Delivery)
            .where(col(Delivery.id).in_([row.id for row in rows]))
            .values(leased_until=until, in_doubt=True)
        )
    return [
        Claimed(
            row.id,
            queue.workspace_id,
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


_FREE = (
    select(  # type: ignore[call-overload]
        Delivery.id,
        Delivery.key,
        Delivery.address,
        Delivery.message,
        Delivery.in_doubt,
        Delivery.trace,
    )
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
_FREE_OF_ALL = _FREE.where(~pacing.TAKEN)


def note(
    session: Session, outcomes: Sequence[tuple[Claimed, Exception | None]], now: datetime
) -> None:
    """Write down how each sending went: done, over for good, or to be tried again.

    What another process took over meanwhile, because the lease had ended, is theirs to note.
    """
    by_id = {claimed.id: (claimed.letter, failure) for claimed, failure in outcomes}
    leases = {claimed.until for claimed, _ in outcomes}
    ours = select(Delivery).where(
        col(Delivery.id).in_(list(by_id)), col(Delivery.leased_until).in_(leases)
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
    if pacing.is_shared(session):
        _end_turns(session, outcomes)


def _end_turns(session: Session, outcomes: Sequence[tuple[Claimed, Exception | None]]) -> None:
    clock = database.clock(session)
    for workspace_id, until in {(claimed.workspace_id, claimed.until) for claimed, _ in outcomes}:
        pacing.end(session, workspace_id, until, clock)
    for claimed, failure in outcomes:
        if isinstance(failure, TryLater):
            pacing.wait(session, claimed.workspace_id, claimed.letter.address, failure, clock)


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
    session.execute(delete(Burst))
