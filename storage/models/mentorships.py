"""Mentorships, their members, and how they say it goes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import (
    NEVER_AGAIN,
    instant,
    key,
    maybe_instant,
    maybe_to,
    maybe_word,
    state,
    to,
    word,
)


class MentorshipState(StrEnum):
    ACTIVE = "active"
    ENDED = "ended"


class Mentorship(SQLModel, table=True):
    """A pair today; groups have more members."""

    __table_args__ = NEVER_AGAIN

    id: int = key()
    programme_id: int = to("programme.id")
    proposal_id: int | None = Field(
        default=None, foreign_key="proposal.id", nullable=True, unique=True
    )
    state: MentorshipState = state(MentorshipState.ACTIVE)
    rhythm: str
    started_on: date
    ended_at: datetime | None = maybe_instant()
    stuck_since: datetime | None = maybe_instant()
    parting_told_at: datetime | None = maybe_instant()  # coordinators heard of a closed account


class Part(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"


class Member(SQLModel, table=True):
    """One side of a mentorship, and when they are next asked how it goes."""

    __table_args__ = (UniqueConstraint("mentorship_id", "person_id"), NEVER_AGAIN)

    id: int = key()
    mentorship_id: int = to("mentorship.id")
    person_id: int = to("person.id")
    participant_id: int | None = maybe_to("participant.id")
    part: Part = word(Part)
    due_on: date | None = None  # the check-in that comes next
    ask_at: datetime | None = maybe_instant(index=True)  # when, in their own working hours
    fit_at: datetime | None = maybe_instant(
        index=True
    )  # when to ask whether the match is a good one
    # Check-ins in a row without an answer; -1: the one that is open could not be answered.
    silent: int = 0


class Fit(StrEnum):
    """What somebody says, in private, after the first talk."""

    GOOD = "good"
    DECIDING = "deciding"
    NOT = "not"


class FitCheck(SQLModel, table=True):
    """«Is this a good match for you?»; whoever is still deciding is asked again."""

    __table_args__ = (UniqueConstraint("member_id", "due_on"),)

    id: int = key()
    member_id: int = to("member.id")
    mentorship_id: int = to("mentorship.id")
    due_on: date
    asked_at: datetime = instant()
    answer: Fit | None = maybe_word(Fit)


class CheckInAnswer(StrEnum):
    MET = "met"
    PLANNED = "planned"
    NOT_YET = "not_yet"


class CheckIn(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("member_id", "due_on"),)

    id: int = key()
    member_id: int = to("member.id")
    mentorship_id: int = to("mentorship.id")
    due_on: date = Field(index=True)
    asked_at: datetime = instant(index=True)
    answer: CheckInAnswer | None = maybe_word(CheckInAnswer)
    answered_at: datetime | None = maybe_instant()
    remind_at: datetime | None = maybe_instant(index=True)
