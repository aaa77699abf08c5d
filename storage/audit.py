"""Who did what: ids only, never words."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from storage.models import AuditEntry, Person


def write(
    session: Session, person: Person, did: str, subject: str, *, allowed: bool, now: datetime
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
