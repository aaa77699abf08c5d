"""Two records turn out to be one person: what hangs on the one goes to the other."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

from storage.models import Answer, Dialogue, Person, Role

# What an import did not say, and the other record may know.
_FILLED = (
    "department", "function", "location", "languages", "manager_id", "kind_given",
    "introduced", "paused_from", "paused_until", "last_nudged_on",
)  # fmt: skip


def absorb(session: Session, bare: Person, owner: Person) -> bool:
    """Everything of `bare` belongs to `owner`, and `bare` is no more. False, with nothing changed,
    when both have what one person can have only once."""
    ids = bare.id, owner.id
    try:
        with session.begin_nested():
            _lock(session, ids)
            _fill(bare, owner)
            session.flush()
            _drop_doubles(session, *ids)
            for column in _references():
                moved = update(column.table).where(column == ids[0]).values({column: ids[1]})
                session.execute(moved)
            _avoid(session, bare.organisation_id, *ids)
            session.execute(delete(Person).where(col(Person.id) == ids[0]))
            session.expunge(bare)
    except IntegrityError:
        return False
    session.expire_all()  # what was read before is old now
    return True


def _lock(session: Session, ids: tuple[int, int]) -> None:
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


def _drop_doubles(session: Session, bare: int, owner: int) -> None:
    """The database takes two administrators without a programme for different roles."""
    held = select(Role).where(Role.person_id == owner)
    there = {(role.programme_id, role.duty) for role in session.exec(held)}
    for role in session.exec(select(Role).where(Role.person_id == bare)):
        if (role.programme_id, role.duty) in there:
            session.delete(role)
    session.flush()


def _references() -> Iterator[Column[int]]:
    """Every column that points at a person."""
    person = SQLModel.metadata.tables["person"]
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is person.c.id:
                yield key.parent


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
            answer.values = list(dict.fromkeys(named))
    session.flush()
