"""Who may take part without being an employee."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select

from bot.cards.guests import Door
from storage.models import (
    Organisation,
    Participant,
    ParticipantState,
    Person,
    PersonKind,
    Programme,
    ProgrammeState,
)

KINDS = (PersonKind.GUEST, PersonKind.STRANGER)


def doors(session: Session, organisation: Organisation) -> list[Door]:
    """How it is now for each kind of people."""
    return [
        Door(
            kind=kind.value,
            welcome=is_welcome(organisation, kind),
            known=_count(session, organisation, kind),
            taking_part=_count(session, organisation, kind, _takes_part()),
        )
        for kind in KINDS
    ]


def _count(
    session: Session, organisation: Organisation, kind: PersonKind, *more: ColumnElement[bool]
) -> int:
    return session.exec(
        select(func.count(col(Person.id))).where(
            Person.organisation_id == organisation.id,
            Person.kind == kind,
            col(Person.active).is_(True),
            *more,
        )
    ).one()


def _takes_part() -> ColumnElement[bool]:
    """Holds for a Person who takes part in a programme now."""
    return (
        select(Participant.id)
        .join(Programme, col(Programme.id) == Participant.programme_id)
        .where(
            Participant.person_id == Person.id,
            Participant.state == ParticipantState.ACTIVE,
            Programme.state != ProgrammeState.ARCHIVED,
        )
        .correlate(Person)
        .exists()
    )


def is_welcome(organisation: Organisation, kind: PersonKind) -> bool:
    """Whether an administrator lets people of this kind in."""
    match kind:
        case PersonKind.GUEST:
            return organisation.guests_welcome
        case PersonKind.STRANGER:
            return organisation.strangers_welcome
        case _:
            return False


def let_in(
    session: Session, organisation: Organisation, kind: PersonKind, *, welcome: bool
) -> bool:
    """Open the door to a kind of people, or close it behind those who take part. False when it was
    so already."""
    if is_welcome(organisation, kind) is welcome:
        return False
    if kind is PersonKind.GUEST:
        organisation.guests_welcome = welcome
    else:
        organisation.strangers_welcome = welcome
    whom = update(Person).where(
        col(Person.organisation_id) == organisation.id, col(Person.kind) == kind
    )
    session.execute(
        (whom if welcome else whom.where(~_takes_part())).values(admitted=welcome),
        execution_options={"synchronize_session": "fetch"},
    )
    session.flush()
    return True


def is_admitted(session: Session, person: Person, organisation: Organisation) -> bool:
    """Whether somebody who is no employee may take part: welcome, or let in before and still in."""
    if is_welcome(organisation, person.kind):
        return True
    if not person.admitted or person.kind not in KINDS:
        return False
    return (
        session.exec(select(Person.id).where(Person.id == person.id, _takes_part())).first()
        is not None
    )


def reconsider(session: Session, person: Person) -> None:
    """Somebody has left: a guest comes in again only while guests are welcome."""
    organisation = session.get_one(Organisation, person.organisation_id)
    person.admitted = is_admitted(session, person, organisation)
