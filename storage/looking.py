"""Looks that find nothing, mostly, or a few plain values: what is asked often is asked cheaply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, literal_column, or_, select, union_all
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.selectable import GenerativeSelect
from sqlmodel import Session

Moments = Mapping[str, object]
At = Callable[[datetime], Moments]


def today(now: datetime) -> Moments:
    return {"today": now.date()}


class Waits:
    """There may be something to do when one of these queries finds a row; `at` says which moments
    they ask about, besides now."""

    def __init__(self, *queries: GenerativeSelect, at: At = lambda _: {}) -> None:
        self.queries = tuple(query.order_by(None).limit(None) for query in queries)
        self.at = at

    def __or__(self, other: Waits) -> Waits:
        def at(now: datetime) -> Moments:
            return {**self.at(now), **other.at(now)}

        return Waits(*self.queries, *other.queries, at=at)


class Look:
    """Made once of all that may wait, in its order."""

    def __init__(self, kinds: Sequence[Waits]) -> None:
        self._moments = [kind.at for kind in kinds]
        self._query: Any = union_all(
            *(
                select(literal_column(str(place))).where(or_(*(q.exists() for q in kind.queries)))
                for place, kind in enumerate(kinds)
            )
        )

    def waiting(self, session: Session, now: datetime) -> list[int]:
        """Which of them may have something to do, by their place."""
        asked: dict[str, object] = {"now": now}
        for moments in self._moments:
            asked |= moments(now)
        return sorted(session.connection().execute(self._query, asked).scalars())


def rows(session: Session, query: Executable, **about: object) -> Sequence[Row[Any]]:
    """Columns as they are stored, after what this transaction has changed: it is written first."""
    session.flush()
    return session.connection().execute(query, about).all()


class Seldom:
    """Objects of which there are mostly none: whether there are is asked first, at a third of what
    it takes to look for them."""

    def __init__(self, query: Any) -> None:
        nothing_of_it = query.with_only_columns(literal_column("1"), maintain_column_froms=True)
        self._query, self._any = query, select(nothing_of_it.order_by(None).exists())

    def found(self, session: Session, **about: object) -> list[Any]:
        """What the query finds, in its order."""
        [[some]] = rows(session, self._any, **about)
        return list(session.exec(self._query, params=about)) if some else []


def among(column: Mapped[Any], values: Iterable[object]) -> ColumnElement[bool]:
    """Whether it is one of a few that never change: IN is spelled out anew at every execution."""
    return or_(*(column == value for value in values))
