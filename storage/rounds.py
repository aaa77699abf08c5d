"""Matching rounds: asked for, computed, reviewed, announced."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.matching.findings import known
from bot.matching.people import Link
from storage import (
    committees,
    database,
    load,
    proposals,
    reviewing,
    rulings,
    terms,
)
from storage.looking import Waits
from storage.models import (
    Person,
    Programme,
    ProgrammeState,
    Round,
    RoundState,
)

ON_ITS_WAY = (RoundState.REQUESTED, RoundState.COMPUTING)


def request(session: Session, programme: Programme, by: Person, now: datetime) -> Round:
    """Ask for a round, or for the one that is on its way already. What is under review stays there
    until the new one can take its place."""
    mine = select(Round).where(Round.programme_id == programme.id).order_by(col(Round.id))
    # In the order in which the jobs hold them too: what is saved or announced at this moment is
    # waited for, and so is somebody else who asks for the first round.
    session.exec(mine.with_for_update()).all()
    session.exec(select(Programme.id).where(Programme.id == programme.id).with_for_update()).one()
    earlier = session.exec(mine.execution_options(populate_existing=True)).all()
    for one in earlier:
        if one.state is RoundState.COMPUTING and one.terms != terms.of(session, programme):
            start_over(one)  # what is being computed is not what is asked for now
        if one.state in ON_ITS_WAY:
            return one
    number = 1 + max((one.number for one in earlier), default=0)
    round_ = Round(
        programme_id=programme.id,
        number=number,
        seed=programme.id * 1000 + number,
        requested_by=by.id,
        requested_at=now,
    )
    programme.state = ProgrammeState.MATCHING
    session.add(round_)
    session.flush()
    return round_


def start_over(round_: Round) -> None:
    """It waits to be computed, from the beginning; who computes it now works for nothing."""
    round_.state, round_.claimed_until, round_.progress = RoundState.REQUESTED, None, 0.0


def stop(session: Session, round_: Round, programme: Programme) -> None:
    """Nobody wants this round any more; everything is as it was before it was asked for."""
    round_.state, round_.claimed_until = RoundState.CANCELLED, None
    as_before(session, programme)


def as_before(session: Session, programme: Programme) -> None:
    """A round came to nothing: the programme stands where it stood."""
    if under_review(session, programme) is not None:
        programme.state = ProgrammeState.REVIEW
        return
    told = select(Round.id).where(
        Round.programme_id == programme.id, Round.state == RoundState.ANNOUNCED
    )
    begun = session.exec(told).first() is not None
    programme.state = ProgrammeState.RUNNING if begun else ProgrammeState.ENROLLING


# Made once: the jobs ask at every tick of the clock, mostly to find nothing.
_TO_ANNOUNCE = select(Round).where(Round.state == RoundState.ANNOUNCING)
WAITS = Waits(_TO_ANNOUNCE)
_ANNOUNCING = _TO_ANNOUNCE.order_by(col(Round.id)).limit(1).with_for_update(skip_locked=True)


def announcing(session: Session) -> Round | None:
    """A round whose announcement is under way, locked."""
    return session.exec(_ANNOUNCING).first()


def on_its_way(session: Session, programme: Programme) -> Round | None:
    """The round that was asked for and is not there yet."""
    return session.exec(
        select(Round).where(Round.programme_id == programme.id, col(Round.state).in_(ON_ITS_WAY))
    ).first()


def under_review(session: Session, programme: Programme) -> Round | None:
    return session.exec(
        select(Round)
        .where(Round.programme_id == programme.id, Round.state == RoundState.REVIEW)
        .order_by(col(Round.id).desc())
    ).first()


def asked_after(session: Session, round_: Round) -> str:
    """Who asked for the round that came in the place of this one."""
    found = session.exec(
        select(Person.name)
        .join(Round, col(Round.requested_by) == Person.id)
        .where(Round.programme_id == round_.programme_id, Round.number > round_.number)
        .order_by(col(Round.number))
    ).first()
    return found or ""


def locked(session: Session, round_id: int) -> Round | None:
    """A round by its id as it stands now, held until the transaction ends."""
    if not database.is_id(round_id):
        return None
    return session.exec(
        select(Round)
        .where(Round.id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def fixed(session: Session, programme: Programme) -> tuple[frozenset[Link], frozenset[Link]]:
    """The pairs that a coordinator fixed or approved by now, and those that may never be."""
    pinned, forbidden = rulings.links(session, programme)
    mentors = {mentee: mentor for mentor, mentee in pinned}
    if (review := under_review(session, programme)) is not None:
        for mentor, mentee in proposals.approved_links(session, review):
            mentors.setdefault(mentee, mentor)
    links = {(mentor, mentee) for mentee, mentor in mentors.items()}
    return frozenset(links - forbidden), forbidden


def overview(
    session: Session, round_: Round, programme: Programme, reader: Person
) -> dict[str, Any]:
    """A round in figures, as its card wants them."""
    found = known(round_.findings)
    return {
        "round": round_.id,
        "number": round_.number,
        "programme": programme.name,
        **asdict(reviewing.figures(session, round_)),
        "left_out": proposals.count_leftovers(session, round_),
        "alone": found.alone,
        "idle": found.idle,
        "load": load.busiest(session, round_, programme),
        "rulings": rulings.count(session, programme),
        "voting": committees.standing(session, round_, programme, reader),
        "slug": programme.slug,
        "nearly_full": load.nearly_full(session, round_, programme),
    }
