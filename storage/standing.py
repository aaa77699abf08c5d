"""What a round asks of everybody who takes part, in one query."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, time
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from storage.models import Participant, Person, PersonKind, Programme
from storage.programmes import taking_part


class Standing(NamedTuple):
    """What a round asks of somebody who takes part, besides their answers."""

    id: int
    person_id: int
    mentor: bool
    mentee: bool
    capacity: int
    priority: int
    kind: PersonKind
    active: bool
    admitted: bool
    manager_id: int | None
    team: str
    department: str
    location: str
    country: str
    function: str
    paused_until: datetime | None
    time_zone: str
    working_days: str
    work_start: time
    work_end: time


_OF_PARTICIPANT = ("id", "person_id", "mentor", "mentee", "capacity", "priority")
_STANDING: Any = select(  # only these columns: reading all of a hundred thousand people takes long
    *(
        getattr(Participant if name in _OF_PARTICIPANT else Person, name)
        for name in Standing._fields
    )
).join(Person, col(Person.id) == Participant.person_id)


def of_programme(
    session: Session, programme: Programme, only: Collection[int] | None = None
) -> Iterator[Standing]:
    """Everyone who takes part now, or those of them with these participant ids."""
    rows = session.execute(
        _STANDING.where(*taking_part(programme, only)).order_by(col(Participant.id)),
        execution_options={"yield_per": 1_000},
    )
    return map(Standing._make, rows)
