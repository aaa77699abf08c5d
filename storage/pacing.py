"""How fast all processes together write to a workspace. On PostgreSQL there may be several of them;
an SQLite file belongs to one, which keeps its own count.

Who claims letters takes a turn in each of their conversations, in the same transaction. A turn counts
from its claim until a stretch after its end, for nobody knows when in between the platform counted
it; a process that dies has its turns until its lease ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, update
from sqlmodel import Session, col, select

from bot.core.platform import Pace, Scope, TryLater
from storage.models import Burst, Delivery, Workspace, WorkspaceState
from storage.models.base import Utc

EVERYBODY = ""  # the address of a whole workspace
KEPT = timedelta(minutes=2)  # longer than any limit's stretch


def is_shared(session: Session) -> bool:
    """Whether other processes may write to the same workspaces."""
    return session.get_bind().dialect.name == "postgresql"


def hold(session: Session, workspace_id: int) -> bool:
    """One process at a time counts what a workspace was sent, until its transaction ends. False when
    the workspace keeps us out."""
    found = session.scalar(_HELD, {"workspace": workspace_id})
    return found is WorkspaceState.ACTIVE


_HELD = (
    select(Workspace.state)
    .where(Workspace.id == bindparam("workspace"))
    .with_for_update(key_share=True)  # whoever promises something there need not wait
)


def room(session: Session, workspace_id: int, pace: Pace, clock: datetime) -> int | None:
    """How many letters the workspace takes now of all processes; None where it has no limit."""
    here = col(Burst.workspace_id) == workspace_id
    session.execute(delete(Burst).where(here, col(Burst.until) < clock - KEPT))
    asked = select(Burst.id).where(here, Burst.address == EVERYBODY, col(Burst.until) > clock)
    if session.scalar(asked.limit(1)) is not None:
        return 0
    left = [
        limit.posts - _posted(session, workspace_id, clock - timedelta(seconds=limit.seconds))
        for limit in pace.workspace
    ]
    return max(0, min(left)) if left else None


def _posted(session: Session, workspace_id: int, since: datetime) -> int:
    query = select(func.coalesce(func.sum(col(Burst.posts)), 0)).where(
        col(Burst.workspace_id) == workspace_id, col(Burst.until) > since
    )
    return int(session.exec(query).one())


# Holds for a Delivery in whose conversation it is somebody's turn, or was a moment ago.
TAKEN = (
    select(Burst.id)
    .where(
        Burst.workspace_id == Delivery.workspace_id,
        Burst.address == Delivery.address,
        col(Burst.until) > bindparam("rested", type_=Utc),
    )
    .exists()
)


def begin(session: Session, workspace_id: int, addresses: Iterable[str], until: datetime) -> None:
    """A turn in each of these conversations, one letter for each time an address is named."""
    for address, posts in Counter(addresses).items():
        session.add(Burst(workspace_id=workspace_id, address=address, posts=posts, until=until))
    session.flush()


def end(session: Session, workspace_id: int, until: datetime, clock: datetime) -> None:
    """The turns that were to last until then are over now."""
    ours = update(Burst).where(col(Burst.workspace_id) == workspace_id, col(Burst.until) == until)
    session.execute(ours.values(until=clock))


def wait(
    session: Session, workspace_id: int, address: str, failure: TryLater, clock: datetime
) -> None:
    """A platform asked one process to wait: all of them do, with what it said."""
    if failure.scope is not Scope.LETTER:
        where = EVERYBODY if failure.scope is Scope.WORKSPACE else address
        until = clock + failure.wait
        session.add(Burst(workspace_id=workspace_id, address=where, posts=0, until=until))


def forget_old(session: Session, clock: datetime) -> None:
    session.execute(delete(Burst).where(col(Burst.until) < clock - KEPT))
