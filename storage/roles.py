"""Who runs what: an admin everything, a coordinator their own programmes."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.models import Duty, Person, Programme, Role


def is_admin(session: Session, person: Person) -> bool:
    mine = select(Role.id).where(Role.person_id == person.id, Role.duty == Duty.ADMIN)
    return session.exec(mine).first() is not None


def coordinates_any(session: Session, person: Person) -> bool:
    """Whether the person runs anything; an adviser does not."""
    mine = select(Role.id).where(Role.person_id == person.id, Role.duty != Duty.ADVISER)
    return session.exec(mine).first() is not None


def coordinates(session: Session, person: Person, programme: Programme) -> bool:
    """Whether the person may run this programme: its coordinator, or an admin of its organisation."""
    if programme.organisation_id != person.organisation_id:
        return False
    mine = select(Role.id).where(
        Role.person_id == person.id,
        (Role.duty == Duty.ADMIN)
        | ((Role.duty == Duty.COORDINATOR) & (Role.programme_id == programme.id)),
    )
    return session.exec(mine).first() is not None


def coordinators(session: Session, programme: Programme) -> list[Person]:
    """Those who run a programme; the admins where nobody does."""
    found = _with(session, programme, Duty.COORDINATOR)
    return found or admins(session, programme.organisation_id)


def advisers(session: Session, programme: Programme) -> list[Person]:
    """The confidential advisers whom a programme names."""
    return _with(session, programme, Duty.ADVISER)


def _with(session: Session, programme: Programme, duty: Duty) -> list[Person]:
    found = session.exec(
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .where(Role.programme_id == programme.id, Role.duty == duty, Person.active)
        .order_by(col(Role.id))
    )
    return list(found)


def admins(session: Session, organisation_id: int) -> list[Person]:
    """Those who may do everything in an organisation."""
    found = session.exec(
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .where(Role.duty == Duty.ADMIN, Person.organisation_id == organisation_id, Person.active)
        .order_by(col(Person.id))
    )
    return list(found)


def nobody_else_runs(session: Session, person: Person) -> list[Programme]:
    """The programmes that would be left without a coordinator of their own."""
    mine = (
        select(Programme)
        .join(Role, col(Role.programme_id) == Programme.id)
        .where(Role.person_id == person.id)
        .order_by(col(Programme.name))
    )
    return [
        programme
        for programme in session.exec(mine)
        if all(one.id == person.id for one in coordinators(session, programme))
    ]


def appoint(
    session: Session,
    person: Person,
    programme: Programme | None,
    duty: Duty = Duty.COORDINATOR,
) -> bool:
    """Give somebody a duty in a programme, or (without one) make them admin. False when they were."""
    duty = duty if programme else Duty.ADMIN
    programme_id = programme.id if programme else None
    same = select(Role.id).where(
        Role.person_id == person.id, Role.programme_id == programme_id, Role.duty == duty
    )
    if session.exec(same).first() is not None:
        return False
    session.add(Role(person_id=person.id, programme_id=programme_id, duty=duty))
    session.flush()
    return True


def dismiss(
    session: Session, person: Person, programme: Programme, duty: Duty = Duty.COORDINATOR
) -> bool:
    role = session.exec(
        select(Role).where(
            Role.person_id == person.id, Role.programme_id == programme.id, Role.duty == duty
        )
    ).first()
    if role is None:
        return False
    session.delete(role)
    session.flush()
    return True
