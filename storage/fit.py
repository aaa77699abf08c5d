"""Fit checks: whether a match feels right, asked of each of the two in private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bot.core.rhythm import moment
from storage import database, people
from storage.models import (
    Fit,
    FitCheck,
    Member,
    Mentorship,
    MentorshipState,
    Person,
    Programme,
)

FIRST = timedelta(weeks=4)  # after the start, for who has not been asked after a first talk
AGAIN = timedelta(weeks=3)  # for who is still deciding
OPEN_FOR = timedelta(days=35)


@dataclass(frozen=True)
class FitAsked:
    """A fit check with everything it hangs on."""

    check: FitCheck
    member: Member
    mentorship: Mentorship
    programme: Programme


def ask(session: Session, person: Person, now: datetime) -> list[FitAsked]:
    """The fit checks that fall due for this person now; from here on they count as asked."""
    rows = session.exec(
        select(Member, Mentorship, Programme)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .join(Programme, col(Programme.id) == Mentorship.programme_id)
        .where(Member.person_id == person.id, col(Member.fit_at) <= now)
        .order_by(col(Member.id))
    ).all()
    found = []
    for member, mentorship, programme in rows:
        member.fit_at = None
        over = people.today(person, now) > programme.ends_on
        if mentorship.state is MentorshipState.ACTIVE and not over:
            check = _open(session, member, person, now)
            found.append(FitAsked(check, member, mentorship, programme))
    session.flush()
    return found


def ask_after_first_talk(session: Session, member: Member, person: Person, now: datetime) -> None:
    """The two have met: the question comes on the same card, if it was not asked yet."""
    asked = session.exec(select(FitCheck.id).where(FitCheck.member_id == member.id)).first()
    if asked is None:
        member.fit_at = None
        _open(session, member, person, now)


def _open(session: Session, member: Member, person: Person, now: datetime) -> FitCheck:
    """The fit check of today, once."""
    today = people.today(person, now)
    known = session.exec(
        select(FitCheck).where(FitCheck.member_id == member.id, FitCheck.due_on == today)
    ).first()
    if known is not None:
        return known
    check = FitCheck(
        member_id=member.id, mentorship_id=member.mentorship_id, due_on=today, asked_at=now
    )
    session.add(check)
    session.flush()
    return check


def mine(session: Session, person: Person, check_id: int) -> FitAsked | None:
    """A fit check by its id, if this person was asked it."""
    if not database.is_id(check_id):
        return None
    found = _asked(session, FitCheck.id == check_id, Member.person_id == person.id)
    return found[0] if found else None


def still_open(session: Session, person: Person, now: datetime) -> list[FitAsked]:
    """This person's unanswered fit checks, the last of each mentorship."""
    found = _asked(
        session,
        Member.person_id == person.id,
        Mentorship.state == MentorshipState.ACTIVE,
        col(FitCheck.answer).is_(None),
        FitCheck.asked_at > now - OPEN_FOR,
    )
    return list({one.member.id: one for one in found}.values())


def answer(session: Session, one: FitAsked, says: Fit, person: Person, now: datetime) -> None:
    """The last word counts; who is still deciding is asked again."""
    one.check.answer, one.check.answered_at = says, now
    again = people.today(person, now) + AGAIN
    asked_again = says is Fit.DECIDING and again <= one.programme.ends_on
    one.member.fit_at = moment(again, people.working_time(person)) if asked_again else None
    session.flush()


def _asked(session: Session, *which: ColumnElement[bool] | bool) -> list[FitAsked]:
    rows = session.exec(
        select(FitCheck, Member, Mentorship, Programme)
        .join(Member, col(Member.id) == FitCheck.member_id)
        .join(Mentorship, col(Mentorship.id) == FitCheck.mentorship_id)
        .join(Programme, col(Programme.id) == Mentorship.programme_id)
        .where(*which)
        .order_by(col(FitCheck.id))
    )
    return [FitAsked(*row) for row in rows]
