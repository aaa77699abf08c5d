"""Matching rounds: asked for, computed, reviewed, announced."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.matching import Outcome
from storage import database, load, mentorships, proposals, reviewing, roles, rulings, votes
from storage.models import (
    Leftover,
    Participant,
    Person,
    Programme,
    ProgrammeState,
    Proposal,
    ProposalState,
    Round,
    RoundState,
)

MOST_BUSY = 8  # mentors named on one card


def request(session: Session, programme: Programme, by: Person, now: datetime) -> Round:
    """Ask for a round, or for the one that waits already; one that is under review gives way."""
    mine = select(Round).where(Round.programme_id == programme.id).order_by(col(Round.id))
    # In the order in which the jobs hold them too: what is computed or announced at this moment is
    # waited for, and so is somebody else who asks for the first round.
    session.exec(mine.with_for_update()).all()
    session.exec(select(Programme.id).where(Programme.id == programme.id).with_for_update()).one()
    earlier = session.exec(mine.execution_options(populate_existing=True)).all()
    for one in earlier:
        if one.state is RoundState.REQUESTED:
            return one
        if one.state is RoundState.REVIEW:
            one.state = RoundState.REPLACED
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


def requested(session: Session) -> Round | None:
    """The oldest round that waits to be computed, locked; never while an earlier one of its programme
    is still being announced, or people would be matched twice."""
    return session.exec(_REQUESTED).first()


# Made once: the jobs ask at every tick of the clock, mostly to find nothing.
_earlier = aliased(Round)
_REQUESTED = (
    select(Round)
    .where(
        Round.state == RoundState.REQUESTED,
        ~select(_earlier.id)
        .where(_earlier.programme_id == Round.programme_id, _earlier.state == RoundState.ANNOUNCING)
        .exists(),
    )
    .order_by(col(Round.id))
    .limit(1)
    .with_for_update(of=Round, skip_locked=True)
)
_ANNOUNCING = (
    select(Round)
    .where(Round.state == RoundState.ANNOUNCING)
    .order_by(col(Round.id))
    .limit(1)
    .with_for_update(skip_locked=True)
)


def announcing(session: Session) -> Round | None:
    """A round whose announcement is under way, locked."""
    return session.exec(_ANNOUNCING).first()


def under_review(session: Session, programme: Programme) -> Round | None:
    return session.exec(
        select(Round)
        .where(Round.programme_id == programme.id, Round.state == RoundState.REVIEW)
        .order_by(col(Round.id).desc())
    ).first()


def latest(session: Session, programme: Programme) -> Round | None:
    return session.exec(
        select(Round).where(Round.programme_id == programme.id).order_by(col(Round.id).desc())
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


def save(session: Session, round_: Round, outcome: Outcome, now: datetime) -> None:
    """Keep what the solver proposes; a pair that the coordinator fixed counts as approved."""
    for pair in outcome.pairs:
        session.add(
            Proposal(
                round_id=round_.id,
                mentor_id=pair.mentor,
                mentee_id=pair.mentee,
                state=ProposalState.APPROVED if pair.pinned else ProposalState.PROPOSED,
                score=pair.score,
                contributions=[proposals.plain(c) for c in pair.contributions],
            )
        )
    merged: dict[int, dict[str, int]] = {}
    for one in outcome.unmatched:
        merged.setdefault(one.participant, {}).update(one.reasons)
    for participant, reasons in merged.items():
        session.add(Leftover(round_id=round_.id, participant_id=participant, reasons=reasons))
    stats = outcome.stats
    round_.figures = {
        "matched": float(stats.matched),
        "mentees": float(stats.mentees),
        "places": float(stats.places),
        "mean": stats.mean,
        "worst": stats.worst,
        "proven": float(stats.proven),
    }
    round_.state, round_.computed_at = RoundState.REVIEW, now
    session.flush()
    votes.begin(session, round_, now)


def overview(session: Session, round_: Round, programme: Programme) -> dict[str, Any]:
    """A round in figures, as its card wants them."""
    return {
        "round": round_.id,
        "number": round_.number,
        "programme": programme.name,
        **asdict(reviewing.figures(session, round_)),
        "left_out": proposals.count_leftovers(session, round_),
        "load": _busiest(session, round_, programme),
        "rulings": rulings.count(session, programme),
        "votes_needed": programme.votes_needed,
        "committee": len(roles.coordinators(session, programme)),
        "closes": round_.votes_close_at if programme.votes_needed > 1 else None,
        "zone": programme.time_zone,
        "slug": programme.slug,
        "nearly_full": load.nearly_full(session, programme, round_),
    }


def _busiest(
    session: Session, round_: Round, programme: Programme
) -> tuple[tuple[str, int, int], ...]:
    """The mentors who would have several mentees: name, mentees, places; the busiest first."""
    running = mentorships.load(session, programme)
    number = func.count(col(Proposal.id))
    rows = session.execute(
        select(Participant.id, Person.name, number, Participant.capacity)
        .select_from(Proposal)
        .join(Participant, col(Participant.id) == Proposal.mentor_id)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(Proposal.round_id == round_.id, Proposal.state != ProposalState.EXCHANGED)
        .group_by(col(Participant.id), col(Person.name), col(Participant.capacity))
    )
    mentees = [(name, n + running.get(id_, 0), places) for id_, name, n, places in rows]
    several = sorted((line for line in mentees if line[1] > 1), key=lambda line: -line[1])
    return tuple(several[:MOST_BUSY])
