"""After a backup was put back nothing leaves by itself: much of it may have arrived already.

What waited for the post is held, and the clock asks nobody anything, until an administrator says
so. People who act are answered all the while.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from storage.backlog import DROPPED
from storage.models import Delivery, DeliveryState, Hold


def begin(session: Session, now: datetime) -> int:
    """Hold everything; how many messages that is."""
    session.add(Hold(since=now))
    return _held(session, DeliveryState.WAITING, DeliveryState.HELD)


def since(session: Session) -> datetime | None:
    """Since when everything is held; None where nothing is."""
    return session.exec(
        select(func.min(col(Hold.since))).where(col(Hold.released_at).is_(None))
    ).one()


def release(session: Session, now: datetime, *, drop: bool) -> int:
    """Let go; the messages are sent, or dropped where most have arrived already. How many that is."""
    session.execute(update(Hold).where(col(Hold.released_at).is_(None)).values(released_at=now))
    if drop:
        return _held(session, DeliveryState.HELD, DeliveryState.FAILED, failure=DROPPED, message="")
    return _held(session, DeliveryState.HELD, DeliveryState.WAITING)


def _held(session: Session, before: DeliveryState, after: DeliveryState, **more: object) -> int:
    moved = session.execute(
        update(Delivery)
        .where(col(Delivery.state) == before)
        .values(state=after, leased_until=None, **more)
        .returning(col(Delivery.id))
    )
    return len(moved.all())
