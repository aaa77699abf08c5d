"""Check-ins: when they fall due, and what was answered."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.core.rhythm import Rhythm, moment, next_due
from bot.core.working_time import next_day_open
from storage import asked, people
from storage.asked import Asked, Asking
from storage.models import CheckIn, Member, Mentorship, MentorshipState, Person, Programme

STUCK_AFTER = 2  # silent rounds


def due(session: Session, person: Person, now: datetime) -> list[Asking]:
    """This person's check-ins that fall due now."""
    return asked.due(session, person, Member.ask_at, now)


def to_remind(session: Session, person: Person, now: datetime) -> list[Asked[CheckIn]]:
    """This person's check-ins of which they wanted to be reminded now."""
    return asked.find(session, CheckIn, person, col(CheckIn.remind_at) <= now)


def open_one(session: Session, asking: Asking, person: Person, now: datetime) -> CheckIn:
    """Ask this one now, and set the date of the next."""
    member = asking.member
    assert member.due_on is not None
    last = session.exec(
        select(CheckIn).where(CheckIn.member_id == member.id).order_by(col(CheckIn.id).desc())
    ).first()
    if last is not None and last.answer is None:
        member.silent += 1
        last.remind_at = None
    else:
        member.silent = 0
    check_in = CheckIn(
        member_id=member.id,
        mentorship_id=member.mentorship_id,
        due_on=member.due_on,
        asked_at=now,
    )
    session.add(check_in)
    _schedule_next(asking, person, now)
    session.flush()
    return check_in


def _schedule_next(asking: Asking, person: Person, now: datetime) -> None:
    """The first due date still to come, at a good hour of a working day: what was missed meanwhile is
    not asked afterwards. None after the programme ends."""
    member, mentorship = asking.member, asking.mentorship
    after = max(member.due_on or mentorship.started_on, people.today(person, now))
    following = next_due(mentorship.started_on, after, Rhythm(mentorship.rhythm))
    if following > asking.programme.ends_on:
        member.due_on = member.ask_at = None
        return
    member.due_on = following
    member.ask_at = moment(following, people.working_time(person))


def go_on(session: Session, programme: Programme, now: datetime) -> None:
    """The programme ends later: whoever was not to be asked any more is asked again."""
    rows = session.exec(
        select(Member, Mentorship, Person)
        .join(Mentorship, col(Mentorship.id) == Member.mentorship_id)
        .join(Person, col(Person.id) == Member.person_id)
        .where(
            Mentorship.programme_id == programme.id,
            Mentorship.state == MentorshipState.ACTIVE,
            col(Member.due_on).is_(None),
        )
    )
    for member, mentorship, person in rows:
        _schedule_next(Asking(member, mentorship, programme), person, now)
    session.flush()


def reminder_at(person: Person, programme: Programme, now: datetime) -> datetime | None:
    """When somebody who says "later" is asked again; None when the programme is over by then."""
    later = next_day_open(people.working_time(person), now)
    return later if later and people.today(person, later) <= programme.ends_on else None


def is_stuck(session: Session, mentorship: Mentorship) -> bool:
    """Whether every member who is still there let two check-ins in a row pass."""
    silences = session.exec(
        select(Member.silent)
        .join(Person, col(Person.id) == Member.person_id)
        .where(Member.mentorship_id == mentorship.id, col(Person.active).is_(True))
    )
    return min(silences, default=0) >= STUCK_AFTER


def still_open(session: Session, person: Person, now: datetime) -> list[Asked[CheckIn]]:
    """This person's unanswered check-ins of which they will not be reminded, the last of each
    mentorship."""
    return asked.still_open(session, CheckIn, person, now, col(CheckIn.remind_at).is_(None))
