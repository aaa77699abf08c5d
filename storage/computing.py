"""A round on its way: claimed for a while, saved in parts, thrown away when it is not wanted any more.

Whoever computes holds no transaction meanwhile. The claim is the moment until which it holds, so a
process that comes back late sees that the round is somebody else's now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from bot.matching import Cancelled, Outcome
from bot.matching.people import Link
from storage import contributions, database, rounds, terms, votes
from storage.models import (
    Leftover,
    Programme,
    ProgrammeState,
    Proposal,
    ProposalState,
    Round,
    RoundState,
)
from storage.models.base import Utc

LEASE = timedelta(seconds=60)  # many times the pause between two signs of life
PART = 500  # rows in one transaction: on SQLite nobody else writes meanwhile
Row = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """A round that this process may compute until its lease ends."""

    round: int
    programme: int
    seed: int
    told: int  # rounds of the programme that were announced, or being announced, by then
    until: datetime


# Made once: the jobs ask at every tick of the clock, mostly to find nothing.
_earlier = aliased(Round)
_WAITING = (
    select(Round)
    .where(
        (col(Round.state) == RoundState.REQUESTED)
        | (
            (col(Round.state) == RoundState.COMPUTING)
            & (col(Round.claimed_until) < bindparam("clock", type_=Utc))
        ),
        # Else whoever hears of their pair at this moment would be matched a second time.
        ~select(_earlier.id)
        .where(_earlier.programme_id == Round.programme_id, _earlier.state == RoundState.ANNOUNCING)
        .exists(),
    )
    .order_by(col(Round.id))
    .limit(1)
)
_IS_WAITING = _WAITING.with_only_columns(col(Round.id))
_FREE = _WAITING.with_for_update(of=Round, skip_locked=True)


def waits(session: Session) -> bool:
    """Whether there is a round to compute."""
    clock = database.clock(session)
    return session.scalar(_IS_WAITING, {"clock": clock}) is not None


def claim(session: Session) -> Claim | None:
    """The oldest round that waits, or that a dead process left behind, for the time of a lease."""
    clock = database.clock(session)
    round_ = session.exec(_FREE, params={"clock": clock}).first()
    if round_ is None:
        return None
    programme = session.get_one(Programme, round_.programme_id)
    _forget(session, round_)
    round_.state, round_.progress, round_.claimed_until = RoundState.COMPUTING, 0.0, clock + LEASE
    round_.terms = terms.of(session, programme)
    told = len(_told(session, programme.id))
    return Claim(round_.id, programme.id, round_.seed, told, clock + LEASE)


def renew(session: Session, held: Claim, progress: float) -> Claim:
    """A sign of life: how far it is, and a new lease. Cancelled when the round is not ours now."""
    round_ = _held(session, held)
    until = database.clock(session) + LEASE
    round_.progress, round_.claimed_until = progress, until
    return replace(held, until=until)


def let_go(session: Session, held: Claim) -> None:
    """We cannot go on: whoever comes next computes it, at once."""
    _send_back(session, _held(session, held))


def release_all(session: Session) -> None:
    """After a crash of the only process there is (SQLite): nobody computes any more."""
    for round_ in session.exec(select(Round).where(Round.state == RoundState.COMPUTING)).all():
        _send_back(session, round_)


def parts(held: Claim, outcome: Outcome) -> Iterator[tuple[type[Proposal | Leftover], list[Row]]]:
    """What a round proposes and whom it leaves out, as rows, some at a time."""
    pairs: Iterator[Row] = (
        {
            "round_id": held.round,
            "mentor_id": pair.mentor,
            "mentee_id": pair.mentee,
            "state": ProposalState.APPROVED if pair.pinned else ProposalState.PROPOSED,
            "score": pair.score,
            "bonus": pair.bonus,
            "contributions": contributions.written(pair.contributions),
        }
        for pair in outcome.pairs
    )
    reasons: dict[int, dict[str, int]] = {}
    for one in outcome.unmatched:  # mentees first: of who misses both, the mentor counts
        reasons.setdefault(one.participant, dict(one.reasons))
    left: Iterator[Row] = (
        {"round_id": held.round, "participant_id": id_, "reasons": lost}
        for id_, lost in reasons.items()
    )
    while rows := list(islice(pairs, PART)):
        yield Proposal, rows
    while rows := list(islice(left, PART)):
        yield Leftover, rows


def put(
    session: Session, held: Claim, kind: type[Proposal | Leftover], rows: Sequence[Row]
) -> None:
    """Save a part; nobody looks at it before the round is finished. Cancelled when it is not ours."""
    _held(session, held)
    session.execute(insert(kind), list(rows))


def finish(
    session: Session,
    held: Claim,
    outcome: Outcome,
    pins: frozenset[Link],
    findings: Row,
    now: datetime,
) -> Round | None:
    """The round is there for review, in the place of the one before it.

    `pins` are the pairs that were fixed when it began. None when so much was decided meanwhile that
    it has to be computed again, which it then is. Cancelled when it is not ours.
    """
    ours = select(Round).where(Round.programme_id == held.programme).order_by(col(Round.id))
    session.exec(ours.with_for_update()).all()
    round_ = _held(session, held)
    programme = session.get_one(Programme, held.programme, populate_existing=True)
    links = {(pair.mentor, pair.mentee) for pair in outcome.pairs}
    fixed, forbidden = rounds.fixed(session, programme)
    if len(_told(session, programme.id)) != held.told or fixed - pins - links or forbidden & links:
        _send_back(session, round_)
        return None
    approved = {(pair.mentor, pair.mentee) for pair in outcome.pairs if pair.pinned}
    _set(session, round_, (fixed & links) - approved, ProposalState.APPROVED)
    _set(session, round_, approved - fixed, ProposalState.PROPOSED)
    if (earlier := rounds.under_review(session, programme)) is not None:
        earlier.state = RoundState.REPLACED
    round_.state, round_.computed_at = RoundState.REVIEW, now
    round_.claimed_until, round_.progress = None, 1.0
    round_.engine, round_.figures, round_.findings = outcome.engine, _figures(outcome), findings
    programme.state = ProgrammeState.REVIEW
    session.flush()
    votes.begin(session, round_, now)
    return round_


def give_up(session: Session, held: Claim) -> Programme:
    """It cannot be computed; what was there before it stays. Cancelled when it is not ours."""
    round_ = _held(session, held)
    _forget(session, round_)
    round_.state, round_.claimed_until = RoundState.FAILED, None
    programme = session.get_one(Programme, held.programme)
    rounds.as_before(session, programme)
    return programme


def _held(session: Session, held: Claim) -> Round:
    """The round, locked; Cancelled when it was stopped, taken over or is wanted otherwise now."""
    round_ = rounds.locked(session, held.round)
    if (
        round_ is None
        or round_.state is not RoundState.COMPUTING
        or round_.claimed_until != held.until
    ):
        raise Cancelled
    return round_


def _send_back(session: Session, round_: Round) -> None:
    _forget(session, round_)
    rounds.start_over(round_)


def _forget(session: Session, round_: Round) -> None:
    """What was saved of a round that did not get to its end."""
    session.exec(delete(Proposal).where(col(Proposal.round_id) == round_.id))
    session.exec(delete(Leftover).where(col(Leftover.round_id) == round_.id))


def _told(session: Session, programme_id: int) -> Sequence[int]:
    told = (RoundState.ANNOUNCING, RoundState.ANNOUNCED)
    return session.exec(
        select(Round.id).where(Round.programme_id == programme_id, col(Round.state).in_(told))
    ).all()


def _set(session: Session, round_: Round, links: Collection[Link], state: ProposalState) -> None:
    rows = [{"mentor": mentor, "mentee": mentee} for mentor, mentee in links]
    if rows:
        session.connection().execute(
            update(Proposal)
            .where(
                col(Proposal.round_id) == round_.id,
                col(Proposal.mentor_id) == bindparam("mentor"),
                col(Proposal.mentee_id) == bindparam("mentee"),
            )
            .values(state=state),
            rows,
        )


def _figures(outcome: Outcome) -> dict[str, float]:
    return {name: float(value) for name, value in asdict(outcome.stats).items()}
