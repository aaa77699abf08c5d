"""How many mentees mentors would have with a round: here, and in all programmes together."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage import mentorships, proposals
from storage.models import Participant, Person, Programme, Proposal, Round

MOST_BUSY = 8  # mentors named on one card
NEAR = 1  # place left is still worth a word
Line = tuple[str, int, int]  # a mentor, their mentees with this round, how many they may have


def busiest(session: Session, round_: Round, programme: Programme) -> tuple[Line, ...]:
    """The mentors who would have several mentees here, the busiest first."""
    running = mentorships.load(session, programme)
    lines = [
        (one.name, running.get(one.part, 0) + one.proposed, one.places)
        for one in _mentors(session, round_)
    ]
    several = sorted((line for line in lines if line[1] > 1), key=lambda line: -line[1])
    return tuple(several[:MOST_BUSY])


def nearly_full(session: Session, round_: Round, programme: Programme) -> tuple[Line, ...]:
    """Those who would have about as many mentees as anybody may and have some in other programmes,
    the fullest first."""
    most = programme.most_mentees
    if not most:
        return ()
    anywhere = mentorships.mentees_of(session, programme.organisation_id)
    here = mentorships.load(session, programme)
    lines = [
        (one.name, anywhere.get(one.person, 0) + one.proposed, most)
        for one in _mentors(session, round_)
        if anywhere.get(one.person, 0) > here.get(one.part, 0)
    ]
    full = [line for line in lines if line[1] >= most - NEAR]
    return tuple(sorted(full, key=lambda line: (line[2] - line[1], line[0])))


class _Mentor(NamedTuple):
    """A mentor of a round."""

    part: int
    person: int
    name: str
    places: int
    proposed: int  # mentees


def _mentors(session: Session, round_: Round) -> list[_Mentor]:
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Participant.id,
            Person.id,
            Person.name,
            Participant.capacity,
            func.count(col(Proposal.id)),
        )
        .select_from(Proposal)
        .join(Participant, col(Participant.id) == Proposal.mentor_id)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(Proposal.round_id == round_.id, col(Proposal.state).not_in(proposals.GONE))
        .group_by(col(Participant.id), col(Person.id), col(Person.name), col(Participant.capacity))
    )
    return [_Mentor(*row) for row in rows]
