"""Whose a thing is that a button names: the programme it belongs to, or the people it was made for."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from storage.database import is_id
from storage.models import (
    CheckIn,
    Dialogue,
    FitCheck,
    Identity,
    Invite,
    Link,
    Member,
    Participant,
    Person,
    Programme,
    Proposal,
    Round,
    TalkRequest,
    TrialVoice,
    Wishing,
)

# By the name of the field in a button: what finds the programme of a thing with this id.
PROGRAMME_OF: dict[str, Any] = {
    "proposal": (
        col(Proposal.id),
        select(Round.programme_id).join(Proposal, col(Proposal.round_id) == Round.id),
    ),
    "round": (col(Round.id), select(Round.programme_id)),
    "wishing": (col(Wishing.id), select(Wishing.programme_id)),
    "programme": (col(Programme.id), select(Programme.id)),
}

# The same for the people whom a thing was made for.
PEOPLE_OF: dict[str, Any] = {
    "dialogue": (col(Dialogue.id), select(Dialogue.person_id)),
    "check_in": (
        col(CheckIn.id),
        select(Member.person_id).join(CheckIn, col(CheckIn.member_id) == Member.id),
    ),
    "check": (
        col(FitCheck.id),
        select(Member.person_id).join(FitCheck, col(FitCheck.member_id) == Member.id),
    ),
    "invite": (col(Invite.id), select(Invite.person_id)),
    "voice": (
        col(TrialVoice.id),
        select(Participant.person_id).join(
            TrialVoice, col(TrialVoice.participant_id) == Participant.id
        ),
    ),
    "asked": (col(TalkRequest.id), select(TalkRequest.person_id)),
    "talk": (col(TalkRequest.id), select(TalkRequest.reader_id)),
    "account": (col(Identity.id), select(Identity.person_id)),
    "link": (
        col(Link.id),
        select(Link.owner_id, Identity.person_id).join(
            Identity, col(Identity.id) == Link.identity_id
        ),
    ),
}


def programme_of(session: Session, what: str, id_: int) -> Programme | None:
    """The programme of whatever has this id, if it is there."""
    found = _found(session, PROGRAMME_OF[what], id_)
    return session.get(Programme, found[0]) if found else None


def is_made_for(session: Session, what: str, id_: int, person: Person) -> bool | None:
    """Whether it is this person's; None when there is no such thing."""
    found = _found(session, PEOPLE_OF[what], id_)
    return person.id in found if found else None


def _found(session: Session, how: Any, id_: int) -> list[int]:
    if not is_id(id_):
        return []
    column, query = how
    return [each for row in session.execute(query.where(column == id_)) for each in row]
