"""How much waits, and since when: what tells an operator that something is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from storage import due
from storage.models import Delivery, DeliveryState, Workspace, WorkspaceState
from storage.models.base import Utc


@dataclass(frozen=True)
class Queued:
    """Messages of one platform that could leave now."""

    platform: str
    messages: int
    seconds: float  # since the oldest could


@dataclass(frozen=True)
class Pressure:
    """What waits at one moment."""

    queues: tuple[Queued, ...]
    lag: float  # seconds since the first question that nobody was asked yet fell due


def look(session: Session, now: datetime) -> Pressure:
    """What waits now; it costs what waits, however many people sleep."""
    rows = session.execute(_QUEUES, {"now": now})
    queues = tuple(Queued(name, count, _since(now, oldest)) for name, count, oldest in rows)
    return Pressure(queues, _since(now, due.oldest(session, now)))


_QUEUES = (
    select(
        col(Workspace.platform), func.count(col(Delivery.id)), func.min(Delivery.due_at, type_=Utc)
    )
    .join(Delivery, col(Delivery.workspace_id) == Workspace.id)
    .where(
        col(Delivery.state) == DeliveryState.WAITING,
        col(Delivery.due_at) <= bindparam("now", type_=Utc),
        col(Workspace.state) == WorkspaceState.ACTIVE,
    )
    .group_by(col(Workspace.platform))
    .order_by(col(Workspace.platform))
)


def _since(now: datetime, then: datetime | None) -> float:
    return max(0.0, (now - then).total_seconds()) if then else 0.0
