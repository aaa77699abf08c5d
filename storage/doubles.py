"""Of what two rows have each, and one may have once, one is left: the one that says most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Row, Table, UniqueConstraint, delete, select, update
from sqlmodel import Session, SQLModel

from storage.models import InviteState, ParticipantState, Verdict

# Which of two says more; where nothing is said here, the one that is there already.
_WORTH: dict[str, Callable[[Row[Any]], tuple[Any, ...]]] = {
    "participant": lambda row: (row.state is ParticipantState.ACTIVE, row.consented_at),
    "dialogue": lambda row: (row.confirmed, row.touched_at),
    "invite": lambda row: (row.state is InviteState.ANSWERED,),
    "checkin": lambda row: (row.answer is not None,),
    "fitcheck": lambda row: (row.answer is not None,),
    "wish": lambda row: (-row.rank,),
    "wisher": lambda row: (row.answered_at is not None,),
    "trialvoice": lambda row: (row.says is not Verdict.NOTHING,),
}


def move(session: Session, table: Table, old: int, new: int) -> None:
    """Whatever points at the old row of this table points at the new one."""
    for column in _references(table):
        for columns in _unique_with(column):
            _fold(session, column, columns, old, new)
        moved = update(column.table).where(column == old).values({column: new})
        session.execute(moved)


def _references(table: Table) -> Iterator[Column[int]]:
    """Every column that points at a row of this table."""
    for other in SQLModel.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column is table.c.id:
                yield key.parent


def _unique_with(column: Column[int]) -> Iterator[set[str]]:
    """What this column may have only once together with, by name."""
    for rule in column.table.constraints:
        if isinstance(rule, UniqueConstraint) and column.name in rule.columns:
            yield {each.name for each in rule.columns} - {column.name}


def _fold(
    session: Session, column: Column[int], together_with: set[str], old: int, new: int
) -> None:
    """Where a row of the old one has a twin of the new one, one of the two takes over the other's."""
    table = column.table
    assert isinstance(table, Table)
    one, other = table.alias(), table.alias()
    # Two empty values are one value here, though the database takes them for different.
    same = (one.c[name].is_not_distinct_from(other.c[name]) for name in together_with)
    twins = select(one.c.id, other.c.id).where(
        one.c[column.name] == old, other.c[column.name] == new, *same
    )
    for ids in session.execute(twins).all():
        rows = session.execute(select(table).where(table.c.id.in_(ids))).all()
        there = [next(row for row in rows if row.id == id_) for id_ in reversed(ids)]
        keep, drop = sorted(there, key=_WORTH.get(table.name, lambda _: ()), reverse=True)
        move(session, table, drop.id, keep.id)
        session.execute(delete(table).where(table.c.id == drop.id))
