"""When people are to be asked something: each such moment stands in a column, and this knows them all.

Surveys keep their own: whoever is paused is left out of them, not put off.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, join, select, union_all, update
from sqlmodel import Session, col

from storage.looking import Waits
from storage.models import CheckIn, Member, Participant, Person, TrialVoice, Wisher
from storage.models.base import Utc

# The moments, and in which table it stands whose they are.
_MOMENTS: tuple[tuple[Any, Any], ...] = (
    (Member.ask_at, Member),  # how it goes
    (CheckIn.remind_at, Member),
    (Member.fit_at, Member),  # whether the match is a good one
    (Wisher.ask_at, Participant),
    (TrialVoice.tell_at, Participant),
    (TrialVoice.ask_at, Participant),
)


def _select(moment: Any, owner: Any, *what: Any) -> Select[Any]:
    """Of the rows with this moment and of those whose they are."""
    table = moment.class_
    return select(*what).select_from(table if table is owner else join(owner, table))


# Made once: it runs at every tick of the clock, mostly to find nothing.
_MOMENT_BY_MOMENT = union_all(
    *(
        _select(moment, owner, owner.person_id, moment.label("at")).where(
            moment <= bindparam("now", type_=Utc)
        )
        for moment, owner in _MOMENTS
    )
)
WAITS = Waits(_MOMENT_BY_MOMENT)
_EVERY = _MOMENT_BY_MOMENT.subquery()
_PEOPLE = (
    select(_EVERY.c.person_id)
    .group_by(_EVERY.c.person_id)
    .order_by(func.min(_EVERY.c.at), _EVERY.c.person_id)
    .limit(bindparam("most"))
)


def people(session: Session, now: datetime, most: int) -> list[int]:
    """Who is to be asked or told something now, those who wait longest first."""
    return list(session.scalars(_PEOPLE, {"now": now, "most": most}))


def postpone(session: Session, person: Person, now: datetime, until: datetime) -> None:
    """Not now: whatever falls due for this person waits until then."""
    for moment, owner in _MOMENTS:
        table = moment.class_
        mine = _select(moment, owner, table.id).where(owner.person_id == person.id)
        session.execute(
            update(table).where(moment <= now, col(table.id).in_(mine)).values({moment.key: until})
        )
