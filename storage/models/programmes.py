"""Programmes, who takes part, and what they answered."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from storage.models.base import (
    NEVER_AGAIN,
    instant,
    json_list,
    json_map,
    key,
    maybe_instant,
    maybe_to,
    sealed_list,
    sealed_map,
    state,
    to,
)

KEPT_MONTHS = 12


class ProgrammeState(StrEnum):
    ENROLLING = "enrolling"
    MATCHING = "matching"
    REVIEW = "review"
    RUNNING = "running"
    ARCHIVED = "archived"


class Programme(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    id: int = key()
    organisation_id: int = to("organisation.id")
    name: str
    slug: str  # what is typed behind a command
    kind: str = "one_to_one"
    goal: str = ""
    state: ProgrammeState = state(ProgrammeState.ENROLLING)
    languages: list[str] = json_list()
    starts_on: date
    ends_on: date
    rhythm: str = "every_two_weeks"
    allow_same_team: bool = True
    floor: float = 0.25  # below this score nobody is paired
    smallest_group: int = 5  # fewest answers behind a figure
    importance: dict[str, str] = json_map()  # criterion → bot.matching.Importance
    fair: bool = True  # the worst matches weigh more than the best
    other_function: bool = False  # another function or sector is what is looked for
    repeat_after_months: int = 0  # before the same two may be a pair again; 0: never again
    mixed_departments: list[str] = json_list()  # whose people get somebody of another; "*": all
    most_mentees: int = 0  # of one mentor over all programmes; 0: no limit
    wish_weight: float = 0.25  # what the first wish is worth on the scale of a fit
    votes_needed: int = 1  # coordinators who must agree on a pair
    vote_days: int = 3  # how long a committee has
    answer_days: int = 2  # working days in which who asks for a talk hears from somebody
    time_zone: str = "Europe/Amsterdam"
    group_chat: bool = False  # a chat of both partners and the bot when they are announced
    channel_workspace_id: int | None = maybe_to("workspace.id")
    channel_address: str = ""
    next_round_on: date | None = None
    next_digest_at: datetime | None = maybe_instant(index=True)
    kept_months: int = KEPT_MONTHS  # after its end, before what is left of its people goes
    forgetting_told_on: date | None = None  # when the coordinators heard that this is near
    forgotten_on: date | None = None

    @property
    def has_committee(self) -> bool:
        """Whether several must agree on a pair: then they vote, and nobody on themself."""
        return self.votes_needed > 1


class ProgrammeGoal(SQLModel, table=True):
    """A figure the programme wants to reach."""

    __table_args__ = (UniqueConstraint("programme_id", "measure"),)

    id: int = key()
    programme_id: int = to("programme.id")
    measure: str  # joined, met_share, satisfaction, response_rate
    target: float


class Exclusion(SQLModel, table=True):
    """Who is not paired with whom in a programme: on each side a person or a department."""

    id: int = key()
    programme_id: int = to("programme.id")
    left_person_id: int | None = maybe_to("person.id")
    left_department: str = ""
    right_person_id: int | None = maybe_to("person.id")
    right_department: str = ""


class ParticipantState(StrEnum):
    ACTIVE = "active"
    LEFT = "left"


class Participant(SQLModel, table=True):
    """A role belongs to a programme: mentor here may be mentee there, or both at once."""

    __table_args__ = (
        UniqueConstraint("programme_id", "person_id"),
        Index("ix_participant_joined", "programme_id", "consented_at"),
        NEVER_AGAIN,
    )

    id: int = key()
    programme_id: int = to("programme.id", index=False)
    person_id: int = to("person.id")
    state: ParticipantState = state(ParticipantState.ACTIVE)
    mentor: bool = False
    mentee: bool = False
    capacity: int = 1  # mentees at the same time
    rhythm: str = "every_two_weeks"
    priority: int = 0  # rounds waited without a match
    waiting_since: datetime | None = maybe_instant()  # the first round without a match
    consented_at: datetime = instant()
    left_at: datetime | None = maybe_instant()


class DialogueState(StrEnum):
    """What we are waiting for. Never derived from missing answers."""

    ASKING = "asking"  # the question in `asking`
    CHECKING = "checking"  # its answer is known; is it what they meant?
    SUMMARY = "summary"  # a look at all answers
    STOPPED = "stopped"  # the person stopped, and may resume
    DONE = "done"


class Dialogue(SQLModel, table=True):
    """One questionnaire of one person about one subject (a programme, or nothing yet)."""

    __table_args__ = (UniqueConstraint("person_id", "questionnaire", "subject_id"), NEVER_AGAIN)

    id: int = key()
    person_id: int = to("person.id")
    questionnaire: str
    subject_id: int = 0
    state: DialogueState = state(DialogueState.ASKING)
    asking: str = ""  # the question's key while state is asking
    telling_more: bool = False  # walking through the offered questions
    confirmed: bool = False
    step: int = 0  # counts up at every change, so that an older button is known as such
    touched_at: datetime = instant()


class Answer(SQLModel, table=True):
    """What somebody answered; an empty list is «skipped»."""

    __table_args__ = (UniqueConstraint("dialogue_id", "question"),)

    id: int = key()
    dialogue_id: int = to("dialogue.id")
    question: str
    chosen: list[str] = json_list()  # from a list, and skills: what rounds of thousands read
    confided: list[str] = sealed_list()  # in their own words, and whom they would rather avoid
    words: dict[str, str] = sealed_map()  # as typed → the value it was taken for, in order

    @property
    def values(self) -> list[str]:
        """The answer, wherever it is kept."""
        return self.confided or self.chosen
