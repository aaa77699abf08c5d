"""The coordinators of a programme as those who vote on its pairs, and until when they may."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from bot.cards.voting import ALONE, Voting
from bot.core.working_time import WorkingTime, at_local, local_date, working_time, works_on
from storage import reviewing, roles
from storage.looking import Waits
from storage.models import Person, Programme, Round, RoundState

CLOSES, REMINDS = time(17), time(9)  # on the programme's clock
DAY = timedelta(days=1)


def may_vote(session: Session, programme: Programme, person: Person) -> bool:
    """Whether somebody is on the committee: one of those who run the programme."""
    return person.id in {one.id for one in roles.coordinators(session, programme)}


def needed(programme: Programme, committee: Collection[int], two: Collection[int]) -> int:
    """How many must say yes to the pair of these two people: the members among them have no vote,
    and where too few others are left, all of those must agree."""
    if len(committee) < programme.votes_needed:
        return programme.votes_needed
    voters = len(set(committee) - set(two))
    return max(1, min(programme.votes_needed, voters))


def standing(session: Session, round_: Round, programme: Programme, reader: Person) -> Voting:
    """How the pairs of a round are decided on, for one of those who run the programme or whoever
    else may look."""
    if not programme.has_committee:
        return ALONE
    members = {one.id for one in roles.coordinators(session, programme)}
    return Voting(
        needed=programme.votes_needed,
        members=len(members),
        closes=round_.votes_close_at,
        zone=programme.time_zone,
        mine=reviewing.unvoted(session, round_, reader) if reader.id in members else None,
    )


def deadline(session: Session, programme: Programme, now: datetime) -> datetime:
    """The end of the last working day on which the committee may vote; today does not count."""
    week = _week(session, programme)
    day = local_date(week, now)
    for _ in range(programme.vote_days):
        day = _next(week, day)
    return at_local(week, day, CLOSES)


def reminds_at(session: Session, programme: Programme, round_: Round) -> datetime | None:
    """The morning of the working day before the last, or of the last where there is none between."""
    if round_.votes_close_at is None or round_.computed_at is None:
        return None
    week = _week(session, programme)
    last, opened = (local_date(week, at) for at in (round_.votes_close_at, round_.computed_at))
    before = _next(week, last, -DAY)
    return at_local(week, before if before > opened else last, REMINDS)


def _week(session: Session, programme: Programme) -> WorkingTime:
    """Monday to Friday where the programme is, without the holidays of whoever runs it."""
    first: Sequence[Person] = roles.coordinators(session, programme)[:1]
    return working_time(programme.time_zone, country=first[0].country if first else "")


def _next(week: WorkingTime, day: date, step: timedelta = DAY) -> date:
    day += step
    while not works_on(week, day):
        day += step
    return day


def voting(session: Session) -> list[tuple[Round, Programme]]:
    """The rounds on which a committee votes now, with a last day of which nobody was told yet that
    it has passed."""
    return [(round_, programme) for round_, programme in session.exec(_VOTING)]


# Made once: it runs at every tick of the clock, mostly to find nothing.
_VOTING = (
    select(Round, Programme)
    .join(Programme, col(Programme.id) == Round.programme_id)
    .where(
        Round.state == RoundState.REVIEW,
        col(Round.votes_close_at).is_not(None),
        col(Round.votes_told_at).is_(None),
        Programme.votes_needed > 1,
    )
    .order_by(col(Round.id))
)
WAITS = Waits(_VOTING)
