"""What waited for a workspace that kept us out: what still makes sense leaves, the rest is dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from storage import people
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Member,
    Person,
    Workspace,
    WorkspaceState,
)

STALE_AFTER = timedelta(days=3)
NUDGE = "nudge:"
# What keys of messages about one day or week begin with. Announcements and answers keep their sense.
OF_THE_DAY = (NUDGE, "digest:", "attention:")
DROPPED = "dropped"  # as the failure of a delivery: given up by us, so nobody need do anything


def pause(session: Session, workspace_id: int, now: datetime) -> None:
    """What waits for a workspace that keeps us out stays where it is."""
    session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.state) == WorkspaceState.ACTIVE)
        .values(state=WorkspaceState.PAUSED, since=now)
    )


def drop_all(session: Session, workspace: Workspace) -> None:
    """The bot was removed: what was promised there is not sent, not even when it comes back."""
    _drop(session, workspace, now=None)


def drop_stale(session: Session, workspace: Workspace, now: datetime) -> None:
    """The bot is back: what was for days long past is not sent, and what is sent counts as today's."""
    _drop(session, workspace, now)
    waiting = session.exec(
        select(Delivery, Person)
        .join(Person, col(Person.id) == Delivery.person_id)
        .where(*_waits(workspace), col(Delivery.key).startswith(NUDGE))
        .order_by(col(Delivery.id).desc())
    ).all()
    seen: set[int] = set()
    for delivery, person in waiting:
        if person.id in seen:  # no more than one message with questions a day
            delivery.state, delivery.failure = DeliveryState.FAILED, DROPPED
            delivery.message = ""
        seen.add(person.id)
        person.last_nudged_on = people.today(person, now)
    session.flush()


def _waits(workspace: Workspace) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Delivery.workspace_id) == workspace.id,
        col(Delivery.state) == DeliveryState.WAITING,
    )


def _drop(session: Session, workspace: Workspace, now: datetime | None) -> None:
    """Everything, or with a moment only what was for a day long before it."""
    which = _waits(workspace)
    if now is not None:
        of_the_day = or_(*(col(Delivery.key).startswith(prefix) for prefix in OF_THE_DAY))
        which = (*which, of_the_day, col(Delivery.due_at) < now - STALE_AFTER)
    session.execute(
        update(Delivery)
        .where(*which)
        .values(state=DeliveryState.FAILED, failure=DROPPED, leased_until=None, message="")
    )


def forgive_silence(session: Session, workspace: Workspace) -> None:
    """Who could not answer while we were kept out was not silent: the question that is open counts
    for nothing."""
    here = select(Identity.person_id).where(Identity.workspace_id == workspace.id)
    elsewhere = (
        select(Identity.person_id)
        .join(Workspace, col(Workspace.id) == Identity.workspace_id)
        .where(
            ~col(Identity.closed),
            Workspace.state == WorkspaceState.ACTIVE,
            Workspace.id != workspace.id,
        )
    )
    session.execute(
        update(Member)
        .where(col(Member.person_id).in_(here), col(Member.person_id).not_in(elsewhere))
        .values(silent=-1)
    )
