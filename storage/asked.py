"""What the members of a mentorship are asked: how it goes, and whether the match is a good one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from storage import database
from storage.models import (
    CheckIn,
    FitCheck,
    Member,
    Mentorship,
    MentorshipState,
    Person,
    Programme,
)

OPEN_FOR = timedelta(days=35)
Check = TypeVar("Check", CheckIn, FitCheck)


@dataclass(frozen=True)
class Asking:
    """A member for whom a question falls due."""

    member: Member
    mentorship: Mentorship
    programme: Programme


@dataclass(frozen=True)
class Asked(Generic[Check]):
    """A question that a member was asked."""

    check: Check
    member: Member
    mentorship: Mentorship
    programme: Programme


def due(session: Session, person: Person, moment: datetime | None, now: datetime) -> list[Asking]:
    """The mentorships of this person in which this moment, a column of Member, has come."""
    rows = session.exec(
        select(Member, Mentorship, Programme)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .join(Programme, col(Programme.id) == Mentorship.programme_id)
        .where(Member.person_id == person.id, col(moment) <= now)
        .order_by(col(Member.id))
    )
    return [Asking(*row) for row in rows]


def find(
    session: Session, kind: type[Check], person: Person, *which: ColumnElement[bool] | bool
) -> list[Asked[Check]]:
    """What this person was asked, in the order in which it was."""
    rows = session.exec(
        select(kind, Member, Mentorship, Programme)
        .join(Member, col(Member.id) == kind.member_id)
        .join(Mentorship, col(Mentorship.id) == kind.mentorship_id)
        .join(Programme, col(Programme.id) == Mentorship.programme_id)
        .where(Member.person_id == person.id, *which)
        .order_by(col(kind.id))
    )
    return [Asked(*row) for row in rows]


def mine(session: Session, kind: type[Check], person: Person, id_: int) -> Asked[Check] | None:
    """A question by its id, if this person was asked it."""
    if not database.is_id(id_):
        return None
    return next(iter(find(session, kind, person, kind.id == id_)), None)


def still_open(
    session: Session,
    kind: type[Check],
    person: Person,
    now: datetime,
    *which: ColumnElement[bool],
) -> list[Asked[Check]]:
    """What this person has not answered yet, the last of each mentorship."""
    found = find(
        session,
        kind,
        person,
        Mentorship.state == MentorshipState.ACTIVE,
        col(kind.answer).is_(None),
        kind.asked_at > now - OPEN_FOR,
        *which,
    )
    return list({one.member.id: one for one in found}.values())
