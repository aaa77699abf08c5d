"""Which pairs of a round a coordinator looks at: counted, narrowed down, in order, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, case, func, tuple_
from sqlmodel import Session, col, or_, select

from bot.cards.pairs import DOUBTFUL, EXCELLENT, Narrow, Show
from storage import proposals
from storage.models import (
    Participant,
    ParticipantState,
    Person,
    Proposal,
    ProposalState,
    Round,
    Vote,
)
from storage.proposals import Proposed

PAGE = 10  # lines


def from_percent(percent: int) -> float:
    """The lowest score that is shown as this percentage."""
    return (percent - 0.5) / 100


@dataclass(frozen=True)
class Figures:
    """A round counted."""

    pairs: int
    approved: int
    rejected: int
    doubtful: int
    excellent: int
    mean: float
    worst: float


def figures(session: Session, round_: Round) -> Figures:
    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((condition, 1)))

    score, state = col(Proposal.score), col(Proposal.state)
    row = session.execute(
        select(  # type: ignore[call-overload]
            func.count(),
            number(state == ProposalState.APPROVED),
            number(state == ProposalState.REJECTED),
            number(score < from_percent(DOUBTFUL)),
            number(score >= from_percent(EXCELLENT)),
            func.coalesce(func.avg(score), 0.0),
            func.coalesce(func.min(score), 0.0),
        ).where(*_live(round_))
    ).one()
    return Figures(*row)


def count_from(session: Session, round_: Round, percent: int) -> tuple[int, int]:
    """How many undecided pairs fit at least so well, and how many do not."""
    enough = case((col(Proposal.score) >= from_percent(percent), 1))
    undecided = col(Proposal.state) == ProposalState.PROPOSED
    query = select(func.count(enough), func.count()).where(*_live(round_), undecided)
    there, every = session.exec(query).one()
    return there, every - there


def _live(round_: Round) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Proposal.round_id) == round_.id,
        col(Proposal.state).not_in(proposals.GONE),
    )


@dataclass(frozen=True)
class Listed:
    """The pairs of a round, narrowed down, the doubtful ones first; for a `voter` of a committee
    those come first that have no vote of theirs."""

    session: Session
    round: Round
    narrow: Narrow
    voter: int | None = None

    def __len__(self) -> int:
        return int(self.session.execute(self._select(func.count())).scalar_one())

    def page(self, place: int) -> list[Proposed]:
        """The lines beside this place."""
        start = place // PAGE * PAGE
        query = self._select(Proposal.id).order_by(*self._order()).offset(start).limit(PAGE)
        ids = [row[0] for row in self.session.execute(query)]
        return proposals.by_ids(self.session, ids)

    def place(self, proposal: Proposal) -> int:
        """How many come before this pair, be it in the list or not."""
        before = tuple_(*self._order()) < self._key(proposal)
        return int(self.session.execute(self._select(func.count()).where(before)).scalar_one())

    def beside(self, proposal: Proposal) -> tuple[int, int]:
        """The pair before and the pair behind this one; 0 where there is none."""
        here, order = self._key(proposal), self._order()
        back = tuple(column.desc() for column in order)
        before = self._select(Proposal.id).where(tuple_(*order) < here).order_by(*back)
        behind = self._select(Proposal.id).where(tuple_(*order) > here).order_by(*order)
        one, other = (self.session.execute(query.limit(1)).scalar() for query in (before, behind))
        return one or 0, other or 0

    def waiting(self, after: Proposal | None = None) -> int:
        """The next pair that waits for a decision of whoever looks, from the first again behind the
        last; 0 when none does."""
        show = Show.UNDECIDED if self.voter is None else Show.MINE
        open_ = replace(self, narrow=replace(self.narrow, show=show))
        wanted = open_._select(Proposal.id).where(*self._shown())
        order = col(Proposal.score), col(Proposal.id)
        if after is not None:
            wanted = wanted.where(Proposal.id != after.id)
            later = wanted.where(tuple_(*order) > tuple_(after.score, after.id))
            if found := self.session.execute(later.order_by(*order).limit(1)).scalar():
                return int(found)
        return self.session.execute(wanted.order_by(*order).limit(1)).scalar() or 0

    def _select(self, what: Any) -> Any:
        query = select(what).select_from(Proposal).where(*_live(self.round), *self._shown())
        if self.narrow.mentor:
            query = query.where(Proposal.mentor_id == self.narrow.mentor)
        if self.narrow.word:
            named = _named(self.round.programme_id, self.narrow.word)
            query = query.where(
                or_(col(Proposal.mentor_id).in_(named), col(Proposal.mentee_id).in_(named))
            )
        return query

    def _shown(self) -> tuple[ColumnElement[bool], ...]:
        state = col(Proposal.state)
        match self.narrow.show:
            case Show.DOUBTFUL:
                return (col(Proposal.score) < from_percent(DOUBTFUL),)
            case Show.UNDECIDED:
                return (state == ProposalState.PROPOSED,)
            case Show.REJECTED:
                return (state == ProposalState.REJECTED,)
            case Show.MINE:
                return awaiting(self.round, self.voter)
        return ()

    def _order(self) -> tuple[Any, ...]:
        by_fit: tuple[Any, ...] = (col(Proposal.score), col(Proposal.id))
        return by_fit if self.voter is None else (case((_voted(self.voter), 1), else_=0), *by_fit)

    def _key(self, proposal: Proposal) -> Any:
        by_fit = (proposal.score, proposal.id)
        if self.voter is None:
            return tuple_(*by_fit)
        mine = select(Vote.id).where(Vote.proposal_id == proposal.id, Vote.person_id == self.voter)
        voted = self.session.exec(mine).first() is not None
        return tuple_(int(voted), *by_fit)


def awaiting(round_: Round, voter: int | None) -> tuple[ColumnElement[bool], ...]:
    """Holds for an undecided Proposal that this person has not voted on and is not in."""
    mine = _own(round_.programme_id, voter)
    return (
        col(Proposal.state) == ProposalState.PROPOSED,
        ~_voted(voter),
        col(Proposal.mentor_id).not_in(mine),
        col(Proposal.mentee_id).not_in(mine),
    )


def _voted(voter: int | None) -> Any:
    return (
        select(Vote.id)
        .where(Vote.proposal_id == Proposal.id, Vote.person_id == voter)
        .correlate(Proposal)
        .exists()
    )


def unvoted(session: Session, round_: Round, person: Person) -> int:
    """How many undecided pairs wait for this person's vote."""
    return len(Listed(session, round_, Narrow(Show.MINE), person.id))


