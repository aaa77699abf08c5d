"""What a round proposes: pairs, whoever is left over, and who waits when all is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.matching import Contribution
from storage import contributions as stored
from storage import mentorships, people
from storage.database import is_id
from storage.models import (
    Leftover,
    Participant,
    ParticipantState,
    Person,
    Programme,
    Proposal,
    ProposalState,
    Round,
)

GONE = (ProposalState.DROPPED, ProposalState.EXCHANGED)  # no pair of a round any more
_PAIRED = (ProposalState.APPROVED, ProposalState.ANNOUNCED)


@dataclass(frozen=True)
class Proposed:
    """A proposal with the two people it is about."""

    proposal: Proposal
    mentor: Person
    mentee: Person
    mentor_part: Participant
    mentee_part: Participant

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        return stored.read(self.proposal.contributions)


def of_round(
    session: Session,
    round_: Round,
    state: ProposalState | None = None,
    most: int | None = None,
) -> list[Proposed]:
    """The pairs of a round (of one state, or the first of them) as they stand now, the doubtful
    ones first."""
    query = (
        _WITH_PEOPLE.where(Proposal.round_id == round_.id)
        .where(Proposal.state != ProposalState.EXCHANGED)
        .order_by(col(Proposal.score), col(Proposal.id))
        .limit(most)
    )
    if state is not None:
        query = query.where(Proposal.state == state)
    return [Proposed(*row) for row in session.exec(query)]


_mentor_part, _mentee_part = aliased(Participant), aliased(Participant)
_mentor, _mentee = aliased(Person), aliased(Person)
_WITH_PEOPLE = (
    select(Proposal, _mentor, _mentee, _mentor_part, _mentee_part)  # type: ignore[call-overload]
    .join(_mentor_part, _mentor_part.id == Proposal.mentor_id)
    .join(_mentee_part, _mentee_part.id == Proposal.mentee_id)
    .join(_mentor, _mentor.id == _mentor_part.person_id)
    .join(_mentee, _mentee.id == _mentee_part.person_id)
    .execution_options(populate_existing=True)
)


def by_ids(session: Session, ids: Sequence[int]) -> list[Proposed]:
    """These pairs as they stand now, in this order."""
    rows = session.exec(_WITH_PEOPLE.where(col(Proposal.id).in_(list(ids))))
    found = {row[0].id: Proposed(*row) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def of_mentee(session: Session, round_: Round, mentee_id: int) -> Proposed | None:
    """The pair that this mentee is in now."""
    row = session.exec(
        _WITH_PEOPLE.where(
            Proposal.round_id == round_.id,
            Proposal.mentee_id == mentee_id,
            col(Proposal.state).not_in(GONE),
        )
    ).first()
    return Proposed(*row) if row else None


def find(session: Session, proposal_id: int) -> tuple[Proposal, Round, Programme] | None:
    """A proposal with its round and programme."""
    if not is_id(proposal_id):
        return None
    row = session.exec(
        select(Proposal, Round, Programme)
        .join(Round, col(Round.id) == Proposal.round_id)
        .join(Programme, col(Programme.id) == Round.programme_id)
        .where(Proposal.id == proposal_id)
    ).first()
    return (row[0], row[1], row[2]) if row else None


def held(session: Session, round_: Round, most: int) -> tuple[list[Proposed], bool]:
    """The next approved pairs, their people held so that nobody leaves meanwhile; and whether there
    are any. Whoever acts at this very moment comes in a later run."""
    waiting = of_round(session, round_, ProposalState.APPROVED, most)
    ids = {person.id for one in waiting for person in (one.mentor, one.mentee)}
    free = set(
        session.exec(
            select(Person.id)
            .where(col(Person.id).in_(ids))
            .with_for_update(skip_locked=True, key_share=True)
        )
    )
    ours = {one.proposal.id for one in waiting if {one.mentor.id, one.mentee.id} <= free}
    again = of_round(session, round_, ProposalState.APPROVED, most)
    return [one for one in again if one.proposal.id in ours], bool(waiting)


def propose(
    session: Session,
    round_: Round,
    link: tuple[int, int],
    score: float,
    contributions: Sequence[Contribution],
) -> Proposal:
    """A pair (mentor, mentee) that a coordinator puts into a round; one that was exchanged away
    before comes back."""
    mentor, mentee = link
    found = session.exec(
        select(Proposal).where(
            Proposal.round_id == round_.id,
            Proposal.mentor_id == mentor,
            Proposal.mentee_id == mentee,
        )
    ).first() or Proposal(round_id=round_.id, mentor_id=mentor, mentee_id=mentee, score=score)
    found.state, found.score = ProposalState.PROPOSED, score
    found.contributions = stored.written(contributions)
    session.add(found)
    session.flush()
    return found


def is_proposed(session: Session, round_: Round, link: tuple[int, int]) -> bool:
    """Whether (mentor, mentee) is a pair of this round now."""
    query = select(Proposal.id).where(
        Proposal.round_id == round_.id,
        Proposal.mentor_id == link[0],
        Proposal.mentee_id == link[1],
        col(Proposal.state).not_in(GONE),
    )
    return session.exec(query).first() is not None


def approved_links(session: Session, round_: Round) -> frozenset[tuple[int, int]]:
    """The approved pairs as (mentor, mentee)."""
    rows = session.exec(
        select(Proposal.mentor_id, Proposal.mentee_id).where(
            Proposal.round_id == round_.id, Proposal.state == ProposalState.APPROVED
        )
    )
    return frozenset((mentor, mentee) for mentor, mentee in rows)


def count_leftovers(session: Session, round_: Round) -> int:
    query = select(func.count(col(Leftover.id))).where(Leftover.round_id == round_.id)
    return session.exec(query).one()


def leftovers(
    session: Session, round_: Round, most: int | None = None
) -> list[tuple[Leftover, Participant, Person]]:
    """Who has no match, all or the first of them."""
    rows = session.exec(
        select(Leftover, Participant, Person)
        .join(Participant, col(Participant.id) == Leftover.participant_id)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(Leftover.round_id == round_.id)
        .order_by(col(Leftover.id))
        .limit(most)
    )
    return [(leftover, participant, person) for leftover, participant, person in rows]


def seeking(session: Session, round_: Round, programme: Programme) -> set[int]:
    """The participants whom this round leaves without a mentor."""
    mentored = mentorships.with_mentor(session, programme)
    mentored |= set(
        session.exec(select(Proposal.mentee_id).where(Proposal.round_id == round_.id)).all()
    )
    return {
        part.id
        for _, part, _ in leftovers(session, round_)
        if part.mentee and part.id not in mentored
    }


def waiting(
    session: Session, round_: Round, programme: Programme, now: datetime
) -> list[tuple[Participant, Person]]:
    """Who takes part and has nobody once the approved pairs are announced: mentees without a mentor,
    and mentors without any mentee. Not those who are paused: they are away by their own wish."""
    found = {part.id: (part, person) for _, part, person in leftovers(session, round_)}
    mentored = mentorships.with_mentor(session, programme)
    mentoring = set(mentorships.load(session, programme))
    for one in of_round(session, round_):
        found[one.mentor_part.id] = one.mentor_part, one.mentor
        found[one.mentee_part.id] = one.mentee_part, one.mentee
        if one.proposal.state in _PAIRED:
            mentored.add(one.mentee_part.id)
            mentoring.add(one.mentor_part.id)
    return [
        (part, person)
        for id_, (part, person) in sorted(found.items())
        if id_ not in mentored
        and (part.mentee or id_ not in mentoring)
        and part.state is ParticipantState.ACTIVE
        and people.may_take_part(person)
        and not people.is_paused(person, now)
    ]


def names(session: Session, participant_ids: Sequence[int]) -> dict[int, str]:
    """People's names by participant id."""
    rows = session.exec(
        select(Participant.id, Person.name)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(col(Participant.id).in_(list(participant_ids)))
    )
    return {id_: name for id_, name in rows}


def mentors_in(session: Session, programme: Programme, participant_id: int) -> bool:
    """Whether this is a mentor of this programme."""
    participant = session.get(Participant, participant_id) if is_id(participant_id) else None
    return bool(participant and participant.programme_id == programme.id and participant.mentor)
