"""Fit checks: whether a match feels right, asked of each of the two in private."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.core.rhythm import moment
from storage import asked, people
from storage.asked import Asked
from storage.models import Fit, FitCheck, Member, MentorshipState, Person

FIRST = timedelta(weeks=4)  # after the start, for who has not been asked after a first talk
AGAIN = timedelta(weeks=3)  # for who is still deciding


def ask(session: Session, person: Person, now: datetime) -> list[Asked[FitCheck]]:
    """The fit checks that fall due for this person now; from here on they count as asked."""
    found = []
    for one in asked.due(session, person, Member.fit_at, now):
        one.member.fit_at = None
        over = people.today(person, now) > one.programme.ends_on
        if one.mentorship.state is MentorshipState.ACTIVE and not over:
            check = _open(session, one.member, person, now)
            found.append(Asked(check, one.member, one.mentorship, one.programme))
    session.flush()
    return found


def ask_after_first_talk(session: Session, member: Member, person: Person, now: datetime) -> None:
    """The two have met: the question comes on the same card, if it was not asked yet."""
    before = session.exec(select(FitCheck.id).where(FitCheck.member_id == member.id)).first()
    if before is None:
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


def answer(
    session: Session, one: Asked[FitCheck], says: Fit, person: Person, now: datetime
) -> None:
    """The last word counts; who is still deciding is asked again."""
    one.check.answer = says
    again = people.today(person, now) + AGAIN
    asked_again = says is Fit.DECIDING and again <= one.programme.ends_on
    one.member.fit_at = moment(again, people.working_time(person)) if asked_again else None
    session.flush()
