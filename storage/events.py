"""Which events were handled: platforms send the same one again when they are in doubt."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

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
    who = event.who
    seen = noted(f"{who.platform}:{who.workspace}:{who.user}:{event.id}")
    note = _NOTE[session.get_bind().dialect.name]
    return session.connection().execute(note, {"id": seen, "at": now}).scalar() is not None


def noted(event: str) -> str:
    """What is kept of an event: enough to know it again, and not who it was."""
    return blake2b(event.encode(), digest_size=16).hexdigest()


# Made once: every event needs it.
_NOTE = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(SeenEvent)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(col(SeenEvent.id))
    for dialect in (postgresql, sqlite)
}


def first_news(session: Session, news: News, now: datetime) -> bool:
    """Note what a platform told by itself; False when it was noted before."""
    seen = noted(f"{news.platform}:{news.workspace}::{news.id}")
    note = _NOTE[session.get_bind().dialect.name]
    return session.connection().execute(note, {"id": seen, "at": now}).scalar() is not None


def forget_old(session: Session, now: datetime) -> None:
    session.connection().execute(_FORGET, last_kept(now))


def last_kept(now: datetime) -> dict[str, datetime]:
    return {"kept": now - KEPT}


_IS_OLD = col(SeenEvent.at) < bindparam("kept", type_=Utc)
OLD = select(SeenEvent).where(_IS_OLD)
_FORGET = delete(SeenEvent).where(_IS_OLD)
