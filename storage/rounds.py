"""Matching rounds: asked for, computed, reviewed, announced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from bot.matching.people import Link
from storage import database, mentorships, proposals, terms
from storage import load as load_of
from storage.models import (
    Leftover,
    Person,
    Programme,
    ProgrammeState,
    Proposal,
    ProposalState,
    Round,
    RoundState,
    Ruling,
    RulingKind,
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


def latest(session: Session, programme: Programme) -> Round | None:
    """The round that was asked for last; one before it may still be under review."""
    return session.exec(
        select(Round).where(Round.programme_id == programme.id).order_by(col(Round.id).desc())
    ).first()


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
    rulings = session.exec(select(Ruling).where(Ruling.programme_id == programme.id)).all()
    forbidden = {(r.mentor_id, r.mentee_id) for r in rulings if r.kind is RulingKind.FORBID}
    mentors = {r.mentee_id: r.mentor_id for r in rulings if r.kind is RulingKind.PIN}
    if (review := under_review(session, programme)) is not None:
        for mentor, mentee in _approved(session, review):
            mentors.setdefault(mentee, mentor)
    links = {(mentor, mentee) for mentee, mentor in mentors.items()}
    return frozenset(links - forbidden), frozenset(forbidden)


def _approved(session: Session, round_: Round) -> list[Link]:
    rows = session.exec(
        select(Proposal.mentor_id, Proposal.mentee_id).where(
            Proposal.round_id == round_.id, Proposal.state == ProposalState.APPROVED
        )
    )
    return [(mentor, mentee) for mentor, mentee in rows]


def rule(
    session: Session, programme: Programme, mentor_id: int, mentee_id: int, kind: RulingKind
) -> None:
    """A coordinator's word on a pair, in the place of an earlier one; one pin a mentee."""
    if kind is RulingKind.PIN:
        unpin(session, programme, mentee_id)
    session.exec(
        delete(Ruling).where(
            col(Ruling.programme_id) == programme.id,
            col(Ruling.mentor_id) == mentor_id,
            col(Ruling.mentee_id) == mentee_id,
        )
    )
    session.add(
        Ruling(programme_id=programme.id, mentor_id=mentor_id, mentee_id=mentee_id, kind=kind)
    )
    _heed(session, programme, mentor_id, mentee_id, kind)
    session.flush()


def _heed(
    session: Session, programme: Programme, mentor_id: int, mentee_id: int, kind: RulingKind
) -> None:
    """Should the round that is to come be stopped, the one under review says nothing else."""
    review = under_review(session, programme)
    if review is None:
        return
    mine = select(Proposal).where(Proposal.round_id == review.id, Proposal.mentee_id == mentee_id)
    for one in session.exec(mine).all():
        if kind is RulingKind.FORBID and one.mentor_id == mentor_id:
            one.state = ProposalState.DROPPED
        elif kind is RulingKind.PIN and one.mentor_id != mentor_id:
            one.state = ProposalState.PROPOSED


def unpin(session: Session, programme: Programme, mentee_id: int) -> None:
    session.exec(
        delete(Ruling).where(
            col(Ruling.programme_id) == programme.id,
            col(Ruling.mentee_id) == mentee_id,
            col(Ruling.kind) == RulingKind.PIN,
        )
    )


def pin_approved(session: Session, programme: Programme, round_: Round) -> None:
    """A re-run keeps what the coordinator approved."""
    approved = _approved(session, round_)
    wanted, mentees = set(approved), {mentee for _, mentee in approved}
    for one in session.exec(select(Ruling).where(Ruling.programme_id == programme.id)).all():
        link = (one.mentor_id, one.mentee_id)
        pinned = one.kind is RulingKind.PIN
        if pinned and link in wanted:
            wanted.discard(link)
        elif link in wanted or (pinned and one.mentee_id in mentees):
            session.delete(one)
    session.flush()
    session.add_all(
        Ruling(programme_id=programme.id, mentor_id=mentor, mentee_id=mentee, kind=RulingKind.PIN)
        for mentor, mentee in sorted(wanted)
    )
    session.flush()


def overview(session: Session, round_: Round, programme: Programme) -> dict[str, Any]:
    """A round in figures, as its card wants them."""
    proposed = proposals.of_round(session, round_)
    running = mentorships.load(session, programme)
    load: dict[int, tuple[str, int, int]] = {}
    for one in proposed:
        part = one.mentor_part
        _, now, _ = load.get(part.id, ("", running.get(part.id, 0), 0))
        load[part.id] = (one.mentor.name, now + 1, part.capacity)
    return {
        "round": round_.id,
        "number": round_.number,
        "programme": programme.name,
        "pairs": len(proposed),
        "approved": sum(p.proposal.state is ProposalState.APPROVED for p in proposed),
        "left_out": session.exec(
            select(func.count(col(Leftover.id))).where(Leftover.round_id == round_.id)
        ).one(),
        "mean": sum(p.proposal.score for p in proposed) / len(proposed) if proposed else 0.0,
        "worst": min((p.proposal.score for p in proposed), default=0.0),
        "load": tuple(sorted(load.values(), key=lambda line: -line[1])),
        "nearly_full": load_of.nearly_full(session, programme, proposed),
    }


def forget_pins(session: Session, programme: Programme) -> None:
    """What was announced needs no fixing any more."""
    session.exec(
        delete(Ruling).where(
            col(Ruling.programme_id) == programme.id, col(Ruling.kind) == RulingKind.PIN
        )
    )
