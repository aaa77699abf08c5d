"""Every sealed column of every table at once: closed for the first time, or with another key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Text, column, select, table, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as rows

from bot import content
from storage.dialogues import put
from storage.models import Answer, Delivery, DeliveryState
from storage.sealing import Confidential, Seal, seal_in_use

_BATCH = 1_000
Places = Iterator[tuple[str, str, str]]


def places() -> Places:
    """Table, key and column of everything that is sealed."""
    for each in SQLModel.metadata.sorted_tables:
        for one in each.columns:
            if isinstance(one.type, Confidential):
                [key] = each.primary_key.columns
                yield each.name, key.name, one.name


def close_all(session: Session) -> int:
    """Seal what stands in clear, from before there were keys; how much that was. What was said in
    messages that neither wait nor are held goes."""
    over = col(Delivery.state).not_in((DeliveryState.WAITING, DeliveryState.HELD))
    session.execute(update(Delivery).where(over).values(message=""))
    seal = seal_in_use(session.get_bind().dialect)
    count = _each(session, lambda kind, words: kind.closed(seal, words))
    for answer in session.exec(rows(Answer)):
        if answer.chosen and content.told_in_confidence(answer.question):
            put(session, answer, tuple(answer.chosen))
            count += 1
    return count


def renew_all(session: Session, seal: Seal) -> int:
    """Seal everything with the first key; how much that was. WrongKey when one cannot be opened."""
    return _each(session, lambda kind, words: kind.renewed(seal, words))


def _each(session: Session, change: Callable[[Confidential[Any], str], str]) -> int:
    count = 0
    for name, key, column_name in places():
        kind = SQLModel.metadata.tables[name].columns[column_name].type
        assert isinstance(kind, Confidential)
        for id_, words in _stored(session, name, key, column_name):
            if (changed := change(kind, words)) != words:
                seen = table(name, column(key), column(column_name, Text))
                session.execute(
                    update(seen).where(seen.c[key] == id_).values({column_name: changed})
                )
                count += 1
    return count


def _stored(
    session: Session, name: str, key: str, column_name: str
) -> Iterator[tuple[int | str, str]]:
    """A column as it is stored, some rows at a time."""
    seen = table(name, column(key), column(column_name, Text))
    page = select(seen.c[key], seen.c[column_name]).order_by(seen.c[key]).limit(_BATCH)
    found = session.execute(page).all()
    while found:
        yield from ((id_, words) for id_, words in found if words is not None)
        found = session.execute(page.where(seen.c[key] > found[-1][0])).all()
