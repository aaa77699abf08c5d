"""A coordinator's word on two people: kept together, or kept apart, until somebody lifts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, literal
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, delete, or_, select

from bot.matching.people import Link
from storage.database import is_id
from storage.models import (
    Participant,
    Person,
    Programme,
    Proposal,
    ProposalState,
    Round,
    RoundState,
    Ruling,
    RulingKind,
)

_APART = (RulingKind.FORBID, RulingKind.REJECTED)
_KIND = SQLModel.metadata.tables["ruling"].c.kind.type


@dataclass(frozen=True)
class Ruled:
    """A ruling with the names it is about."""

    ruling: Ruling
    mentor: str
    mentee: str
    by: str  # "" where nobody in particular ruled
    two: tuple[int, int]  # the persons


def rule(
    session: Session,
    programme: Programme,
    link: tuple[int, int],
    kind: RulingKind,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
) -> None:
    """A coordinator's word on (mentor, mentee), in the place of an earlier one; one pin a mentee."""
    mentor, mentee = link
    if kind is RulingKind.PIN:
        unpin(session, programme, mentee)
    session.exec(delete(Ruling).where(*_on(programme, link)))
    session.add(
        Ruling(
            programme_id=programme.id,
            mentor_id=mentor,
            mentee_id=mentee,
            kind=kind,
            reason=reason,
            ruled_by=by.id,
            ruled_at=now,
        )
    )
    _heed(session, programme, link, kind)
    session.flush()


def _heed(session: Session, programme: Programme, link: tuple[int, int], kind: RulingKind) -> None:
    """Should the round that is to come be stopped, the one under review says nothing else."""
    mentor, mentee = link
    here = (
        select(Proposal)
        .join(Round, col(Round.id) == Proposal.round_id)
        .where(
            Round.programme_id == programme.id,
            Round.state == RoundState.REVIEW,
            Proposal.mentee_id == mentee,
            Proposal.state != ProposalState.EXCHANGED,
        )
    )
    for one in session.exec(here).all():
        if kind is RulingKind.FORBID and one.mentor_id == mentor:
            one.state = ProposalState.DROPPED
        elif kind is RulingKind.PIN and one.mentor_id != mentor:
            one.state = ProposalState.PROPOSED


def unpin(session: Session, programme: Programme, mentee_id: int) -> None:
    session.exec(
        delete(Ruling).where(
            col(Ruling.programme_id) == programme.id,
            col(Ruling.mentee_id) == mentee_id,
            col(Ruling.kind) == RulingKind.PIN,
        )
    )


def links(session: Session, programme: Programme) -> tuple[frozenset[Link], frozenset[Link]]:
    """Who is kept together and who is kept apart, as (mentor, mentee)."""
    said = session.exec(select(Ruling).where(Ruling.programme_id == programme.id)).all()

    def of(*kinds: RulingKind) -> frozenset[Link]:
        return frozenset((r.mentor_id, r.mentee_id) for r in said if r.kind in kinds)

    return of(RulingKind.PIN), of(*_APART)


def is_pinned(session: Session, programme: Programme, link: tuple[int, int]) -> bool:
    pins = select(Ruling.id).where(*_on(programme, link), Ruling.kind == RulingKind.PIN)
    return session.exec(pins).first() is not None


def pinned(
    session: Session, programme: Programme, mentee_ids: Sequence[int]
) -> set[tuple[int, int]]:
    """Of these mentees, who is kept together with whom: (mentor, mentee)."""
    rows = session.exec(
        select(Ruling.mentor_id, Ruling.mentee_id).where(
            Ruling.programme_id == programme.id,
            Ruling.kind == RulingKind.PIN,
            col(Ruling.mentee_id).in_(list(mentee_ids)),
        )
    )
    return {(mentor, mentee) for mentor, mentee in rows}


def _on(programme: Programme, link: tuple[int, int]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Ruling.programme_id) == programme.id,
        col(Ruling.mentor_id) == link[0],
        col(Ruling.mentee_id) == link[1],
    )