def own_among(session: Session, round_: Round, person: Person, percent: int) -> int:
    """How many undecided pairs that fit at least so well somebody is in themself."""
    mine = _own(round_.programme_id, person.id)
    return session.exec(
        select(func.count(col(Proposal.id))).where(
            *_live(round_),
            Proposal.state == ProposalState.PROPOSED,
            col(Proposal.score) >= from_percent(percent),
            or_(col(Proposal.mentor_id).in_(mine), col(Proposal.mentee_id).in_(mine)),
        )
    ).one()


def candidates(session: Session, round_: Round, but: Proposal, most: int) -> list[Proposed]:
    """Undecided pairs with which a pair could exchange, the doubtful ones first."""
    query = (
        select(Proposal.id)
        .where(*_live(round_), Proposal.state == ProposalState.PROPOSED, Proposal.id != but.id)
        .order_by(col(Proposal.score), col(Proposal.id))
        .limit(most)
    )
    return proposals.by_ids(session, session.exec(query).all())


def called(session: Session, round_: Round, word: str, but: Proposal, most: int) -> list[Proposed]:
    """The pairs whose mentee has this in their name."""
    query = (
        select(Proposal.id)
        .join(Participant, col(Participant.id) == Proposal.mentee_id)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(*_live(round_), Proposal.id != but.id, or_(*_holds(Person.name, word)))
        .order_by(col(Person.name), col(Proposal.id))
        .limit(most)
    )
    return proposals.by_ids(session, session.exec(query).all())


def roomy(session: Session, round_: Round, most: int) -> list[int]:
    """The mentors with the most places that this round leaves open, as participant ids."""
    taken = (
        select(func.count(col(Proposal.id)))
        .where(*_live(round_), Proposal.mentor_id == Participant.id)
        .correlate(Participant)
        .scalar_subquery()
    )
    query = (
        select(Participant.id)
        .where(
            Participant.programme_id == round_.programme_id,
            Participant.mentor,
            Participant.state == ParticipantState.ACTIVE,
        )
        .order_by((col(Participant.capacity) - taken).desc(), col(Participant.id))
        .limit(most)
    )
    return list(session.exec(query))


def _named(programme_id: int, word: str) -> Any:
    """The participants in whose name or department a word stands."""
    fits = [*_holds(Person.name, word), *_holds(Person.department, word)]
    return (
        select(Participant.id)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(Participant.programme_id == programme_id, or_(*fits))
    )


def _own(programme_id: int, person_id: int | None) -> Any:
    """The part that somebody takes in the programme themself."""
    return select(Participant.id).where(
        Participant.programme_id == programme_id, Participant.person_id == person_id
    )


def _holds(column: Any, word: str) -> list[ColumnElement[bool]]:
    """A column has this word in it, in capitals or not."""
    # SQLite knows no capitals but A to Z: for the others the usual ways to write them are tried.
    ways = {word, word.lower(), word.upper(), word.capitalize(), word.title()}
    return [
        func.lower(column).contains(word.lower(), autoescape=True),
        *(col(column).contains(way, autoescape=True) for way in sorted(ways)),
    ]
