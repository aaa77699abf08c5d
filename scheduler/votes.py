"""A committee's last days: whoever has not voted is reminded once, and hears what stays undecided."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.cards import committee as cards
from bot.cards.pairs import Narrow, Show
from bot.core.working_time import is_open
from bot.texts import translator
from storage import committees, outbox, people, reviewing, roles, rounds, votes
from storage.models import Person, Programme, Round, RoundState


def watch_votes(session: Session, now: datetime) -> int:
    """Remind and tell of the rounds on which a committee votes; how many messages that were."""
    return sum(
        _watch(session, round_, programme, now) for round_, programme in committees.voting(session)
    )


def _watch(session: Session, round_: Round, programme: Programme, now: datetime) -> int:
    closes = round_.votes_close_at
    reminds = committees.reminds_at(session, programme, round_)
    if closes is None or reminds is None or now < reminds:
        return 0
    if now < closes:
        members = roles.coordinators(session, programme)
        return sum(_remind(session, round_, programme, one, now) for one in members)
    held = rounds.locked(session, round_.id)
    if held is None or held.state is not RoundState.REVIEW or held.votes_told_at is not None:
        return 0
    return _tell(session, held, programme, now)


def _remind(
    session: Session, round_: Round, programme: Programme, member: Person, now: datetime
) -> bool:
    """In their own working hours, once, and only with something left to vote on."""
    if round_.votes_close_at is None or not is_open(people.working_time(member), now):
        return False
    pairs = reviewing.unvoted(session, round_, member)
    if not pairs:
        return False
    card = cards.please_vote(
        translator(member.locale),
        round_=round_.id,
        programme=programme.name,
        pairs=pairs,
        closes=round_.votes_close_at,
        zone=member.time_zone,
    )
    key = f"please-vote:{round_.id}:{round_.votes_close_at.isoformat()}:{member.id}"
    return outbox.promise(session, member, card, key=key, now=now)


def _tell(session: Session, round_: Round, programme: Programme, now: datetime) -> int:
    """Nothing is approved by itself: the coordinators read which pairs lack votes."""
    votes.settle(session, round_, programme)
    undecided = reviewing.Listed(session, round_, Narrow(Show.UNDECIDED))
    first = undecided.page(0)[: cards.MOST_NAMED]
    cast = votes.on(session, [one.proposal.id for one in first], programme)
    lines = [
        (one.mentor.name, one.mentee.name, sum(v.yes for v in cast.get(one.proposal.id, ())))
        for one in first
    ]
    figures = reviewing.figures(session, round_)
    told = 0
    for member in roles.coordinators(session, programme):
        card = cards.time_is_up(
            translator(member.locale),
            round_=round_.id,
            programme=programme.name,
            approved=figures.approved,
            undecided=lines,
            number=len(undecided),
            needed=programme.votes_needed,
        )
        key = f"votes-closed:{round_.id}:{round_.votes_close_at}:{member.id}"
        told += outbox.promise(session, member, card, key=key, now=now)
    round_.votes_told_at = now
    session.flush()
    return told
