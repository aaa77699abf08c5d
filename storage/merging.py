"""Two records turn out to be one person: what hangs on the one goes to the other."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

from storage import dialogues, doubles, wishes
from storage.models import (
    Answer,
    Dialogue,
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeState,
    Proposal,
    ProposalState,
)

# What an import did not say, and the other record may know.
_FILLED = (
    "department", "team", "function", "location", "languages", "manager_id", "kind_given",
    "introduced", "paused_from", "paused_until", "last_nudged_on",
)  # fmt: skip


def absorb(session: Session, bare: Person, owner: Person) -> bool:
    """Everything of `bare` belongs to `owner`, and `bare` is no more. False, with nothing changed,
    when both have what one person can have only once."""
    ids = bare.id, owner.id
    try:
        with session.begin_nested():
            hold(session, ids)
            if both_in(session, bare, owner):
                return False
            _fill(bare, owner)
            session.flush()
            doubles.move(session, SQLModel.metadata.tables["person"], *ids)
            _forget_pairing(session, ids[1])
            wishes.forget_oneself(session, ids[1])
            _avoid(session, bare.organisation_id, *ids)
            session.execute(delete(Person).where(col(Person.id) == ids[0]))
            session.expunge(bare)
    except IntegrityError:
        return False
    session.expire_all()  # what was read before is old now
    dialogues.reread(session)
    return True


def both_in(session: Session, one: Person, other: Person) -> list[Programme]:
    """The programmes in which both take part: there one of the two must leave first."""
    ours = (
        Participant.state == ParticipantState.ACTIVE,
        Programme.state != ProgrammeState.ARCHIVED,
    )
    of_other = select(Participant.programme_id).where(
        Participant.person_id == other.id, Participant.state == ParticipantState.ACTIVE
    )
    return list(
        session.exec(
            select(Programme)
            .join(Participant, col(Participant.programme_id) == Programme.id)
            .where(Participant.person_id == one.id, *ours, col(Programme.id).in_(of_other))
            .order_by(col(Programme.name))
        )
    )


def hold(session: Session, ids: tuple[int, int]) -> None:
    """Whoever acts at this moment is waited for."""
    both = select(Person.id).where(col(Person.id).in_(ids)).order_by(col(Person.id))
    session.exec(both.with_for_update()).all()


def _fill(bare: Person, owner: Person) -> None:
    for name in _FILLED:
        if not getattr(owner, name):
            setattr(owner, name, getattr(bare, name))
    if bare.locale_chosen:
        owner.locale, owner.locale_chosen = bare.locale, True
    if owner.manager_id in (owner.id, bare.id):
        owner.manager_id = None


def _forget_pairing(session: Session, owner: int) -> None:
    """Nobody is proposed to themself."""
    mine = select(Participant.id).where(Participant.person_id == owner)
    session.execute(
        update(Proposal)
        .where(
            col(Proposal.mentor_id) == col(Proposal.mentee_id), col(Proposal.mentor_id).in_(mine)
        )
        .values(state=ProposalState.DROPPED)
    )


def _avoid(session: Session, organisation_id: int, bare: int, owner: int) -> None:
    """Who would rather not be paired with the one would not with the other."""
    said = session.exec(
        select(Answer)
        .join(Dialogue, col(Dialogue.id) == Answer.dialogue_id)
        .join(Person, col(Person.id) == Dialogue.person_id)
        .where(Answer.question == "avoid", Person.organisation_id == organisation_id)
    )
    for answer in said:
        if str(bare) in answer.values:
            named = (str(owner) if each == str(bare) else each for each in answer.values)
            dialogues.put(session, answer, tuple(dict.fromkeys(named)))
    session.flush()
