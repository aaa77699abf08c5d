"""Matching rounds: asked for, computed, reviewed, announced."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from bot.matching import Contribution, Outcome
from storage import database, mentorships, proposals
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
                contributions=[_plain(c) for c in pair.contributions],
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


def _plain(contribution: Contribution) -> dict[str, Any]:
    return {**asdict(contribution), "evidence": list(contribution.evidence)}


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
    session.flush()


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
    for one in session.exec(
        select(Proposal).where(
            Proposal.round_id == round_.id, Proposal.state == ProposalState.APPROVED
        )
    ).all():
        rule(session, programme, one.mentor_id, one.mentee_id, RulingKind.PIN)


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
