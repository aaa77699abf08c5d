"""Who is above whom in an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from storage.models import Person


def above(
    session: Session, organisation_id: int, people: Iterable[int]
) -> dict[int, frozenset[int]]:
    """By person id everybody in the line upwards; a line that goes round names each in it once, and
    nobody is above themself."""
    rows = session.exec(
        select(Person.id, Person.manager_id).where(
            Person.organisation_id == organisation_id, col(Person.manager_id).is_not(None)
        )
    )
    manager = {person: boss for person, boss in rows if boss is not None}
    lines: dict[int, frozenset[int]] = {}
    found, nobody = {}, frozenset[int]()
    for person in people:
        boss = manager.get(person)
        if boss is not None and boss not in lines:
            lines[boss] = _upwards(boss, manager)
        line = nobody if boss is None else lines[boss]
        found[person] = line - {person} if person in line else line
    return found


def _upwards(start: int, manager: Mapping[int, int]) -> frozenset[int]:
    """Somebody and everybody above them."""
    seen: set[int] = set()
    each: int | None = start
    while each is not None and each not in seen:
        seen.add(each)
        each = manager.get(each)
    return frozenset(seen)
