"""Many pairs approved at once, and taken back at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, literal
from sqlmodel import Session, col, delete, select

from storage import votes
from storage.models import Person, Programme, Proposal, ProposalState, Round, Vote
from storage.models.base import Utc
from storage.reviewing import awaiting, from_percent


@dataclass(frozen=True)
class Bulk:
    """Many votes at once: the numbers of the first and the last, to take them back by."""

    votes: int = 0
    first: int = 0
    last: int = 0


def approve_from(
    session: Session,
    round_: Round,
    programme: Programme,
    person: Person,
    percent: int,
    now: datetime,
) -> Bulk:
    """This person's yes to every undecided pair that fits so well: not to one they are in, nor
    against what they said before."""
    wanted = [
        col(Proposal.round_id) == round_.id,
        col(Proposal.state) == ProposalState.PROPOSED,
        col(Proposal.score) >= from_percent(percent),
    ]
    if programme.has_committee:
        wanted += awaiting(round_, person.id)
    else:
        pairs = select(Proposal.id).where(*wanted)
        session.exec(delete(Vote).where(col(Vote.proposal_id).in_(pairs)))
    before = session.exec(select(func.coalesce(func.max(Vote.id), 0))).one()
    new = select(Proposal.id, literal(person.id), literal(True), literal(now, Utc())).where(*wanted)
    names = ["proposal_id", "person_id", "yes", "voted_at"]
    session.execute(insert(Vote).from_select(names, new))
    bulk = _since(session, round_, person, before)
    if not programme.has_committee:
        votes.set_all(session, wanted, ProposalState.APPROVED)
    votes.settle(session, round_, programme)
    return bulk


def _since(session: Session, round_: Round, person: Person, before: int) -> Bulk:
    row = session.execute(
        select(
            func.count(col(Vote.id)),
            func.coalesce(func.min(Vote.id), 0),
            func.coalesce(func.max(Vote.id), 0),
        )
        .join(Proposal, col(Proposal.id) == Vote.proposal_id)
        .where(
            Proposal.round_id == round_.id,
            Vote.person_id == person.id,
            col(Vote.id) > before,
        )
    ).one()
    return Bulk(*row)


def take_back(
    session: Session, round_: Round, programme: Programme, person: Person, bulk: Bulk
) -> int:
    """Undo what was approved at once, as far as nobody has undone it since; how many pairs."""
    proposals = select(Proposal.id).where(Proposal.round_id == round_.id)
    ours = (
        col(Vote.person_id) == person.id,
        col(Vote.id).between(bulk.first, bulk.last),
        col(Vote.proposal_id).in_(proposals),
    )
    pairs = list(session.exec(select(Vote.proposal_id).where(*ours)))
    if not programme.has_committee:
        theirs = select(Vote.proposal_id).where(*ours)
        undone = [
            col(Proposal.round_id) == round_.id,
            col(Proposal.state) == ProposalState.APPROVED,
            col(Proposal.id).in_(theirs),
        ]
        votes.set_all(session, undone, ProposalState.PROPOSED)
    session.execute(delete(Vote).where(*ours), execution_options={"synchronize_session": False})
    votes.settle(session, round_, programme)
    session.expire_all()
    return len(pairs)
