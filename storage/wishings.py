"""The days in which people may wish: opened, asked, counted, closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from storage.database import is_id
from storage.models import (
    Programme,
    Wisher,
    Wishing,
    WishingState,
)
from storage.models.base import Utc


def current(session: Session, programme: Programme) -> Wishing | None:
    """The wishing that is not over yet."""
    query = select(Wishing).where(
        Wishing.programme_id == programme.id, Wishing.state != WishingState.CLOSED
    )
    return session.exec(query).first()


def latest(session: Session, programme: Programme) -> Wishing | None:
    query = select(Wishing).where(Wishing.programme_id == programme.id)
    return session.exec(query.order_by(col(Wishing.id).desc())).first()


def is_open(wishing: Wishing | None, now: datetime) -> bool:
    """Whether people may say now whom they wish."""
    return (
        wishing is not None and wishing.state is not WishingState.CLOSED and now < wishing.closes_at
    )


def open_one(
    session: Session,
    programme: Programme,
    *,
    closes_at: datetime,
    anonymous: bool,
    mentors_too: bool,
    trial_talks: bool,
    wish_weight: float,
) -> Wishing | None:
    """Begin; a job finds the candidates and asks people. None when one is open already."""
    session.exec(select(Programme.id).where(Programme.id == programme.id).with_for_update()).one()
    if current(session, programme) is not None:
        return None
    programme.wish_weight = wish_weight
    wishing = Wishing(
        programme_id=programme.id,
        closes_at=closes_at,
        anonymous=anonymous,
        mentors_too=mentors_too,
        trial_talks=trial_talks,
    )
    session.add(wishing)
    session.flush()
    return wishing


def to_do(session: Session, now: datetime) -> tuple[Wishing, Programme] | None:
    """A wishing to open, or one whose time is over."""
    row = session.exec(_TO_DO, params={"now": now}).first()
    return (row[0], row[1]) if row else None


_TO_DO = (
    select(Wishing, Programme)
    .join(Programme, col(Programme.id) == Wishing.programme_id)
    .where(
        (col(Wishing.state) == WishingState.OPENING)
        | (
            (col(Wishing.state) == WishingState.OPEN)
            & (col(Wishing.closes_at) <= bindparam("now", type_=Utc))
        )
    )
    .order_by(col(Wishing.id))
    .limit(1)
)


def opened(session: Session, wishing_id: int) -> None:
    """Everybody is going to be asked."""
    wishing = held(session, wishing_id)
    if wishing and wishing.state is WishingState.OPENING:
        wishing.state = WishingState.OPEN


def closed(session: Session, wishing_id: int, now: datetime) -> Wishing | None:
    """Over: nobody is asked any more. None when it was over before, or goes on after all."""
    wishing = held(session, wishing_id)
    if not wishing or wishing.state is WishingState.CLOSED or now < wishing.closes_at:
        return None
    wishing.state = WishingState.CLOSED
    session.execute(update(Wisher).where(col(Wisher.wishing_id) == wishing_id).values(ask_at=None))
    return wishing


def held(session: Session, wishing_id: int) -> Wishing | None:
    """A wishing as it stands now, held until the transaction ends."""
    if not is_id(wishing_id):
        return None
    return session.exec(
        select(Wishing)
        .where(Wishing.id == wishing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
