"""What waits for an administrator's word."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from storage.models.base import instant, key, maybe_instant


class Hold(SQLModel, table=True):
    """A backup was put back: nothing leaves by itself until an administrator lets it."""

    id: int = key()
    since: datetime = instant()
    released_at: datetime | None = maybe_instant()
