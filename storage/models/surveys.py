"""Pulse surveys. Who was asked, and what was said, are kept apart on purpose."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import (
    NEVER_AGAIN,
    instant,
    json_map,
    key,
    maybe_instant,
    maybe_to,
    sealed_words,
    state,
    to,
    word,
)


class Moment(StrEnum):
    START = "start"
    MIDDLE = "middle"
    END = "end"


class WaveState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class Wave(SQLModel, table=True):
    """One sending of a survey; when it closes its figures freeze."""

    __table_args__ = (UniqueConstraint("programme_id", "moment"), NEVER_AGAIN)

    id: int = key()
    programme_id: int = to("programme.id")
    moment: Moment = word(Moment)
    state: WaveState = state(WaveState.PLANNED)
    anonymous: bool = True
    opens_at: datetime = instant(index=True)
    closes_at: datetime = instant(index=True)
    figures: dict[str, Any] = json_map()


class InviteState(StrEnum):
    WAITING = "waiting"
    ASKED = "asked"
    ANSWERED = "answered"


class Invite(SQLModel, table=True):
    """That somebody was asked, and whether they answered: never what."""

    __table_args__ = (UniqueConstraint("wave_id", "person_id"),)

    id: int = key()
    wave_id: int = to("wave.id")
    person_id: int = to("person.id")
    state: InviteState = state(InviteState.WAITING)
    ask_at: datetime | None = maybe_instant(index=True)


class SurveyAnswer(SQLModel, table=True):
    """An answer without a time; without a person too when the wave is anonymous.

    The key is random and the table has no row number, so that not even the order of arrival is kept.
    """

    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(default_factory=lambda: secrets.token_hex(12), primary_key=True)
    wave_id: int = to("wave.id")
    question: str
    part: str  # mentor or mentee: the only group that figures are split by
    value: str = sealed_words()
    person_id: int | None = maybe_to("person.id")
