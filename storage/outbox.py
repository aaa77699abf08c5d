"""Promises to send: kept through a crash, made at most once for each key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.core.messages import Message
from bot.core.platform import group_of, opens_groups
from bot.core.watching import trace
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Person,
    Programme,
    Workspace,
    WorkspaceState,
)


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


def has_promised(session: Session) -> bool:
    """Whether something may have to be sent once this transaction is over."""
    return _PROMISED in session.info


_PROMISED = "promised"


def _post(session: Session, *, message: Message, now: datetime, **row: object) -> bool:
    session.flush()  # who it is for may be new
    row |= {
        "message": message.to_json(),
        "trace": trace(),
        "due_at": now,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "in_doubt": False,
        "failure": "",
    }
    session.info[_PROMISED] = True
    post = _POST[session.get_bind().dialect.name]
    return session.connection().execute(post, row).scalar() is not None


# Made once: nearly every event needs it.
_POST = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(Delivery)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(col(Delivery.id))
    for dialect in (postgresql, sqlite)
}