def keep_decisions(session: Session, programme: Programme, round_: Round) -> None:
    """What was decided outlives a re-run: approved pairs stay, those voted down do not return."""
    for state, kind in (
        (ProposalState.APPROVED, RulingKind.PIN),
        (ProposalState.REJECTED, RulingKind.REJECTED),
    ):
        decided = and_(col(Proposal.round_id) == round_.id, col(Proposal.state) == state)
        _clear(session, programme, kind, decided)
        same = and_(
            col(Ruling.programme_id) == programme.id,
            col(Ruling.mentor_id) == Proposal.mentor_id,
            col(Ruling.mentee_id) == Proposal.mentee_id,
        )
        new = select(  # type: ignore[call-overload]
            literal(programme.id),
            Proposal.mentor_id,
            Proposal.mentee_id,
            literal(kind, _KIND),
            literal(""),
        ).where(decided, ~select(Ruling.id).where(same).correlate(Proposal).exists())
        names = ["programme_id", "mentor_id", "mentee_id", "kind", "reason"]
        session.execute(insert(Ruling).from_select(names, new))
    session.expire_all()


def _clear(session: Session, programme: Programme, kind: RulingKind, decided: Any) -> None:
    """Rulings that say otherwise make room; one that says the same stays, with who said it."""
    pairs = select(Proposal.id).where(
        decided,
        Proposal.mentor_id == Ruling.mentor_id,
        Proposal.mentee_id == Ruling.mentee_id,
    )
    other = and_(pairs.correlate(Ruling).exists(), col(Ruling.kind) != kind)
    if kind is RulingKind.PIN:
        mentees = select(Proposal.mentee_id).where(decided)
        elsewhere = and_(
            col(Ruling.kind) == kind,
            col(Ruling.mentee_id).in_(mentees),
            ~pairs.correlate(Ruling).exists(),
        )
        other = or_(other, elsewhere)
    session.execute(
        delete(Ruling).where(col(Ruling.programme_id) == programme.id, other),
        execution_options={"synchronize_session": False},
    )


def forget_pins(session: Session, programme: Programme) -> None:
    """What was announced needs no fixing any more."""
    session.exec(
        delete(Ruling).where(
            col(Ruling.programme_id) == programme.id, col(Ruling.kind) == RulingKind.PIN
        )
    )


def _told(programme: Programme) -> tuple[ColumnElement[bool], ...]:
    """All that somebody said; not the approved pairs that a re-run merely keeps."""
    said = or_(col(Ruling.kind) != RulingKind.PIN, col(Ruling.ruled_by).is_not(None))
    return col(Ruling.programme_id) == programme.id, said


def count(session: Session, programme: Programme) -> int:
    return session.exec(select(func.count(col(Ruling.id))).where(*_told(programme))).one()


def some(session: Session, programme: Programme, start: int, most: int) -> Sequence[Ruled]:
    """Rulings from a place in the list on: those who are kept apart first, the newest first."""
    mentor_part, mentee_part = aliased(Participant), aliased(Participant)
    mentor, mentee, by = aliased(Person), aliased(Person), aliased(Person)
    rows = session.exec(
        select(Ruling, mentor, mentee, by.name)
        .join(mentor_part, col(mentor_part.id) == Ruling.mentor_id)
        .join(mentee_part, col(mentee_part.id) == Ruling.mentee_id)
        .join(mentor, col(mentor.id) == mentor_part.person_id)
        .join(mentee, col(mentee.id) == mentee_part.person_id)
        .join(by, col(by.id) == Ruling.ruled_by, isouter=True)
        .where(*_told(programme))
        .order_by(col(Ruling.kind) == RulingKind.PIN, col(Ruling.id).desc())
        .offset(start)
        .limit(most)
    )
    return [
        Ruled(ruling, one.name, other.name, name or "", (one.id, other.id))
        for ruling, one, other, name in rows
    ]


def find(session: Session, programme: Programme, ruling_id: int) -> Ruling | None:
    found = session.get(Ruling, ruling_id) if is_id(ruling_id) else None
    return found if found and found.programme_id == programme.id else None


def concerns(session: Session, ruling: Ruling, person: Person) -> bool:
    """Whether somebody is one of the two."""
    two = col(Participant.id).in_((ruling.mentor_id, ruling.mentee_id))
    mine = select(Participant.id).where(two, Participant.person_id == person.id)
    return session.exec(mine).first() is not None
