"""What people wish: kept as long as it may come true, and counted for the solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.cards.wishes import Wished
from bot.matching.people import Link
from storage import trials
from storage.models import (
    Part,
    Participant,
    ParticipantState,
    Programme,
    Suggestion,
    TrialTalk,
    TrialVoice,
    Wish,
    Wisher,
    Wishing,
)

RANKS = 5
WORTH = (1.0, 0.8, 0.6, 0.4, 0.2)  # of the wish of a mentee, by rank
OF_A_MENTOR = 0.5  # the mentee's wish counts twice as much


@dataclass(frozen=True)
class Chosen:
    """A wish as somebody fills it in."""

    person_id: int
    rank: int
    reason: str = ""
    own: bool = False


def mine(session: Session, participant: Participant) -> list[Wish]:
    """What a participant wishes, the first first."""
    return list(
        session.exec(
            select(Wish)
            .where(Wish.participant_id == participant.id)
            .order_by(col(Wish.rank), col(Wish.id))
        )
    )


def keep(
    session: Session,
    participant: Participant,
    part: Part,
    chosen: Iterable[Chosen],
    *,
    shared: bool,
) -> None:
    """These are the wishes of a participant, and no others."""
    known = {(wish.person_id, wish.own): wish for wish in mine(session, participant)}
    for one in chosen:
        wish = known.pop((one.person_id, one.own), None) or Wish(
            participant_id=participant.id,
            person_id=one.person_id,
            part=part,
            rank=one.rank,
            own=one.own,
        )
        wish.part, wish.rank, wish.reason, wish.shared = part, one.rank, one.reason, shared
        session.add(wish)
    for wish in known.values():
        session.delete(wish)
    session.flush()


def take_back(session: Session, participant: Participant) -> None:
    session.execute(delete(Wish).where(col(Wish.participant_id) == participant.id))


def forget(session: Session, participant: Participant) -> None:
    """Somebody left: what they wished is gone, and they are asked nothing more."""
    take_back(session, participant)
    waiting = update(Wisher).where(col(Wisher.participant_id) == participant.id)
    session.execute(waiting.values(ask_at=None))
    trials.ask_no_more(session, participant)


def forget_oneself(session: Session, person_id: int) -> None:
    """Two records were one person: nobody wishes for, is shown to or talks with themself."""
    own = select(Participant.id).where(Participant.person_id == person_id)
    session.execute(
        delete(Wish).where(col(Wish.participant_id).in_(own), col(Wish.person_id) == person_id)
    )
    session.execute(delete(Suggestion).where(col(Suggestion.participant_id) == Suggestion.other_id))
    alone = select(TrialTalk.id).where(TrialTalk.mentor_id == TrialTalk.mentee_id)
    session.execute(delete(TrialVoice).where(col(TrialVoice.talk_id).in_(alone)))
    session.execute(delete(TrialTalk).where(col(TrialTalk.mentor_id) == TrialTalk.mentee_id))


def fulfilled(
    session: Session, mentor: Participant, mentee: Participant, *, mentor_is_full: bool
) -> None:
    """The two became a pair: the mentee's wishes are done with, and the mentor's for this mentee, or
    all once there is no place left. Those of others stay for the next round."""
    of_mentee: ColumnElement[bool] = and_(
        col(Wish.participant_id) == mentee.id, col(Wish.part) == Part.MENTEE
    )
    of_mentor: ColumnElement[bool] = and_(
        col(Wish.participant_id) == mentor.id, col(Wish.part) == Part.MENTOR
    )
    if not mentor_is_full:
        of_mentor = and_(of_mentor, col(Wish.person_id) == mentee.person_id)
    session.execute(delete(Wish).where(of_mentee | of_mentor))
    trials.ask_no_more(session, mentee)


def wanted_mentors(
    session: Session, wishing: Wishing, programme: Programme
) -> dict[int, list[int]]:
    """By mentee whom a trial talk would be with: the mentors they wish for, then the candidates they
    were shown, the dearest first; all by participant id."""
    wanted: dict[int, list[int]] = {
        id_: []
        for id_ in session.exec(
            select(Wisher.participant_id)
            .where(Wisher.wishing_id == wishing.id, Wisher.part == Part.MENTEE)
            .order_by(col(Wisher.participant_id))
        )
    }
    for part, (mentor, mentee), _ in sorted(_links(session, programme), key=lambda w: w[2].rank):
        if part is Part.MENTEE:
            wanted.setdefault(mentee, []).append(mentor)
    shown = session.exec(
        select(Suggestion)
        .where(
            Suggestion.wishing_id == wishing.id,
            col(Suggestion.participant_id).in_(
                select(Wisher.participant_id).where(
                    Wisher.wishing_id == wishing.id, Wisher.part == Part.MENTEE
                )
            ),
        )
        .order_by(col(Suggestion.place))
    )
    for one in shown:
        wanted[one.participant_id].append(one.other_id)
    return wanted


# --- for the solver and the review ---


def bonus(session: Session, programme: Programme) -> dict[Link, float]:
    """What wishes and trial talks add to a pair, 0 … 1 on the scale of a fit, by (mentor, mentee)."""
    if not programme.wish_weight:
        return {}
    dearest: dict[tuple[Link, Part], float] = {}
    for part, link, wish in _links(session, programme):
        worth = WORTH[wish.rank - 1] * (1 if part is Part.MENTEE else OF_A_MENTOR)
        dearest[link, part] = max(dearest.get((link, part), 0.0), worth)
    points: defaultdict[Link, float] = defaultdict(float)
    for (link, _), worth in dearest.items():
        points[link] += worth
    for link, liking in trials.likings(session, programme).items():
        points[link] += liking
    return {link: min(1.0, programme.wish_weight * worth) for link, worth in points.items()}


def firsts(session: Session, programme: Programme) -> frozenset[Link]:
    """The pairs that are the first wish of a mentee."""
    return frozenset(
        link
        for part, link, wish in _links(session, programme)
        if part is Part.MENTEE and wish.rank == 1
    )


# Made once: a fresh alias works out each of its columns anew.
_wisher, _wished = aliased(Participant), aliased(Participant)


def _links(session: Session, programme: Programme) -> list[tuple[Part, Link, Wish]]:
    """Every wish of who takes part for who takes part: whose part it is, and of which pair."""
    rows = session.exec(
        select(Wish, _wisher.id, _wished.id)
        .join(_wisher, col(_wisher.id) == Wish.participant_id)
        .join(
            _wished,
            and_(
                col(_wished.person_id) == col(Wish.person_id),
                col(_wished.programme_id) == _wisher.programme_id,
            ),
        )
        .where(
            _wisher.programme_id == programme.id,
            _wisher.state == ParticipantState.ACTIVE,
            _wished.state == ParticipantState.ACTIVE,
        )
    )
    return [
        (wish.part, (other, own) if wish.part is Part.MENTEE else (own, other), wish)
        for wish, own, other in rows
    ]


def of_pair(session: Session, mentor: Participant, mentee: Participant) -> tuple[Wished, ...]:
    """What a coordinator reads beside a proposed pair: which wish it was, and why."""
    found = [
        *_for(session, mentee, Part.MENTEE, mentor.person_id),
        *_for(session, mentor, Part.MENTOR, mentee.person_id),
    ]
    return tuple(Wished(wish.part.value, wish.rank, wish.reason) for wish in found)


def reason_for(session: Session, wisher: Participant, part: Part, person_id: int) -> str:
    """Why somebody wished for this partner, when the partner may read it."""
    return next(
        (w.reason for w in _for(session, wisher, part, person_id) if w.shared and w.reason), ""
    )


def _for(session: Session, wisher: Participant, part: Part, person_id: int) -> Sequence[Wish]:
    return session.exec(
        select(Wish)
        .where(Wish.participant_id == wisher.id, Wish.part == part, Wish.person_id == person_id)
        .order_by(col(Wish.rank))
        .limit(1)
    ).all()


@dataclass(frozen=True)
class Granted:
    """How many mentees had wishes, and how many of them got one, or the first."""

    wishers: int
    one: int
    first: int


def granted(session: Session, programme: Programme, links: Iterable[Link]) -> Granted:
    """How far these (mentor, mentee) pairs do what mentees wished; figures, never who."""
    pairs = set(links)
    ranks: dict[int, list[tuple[int, bool]]] = {}
    for part, link, wish in _links(session, programme):
        if part is Part.MENTEE:
            ranks.setdefault(link[1], []).append((wish.rank, link in pairs))
    got = [min((rank for rank, came in mine if came), default=0) for mine in ranks.values()]
    return Granted(len(ranks), sum(rank > 0 for rank in got), sum(rank == 1 for rank in got))
