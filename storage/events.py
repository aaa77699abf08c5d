"""Which events were handled: platforms send the same one again when they are in doubt."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.core.events import Event
from bot.core.news import News
from storage.models import SeenEvent
from storage.models.base import Utc

KEPT = timedelta(days=3)  # longer than any platform keeps trying


def first_time(session: Session, event: Event, now: datetime) -> bool:
    """Note this event; False when it was noted before. Two at once: the second waits for the first."""
    seen = f"{event.who.platform}:{event.who.workspace}:{event.who.user}:{event.id}"
    note = _NOTE[session.get_bind().dialect.name]
    return session.connection().execute(note, {"id": seen, "at": now}).scalar() is not None


# Made once: every event needs it.
_NOTE = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(SeenEvent)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(col(SeenEvent.id))
    for dialect in (postgresql, sqlite)
}


def first_news(session: Session, news: News, now: datetime) -> bool:
    """Note what a platform told by itself; False when it was noted before."""
    seen = f"{news.platform}:{news.workspace}::{news.id}"
    note = _NOTE[session.get_bind().dialect.name]
    return session.connection().execute(note, {"id": seen, "at": now}).scalar() is not None


def forget_old(session: Session, now: datetime) -> None:
    session.connection().execute(_FORGET, last_kept(now))


def last_kept(now: datetime) -> dict[str, datetime]:
    return {"kept": now - KEPT}


_IS_OLD = col(SeenEvent.at) < bindparam("kept", type_=Utc)
OLD = select(SeenEvent).where(_IS_OLD)
_FORGET = delete(SeenEvent).where(_IS_OLD)
