"""Mentors who would have about as many mentees as anybody may, all programmes together."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage import mentorships, proposals
from storage.models import Participant, Person, Programme, Proposal, Round

NEAR = 1  # place left is still worth a word


def nearly_full(
    session: Session, programme: Programme, round_: Round
) -> tuple[tuple[str, int, int], ...]:
    """(mentor, mentees now and proposed, how many they may have) of those who have mentees in other
    programmes too, the fullest first."""
    if not programme.most_mentees:
        return ()
    anywhere = mentorships.mentees_of(session, programme.organisation_id)
    here = mentorships.load(session, programme)
    proposed = session.execute(
        select(Person.id, Person.name, Participant.id, func.count(col(Proposal.id)))
        .select_from(Proposal)
        .join(Participant, col(Participant.id) == Proposal.mentor_id)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(Proposal.round_id == round_.id, col(Proposal.state).not_in(proposals.GONE))
        .group_by(col(Person.id), col(Person.name), col(Participant.id))
    )
    most = programme.most_mentees
    found = [
        (name, anywhere.get(person, 0) + new, most)
        for person, name, part, new in proposed
        if anywhere.get(person, 0) > here.get(part, 0)
    ]
    full = [line for line in found if line[1] >= most - NEAR]
    return tuple(sorted(full, key=lambda line: (line[2] - line[1], line[0])))
