"""Who did what: ids only, never words. Nothing is ever taken out of it, nor changed."""

from __future__ import annotations

import re
from datetime import datetime

from sqlmodel import Session, col, select

from bot.cards.audit import Line
from bot.core.deeds import Deed
from storage import belonging
from storage.models import AuditEntry, Person, Round

PAGE = 10


def write(
    session: Session, person: Person, did: str, subject: str, *, now: datetime, allowed: bool = True
) -> None:
    session.add(
        AuditEntry(
            organisation_id=person.organisation_id,
            person_id=person.id,
            at=now,
            did=did[:200],
            subject=subject[:200],
            allowed=allowed,
        )
    )


def who(session: Session, did: str, subject: str) -> str:
    """The name of whoever did this last, or nothing."""
    found = session.exec(
        select(Person.name)
        .join(AuditEntry, col(AuditEntry.person_id) == Person.id)
        .where(AuditEntry.did == did, AuditEntry.subject == subject, AuditEntry.allowed)
        .order_by(col(AuditEntry.id).desc())
    ).first()
    return found or ""


def page(session: Session, organisation_id: int, before: int = 0) -> tuple[list[Line], bool]:
    """The newest entries of an organisation, or the newest before one; and whether there are more."""
    query = select(AuditEntry).where(AuditEntry.organisation_id == organisation_id)
    if before:
        query = query.where(AuditEntry.id < before)
    found = session.exec(query.order_by(col(AuditEntry.id).desc()).limit(PAGE + 1)).all()
    became = _became(session, organisation_id)
    return [_line(session, entry, became) for entry in found[:PAGE]], len(found) > PAGE


def _became(session: Session, organisation_id: int) -> dict[int, int]:
    """Of two records that turned out to be one person: which of them is left."""
    joined = select(AuditEntry).where(
        AuditEntry.organisation_id == organisation_id,
        AuditEntry.did == Deed.JOINED_ACCOUNTS,
        col(AuditEntry.subject).startswith("person:"),
    )
    return {int(e.subject.removeprefix("person:")): e.person_id for e in session.exec(joined)}


def _line(session: Session, entry: AuditEntry, became: dict[int, int]) -> Line:
    what, _, rest = entry.subject.partition(":")
    number = re.match(r"\d+", rest)
    programme = None
    if number and what in belonging.PROGRAMME_OF:
        programme = belonging.programme_of(session, what, int(number[0]))
    ours = programme is not None and programme.organisation_id == entry.organisation_id
    round_ = session.get(Round, int(number[0])) if number and what == "round" and ours else None
    person = re.search(r"person:(\d+)", entry.subject)
    return Line(
        id=entry.id,
        at=entry.at,
        who=_name(session, entry.person_id, became),
        did=entry.did,
        subject=entry.subject,
        programme=programme.name if programme and ours else "",
        round=round_.number if round_ else 0,
        person=_name(session, int(person[1]), became) if person else "",
    )


def _name(session: Session, id_: int, became: dict[int, int]) -> str:
    while id_ in became:
        id_ = became[id_]
    person = session.get(Person, id_)
    return person.name if person else ""
