"""Who said yes or no to a proposed pair, and what a committee's votes come to.

Where one coordinator suffices, a vote only remembers who approved. Where several must agree, the
state of a pair is what the votes of today's committee say: it is settled whenever a round is opened,
so that somebody who runs the programme no longer has no say in it either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, delete, select

from storage import roles
from storage.committees import deadline
from storage.models import (
    Participant,
    Person,
    Programme,
    Proposal,
    ProposalState,
    Round,
    RoundState,
    Vote,
)

_STATE = SQLModel.metadata.tables["proposal"].c.state.type
OPEN = (ProposalState.PROPOSED, ProposalState.APPROVED, ProposalState.REJECTED)


@dataclass(frozen=True)
class Cast:
    """Somebody's word on a pair."""

    person_id: int
    name: str
    yes: bool


def on(
    session: Session, proposal_ids: Sequence[int], programme: Programme
) -> dict[int, list[Cast]]:
    """The votes that count, by pair, in the order in which they were cast."""
    query = (
        select(Vote, Person.name)
        .join(Person, col(Person.id) == Vote.person_id)
        .where(col(Vote.proposal_id).in_(list(proposal_ids)))
        .order_by(col(Vote.voted_at), col(Vote.id))
    )
    if programme.has_committee:
        query = query.where(col(Vote.person_id).in_(_committee(session, programme)))
    found: dict[int, list[Cast]] = defaultdict(list)
    for vote, name in session.exec(query):
        found[vote.proposal_id].append(Cast(vote.person_id, name, vote.yes))
    return found


def cast(session: Session, proposal: Proposal, person: Person, now: datetime, *, yes: bool) -> None:
    """This person's vote, in the place of an earlier one."""
    vote = session.exec(_own(proposal, person)).first()
    if vote is None:
        session.add(Vote(proposal_id=proposal.id, person_id=person.id, yes=yes, voted_at=now))
    elif vote.yes is not yes:
        vote.yes, vote.voted_at = yes, now
    session.flush()


def withdraw(session: Session, proposal: Proposal, person: Person | None = None) -> None:
    """The vote of this person, or of everybody, is as if it had never been."""
    votes = delete(Vote).where(col(Vote.proposal_id) == proposal.id)
    session.exec(votes if person is None else votes.where(col(Vote.person_id) == person.id))


def _own(proposal: Proposal, person: Person) -> Any:
    return select(Vote).where(Vote.proposal_id == proposal.id, Vote.person_id == person.id)


def _committee(session: Session, programme: Programme) -> list[int]:
    return [person.id for person in roles.coordinators(session, programme)]


# --- what the votes come to ---


def settle(session: Session, round_: Round, programme: Programme) -> None:
    """Approved with enough votes, rejected once there can never be enough; else undecided.

    Who is one of the two has no vote on the pair: where too few others are left, all of those must
    agree. A committee smaller than the votes that are needed decides nothing.
    """
    if not programme.has_committee:
        return
    committee = _committee(session, programme)
    state = col(Proposal.state)
    verdict = _verdict(session, programme, committee)
    session.execute(
        update(Proposal)
        .where(col(Proposal.round_id) == round_.id, state.in_(OPEN), state != verdict)
        .values(state=verdict),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


def _verdict(
    session: Session, programme: Programme, committee: Sequence[int]
) -> ColumnElement[Any]:
    def word(state: ProposalState) -> ColumnElement[Any]:
        return literal(state, _STATE)

    if len(committee) < programme.votes_needed:
        return word(ProposalState.PROPOSED)
    parts = list(
        session.exec(
            select(Participant.id).where(
                Participant.programme_id == programme.id,
                col(Participant.person_id).in_(committee),
            )
        )
    )
    concerned = sum((case((side.in_(parts), 1), else_=0) for side in sides()), start=literal(0))
    voters = literal(len(committee)) - concerned
    needed = case((voters < programme.votes_needed, voters), else_=programme.votes_needed)
    yes, no = (_number(committee, parts, yes=each) for each in (True, False))
    return case(
        (and_(voters > 0, yes >= needed), word(ProposalState.APPROVED)),
        (and_(voters > 0, no > voters - needed), word(ProposalState.REJECTED)),
        else_=word(ProposalState.PROPOSED),
    )


def sides() -> tuple[Any, Any]:
    """Both halves of a pair, as columns."""
    return col(Proposal.mentor_id), col(Proposal.mentee_id)


def _number(committee: Sequence[int], parts: Sequence[int], *, yes: bool) -> Any:
    """How many of the committee say so who are not one of the two themselves."""
    concerned = (
        select(Participant.id)
        .where(
            col(Participant.id).in_(parts),
            Participant.person_id == Vote.person_id,
            col(Participant.id).in_(sides()),
        )
        .correlate(Vote, Proposal)
        .exists()
    )
    query = select(func.count(col(Vote.id))).where(
        Vote.proposal_id == Proposal.id,
        col(Vote.yes).is_(yes),
        col(Vote.person_id).in_(committee),
    )
    query = query.where(~concerned) if parts else query
    return query.correlate(Proposal).scalar_subquery()


def set_all(session: Session, which: list[ColumnElement[bool]], state: ProposalState) -> None:
    """Every pair of which all this holds is in this state."""
    session.execute(
        update(Proposal).where(*which).values(state=state),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


# --- from one round to the next ---


def begin(session: Session, round_: Round, now: datetime) -> None:
    """A round comes under review: what was said of its pairs in the round that it replaces still
    counts, and a committee hears until when it has."""
    programme = session.get_one(Programme, round_.programme_id)
    earlier = session.exec(
        select(Round)
        .where(
            Round.programme_id == programme.id,
            Round.number < round_.number,
            col(Round.state).not_in((RoundState.FAILED, RoundState.CANCELLED)),
        )
        .order_by(col(Round.number).desc())
    ).first()
    if earlier is not None and earlier.state is RoundState.REPLACED:
        _carry(session, earlier, round_)
    if programme.has_committee:
        reopen(session, round_, programme, now)


def reopen(session: Session, round_: Round, programme: Programme, now: datetime) -> None:
    """The days to vote begin now; where one coordinator suffices from now on, nobody votes."""
    several = programme.has_committee
    round_.votes_close_at = deadline(session, programme, now) if several else None
    round_.votes_told_at = None
    session.flush()
    settle(session, round_, programme)
    if not several:
        here = col(Proposal.round_id) == round_.id
        voted_down = col(Proposal.state) == ProposalState.REJECTED
        set_all(session, [here, voted_down], ProposalState.PROPOSED)


def _carry(session: Session, earlier: Round, round_: Round) -> None:
    before = aliased(Proposal)
    same = and_(
        col(before.round_id) == earlier.id,
        col(before.mentor_id) == Proposal.mentor_id,
        col(before.mentee_id) == Proposal.mentee_id,
        col(before.state) != ProposalState.EXCHANGED,
    )
    votes = (
        select(Proposal.id, Vote.person_id, Vote.yes, Vote.voted_at)
        .join(before, same)
        .join(Vote, col(Vote.proposal_id) == before.id)
        .where(Proposal.round_id == round_.id)
    )
    names = ["proposal_id", "person_id", "yes", "voted_at"]
    session.execute(insert(Vote).from_select(names, votes))
    # Kept together, but not approved: that is another matter.
    kept = select(before.id).where(same, before.state != ProposalState.APPROVED)
    undecided = [
        col(Proposal.round_id) == round_.id,
        col(Proposal.state) == ProposalState.APPROVED,
        kept.correlate(Proposal).exists(),
    ]
    set_all(session, undecided, ProposalState.PROPOSED)
