"""Small chores: what is no longer needed goes, what is over is closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Date, bindparam
from sqlmodel import Session, col, select

from storage import database, events, pacing
from storage.looking import Moments, Waits
from storage.models import Programme, ProgrammeState

AFTERWARDS = timedelta(days=14)  # the last digest and survey figures still arrive


def tidy(session: Session, now: datetime) -> int:
    """Forget handled events that no platform repeats any more; archive programmes that are over."""
    events.forget_old(session, now)
    pacing.forget_old(session, database.clock(session))
    for programme in session.exec(_KEPT, params=_moments(now)):
        programme.state = ProgrammeState.ARCHIVED
    return 0


def _moments(now: datetime) -> Moments:
    return {"before": (now - AFTERWARDS).date()}


# Made once: it runs at every tick of the clock, mostly to find nothing.
_OVER = select(Programme).where(
    Programme.state != ProgrammeState.ARCHIVED,
    col(Programme.ends_on) < bindparam("before", type_=Date),
)
_KEPT = _OVER.with_for_update(skip_locked=True, key_share=True)
WAITS = Waits(_OVER, events.OLD, at=lambda now: {**_moments(now), **events.last_kept(now)})
