"""Every Friday morning each programme tells its coordinators how it goes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Date, bindparam, or_
from sqlmodel import Session, col, select

from bot.cards import attention as names
from bot.cards import digest as cards
from bot.texts import translator
from storage import attention, figures, outbox, programmes, roles, workspaces
from storage.looking import Moments, Waits
from storage.models import Programme, ProgrammeState
from storage.models.base import Utc

PROGRAMMES_A_RUN = 10
AFTERWARDS = timedelta(weeks=4)  # how long a programme that has ended still tells


def weekly_digests(session: Session, now: datetime) -> int:
    """One digest for each programme whose Friday has come, however many were missed; how many."""
    due = session.exec(_CLAIMED, params={"now": now, **_moments(now)}).all()
    for programme in due:
        if programme.next_digest_at is not None:
            due_at = max(programme.next_digest_at, figures.latest_digest(programme, now))
            _tell(session, programme, figures.day(programme, due_at), now)
        friday = figures.latest_digest(programme, now).date()
        programme.next_digest_at = programmes.next_friday(programme.time_zone, friday)
    session.flush()
    return len(due)


def _moments(now: datetime) -> Moments:
    return {"since": (now - AFTERWARDS).date()}


# Made once: it runs at every tick of the clock, mostly to find nothing.
_DUE = select(Programme).where(
    Programme.state != ProgrammeState.ARCHIVED,
    col(Programme.ends_on) >= bindparam("since", type_=Date),
    or_(
        col(Programme.next_digest_at).is_(None),
        col(Programme.next_digest_at) <= bindparam("now", type_=Utc),
    ),
)
_CLAIMED = (
    _DUE.order_by(col(Programme.next_digest_at), col(Programme.id))
    .limit(PROGRAMMES_A_RUN)
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
WAITS = Waits(_DUE, at=_moments)


def _tell(session: Session, programme: Programme, on: date, now: datetime) -> None:
    """The figures to the channel, else to each coordinator; the names to each coordinator. A week
    that cannot be told now is not told later: by then there is another."""
    told = figures.told(session, programme, on)
    needs = attention.named(session, programme)
    key = f"digest:{programme.id}:{on.isoformat()}"
    in_channel = bool(programme.channel_address and programme.channel_workspace_id)
    if in_channel and workspaces.lets_in(session, programme.channel_workspace_id or 0):
        card = cards.digest(translator(figures.language(programme)), told)
        outbox.promise_channel(session, programme, card, key=key, now=now)
    for person in workspaces.who_hear(session, roles.coordinators(session, programme)):
        t = translator(person.locale)
        if not in_channel:
            outbox.promise(
                session, person, cards.digest(t, told), key=f"{key}:{person.id}", now=now
            )
        if needs:
            card = names.attention(t, needs)
            outbox.promise(session, person, card, key=f"{key}:names:{person.id}", now=now)
