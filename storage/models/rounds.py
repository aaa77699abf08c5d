"""A matching round: what was asked, what the solver proposed, what the coordinator ruled."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from storage.models.base import (
    NEVER_AGAIN,
    instant,
    json_list,
    json_map,
    key,
    maybe_instant,
    maybe_to,
    sealed_words,
    state,
    to,
    word,
)


class RoundState(StrEnum):
    REQUESTED = "requested"
    COMPUTING = "computing"  # a job is at it, outside of any transaction
    REVIEW = "review"
    ANNOUNCING = "announcing"  # a job is making the mentorships
    ANNOUNCED = "announced"
    REPLACED = "replaced"  # by a re-run
    FAILED = "failed"
    CANCELLED = "cancelled"  # by a coordinator, while it was being computed


class Round(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("programme_id", "number"), NEVER_AGAIN)

    id: int = key()
    programme_id: int = to("programme.id")
    number: int
    state: RoundState = state(RoundState.REQUESTED)
    seed: int
    requested_by: int = to("person.id")
    requested_at: datetime = instant()
    computed_at: datetime | None = maybe_instant()
    announced_at: datetime | None = maybe_instant()
    claimed_until: datetime | None = maybe_instant()  # by the database's clock, while computing
    progress: float = 0.0  # 0 … 1, while computing
    engine: str = ""  # what solved it: with the seed the round can be repeated exactly
    terms: dict[str, Any] = json_map()  # weights and rules as they were
    figures: dict[str, float] = json_map()  # mean, worst, seconds, matched
    findings: dict[str, Any] = json_map()  # what the dry run shows: how fits are spread, and so on
    votes_close_at: datetime | None = maybe_instant()
    votes_told_at: datetime | None = maybe_instant()  # when the committee heard what is undecided


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"  # by the votes of a committee
    EXCHANGED = "exchanged"  # the two mentees have each other's mentor now
    ANNOUNCED = "announced"
    DROPPED = "dropped"  # one of the two left or paused before it was announced


class Proposal(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("round_id", "mentor_id", "mentee_id"), NEVER_AGAIN)

    id: int = key()
    round_id: int = to("round.id")
    mentor_id: int = to("participant.id")
    mentee_id: int = to("participant.id")
    state: ProposalState = state(ProposalState.PROPOSED)
    score: float
    bonus: float = 0.0  # for what people wished
    contributions: list[dict[str, Any]] = json_list()  # bot.matching.Contribution as data


class Vote(SQLModel, table=True):
    """What one of the committee says of a proposal."""

    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    id: int = key()
    proposal_id: int = to("proposal.id")
    person_id: int = to("person.id")
    yes: bool
    voted_at: datetime = instant()


class Leftover(SQLModel, table=True):
    """Somebody whom a round left without a match, and how many candidates each rule cost them."""

    __table_args__ = (UniqueConstraint("round_id", "participant_id"),)

    id: int = key()
    round_id: int = to("round.id")
    participant_id: int = to("participant.id")
    reasons: dict[str, int] = json_map()


class RulingKind(StrEnum):
    PIN = "pin"
    FORBID = "forbid"
    REJECTED = "rejected"  # a committee voted no


class Ruling(SQLModel, table=True):
    """A coordinator's word on a pair; it outlives a re-run."""

    __table_args__ = (UniqueConstraint("programme_id", "mentor_id", "mentee_id"),)

    id: int = key()
    programme_id: int = to("programme.id")
    mentor_id: int = to("participant.id")
    mentee_id: int = to("participant.id")
    kind: RulingKind = word(RulingKind)
    reason: str = sealed_words()  # read by coordinators only
    ruled_by: int | None = maybe_to("person.id", index=False)
    ruled_at: datetime | None = maybe_instant()
