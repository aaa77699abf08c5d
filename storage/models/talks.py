"""Who asked somebody they trust for a talk, and whether they have been heard."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import SQLModel

from storage.models.base import instant, key, maybe_instant, sealed_words, state, to


class TalkState(StrEnum):
    ASKED = "asked"
    IN_TOUCH = "in_touch"  # whoever was asked says so
    DONE = "done"
    WITHDRAWN = "withdrawn"


class TalkRequest(SQLModel, table=True):
    """Somebody would like to talk to a coordinator or an adviser; only these two know of it."""

    __table_args__ = (Index("ix_talkrequest_waiting", "state", "reminded_at"),)

    id: int = key()
    programme_id: int = to("programme.id")
    person_id: int = to("person.id")
    reader_id: int = to("person.id")
    words: str = sealed_words()  # read by whoever was asked, and erased when the talk is over
    state: TalkState = state(TalkState.ASKED)
    asked_at: datetime = instant()
    promised_at: datetime = instant(index=True)  # when they will have heard
    reminded_at: datetime | None = maybe_instant()
