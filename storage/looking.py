"""Whether anything is due, of many kinds at one look: a clock looks often, and mostly in vain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column, or_, select, union_all
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
