"""What people wish before a round, and the trial talks in which they find out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from storage.models.base import (
    instant,
    json_list,
    key,
    maybe_instant,
    sealed_words,
    state,
    to,
    word,
)
from storage.models.mentorships import Part


class WishingState(StrEnum):
    OPENING = "opening"  # a job is looking for candidates and sending the cards
    OPEN = "open"
    CLOSED = "closed"


class Wishing(SQLModel, table=True):
    """The days before a round in which people may say whom they wish."""

    id: int = key()
    programme_id: int = to("programme.id")
    state: WishingState = state(WishingState.OPENING)
    closes_at: datetime = instant(index=True)
    anonymous: bool = False
    mentors_too: bool = False  # mentors may say whom they would like to guide
    trial_talks: bool = False  # a first talk with two or three candidates, once it has closed


class Wisher(SQLModel, table=True):
    """Somebody who is asked whom they wish."""

    __table_args__ = (UniqueConstraint("wishing_id", "participant_id"),)

    id: int = key()
    wishing_id: int = to("wishing.id")
    participant_id: int = to("participant.id")
    part: Part = word(Part)  # what they are in the pair they are asked about
    ask_at: datetime | None = maybe_instant(index=True)
    asked_at: datetime | None = maybe_instant()
    answered_at: datetime | None = maybe_instant()


class Suggestion(SQLModel, table=True):
    """A candidate that somebody was shown."""

    __table_args__ = (UniqueConstraint("wishing_id", "participant_id", "other_id"),)

    id: int = key()
    wishing_id: int = to("wishing.id")
    participant_id: int = to("participant.id")  # to whom
    other_id: int = to("participant.id")  # who
    place: int
    contributions: list[dict[str, Any]] = json_list()


class Wish(SQLModel, table=True):
    """Somebody whom a participant would like as a partner; it stays until they change it."""

    # Where candidates have no names, a colleague may be named who is one of them.
    __table_args__ = (UniqueConstraint("participant_id", "person_id", "own"),)

    id: int = key()
    participant_id: int = to("participant.id")
    person_id: int = to("person.id")
    part: Part = word(Part)  # what the wisher is in the pair they wish for
    rank: int  # 1 is the first
    reason: str = sealed_words()
    shared: bool = False  # the partner may read the reason
    own: bool = False  # a colleague they named themselves


class Verdict(StrEnum):
    """What somebody says after a trial talk; only the matching reads it."""

    NOTHING = "nothing"
    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class TrialTalk(SQLModel, table=True):
    """Twenty minutes of a mentee with somebody who may become their mentor."""

    __table_args__ = (UniqueConstraint("programme_id", "mentor_id", "mentee_id"),)

    id: int = key()
    programme_id: int = to("programme.id")
    mentor_id: int = to("participant.id")
    mentee_id: int = to("participant.id")


class TrialVoice(SQLModel, table=True):
    """One of the two of a trial talk: told of it, asked once, reminded once at the most."""

    __table_args__ = (UniqueConstraint("talk_id", "participant_id"),)

    id: int = key()
    talk_id: int = to("trialtalk.id")
    participant_id: int = to("participant.id")
    tell_at: datetime | None = maybe_instant(index=True)
    ask_at: datetime | None = maybe_instant(index=True)
    asked: int = 0  # times
    asked_at: datetime | None = maybe_instant()
    says: Verdict = state(Verdict.NOTHING)
