"""Which installation this is, and who was erased from it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from storage.models.base import instant, key, maybe_instant, sealed_words, to

ONLY_ROW = 1


class Installation(SQLModel, table=True):
    """One row. Its mark is sealed: whoever opens the database with other keys hears so at once; and
    it tells the erasures of this database from those of another."""

    id: int = key()
    mark: str = sealed_words()


class Erasure(SQLModel, table=True):
    """Somebody asked to be erased, or the time to keep their data was over."""

    id: int = key()
    person_id: int = to("person.id")
    at: datetime = instant()
    listed_at: datetime | None = maybe_instant(index=True)  # in the list that outlives a restore
