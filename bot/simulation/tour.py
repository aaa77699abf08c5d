"""A good first visit: three things to do, and which of them are done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.platforms.local.chat import Chat
from bot.platforms.local.stage import Happened, Proposal
from bot.simulation.company import CHANNEL
from bot.simulation.story import plural
from handlers.router import mark
from storage import rounds
from storage.models import Identity, Mentorship, Participant, Programme, ProgrammeState

NOOR, THOMAS = "noor", "thomas"
_JOIN = Proposal(NOOR, mark("Join as Noor, in Dutch: send /mentor join."), say="/mentor join")
_MATCH = Proposal(
    THOMAS, mark("As Thomas, the coordinator, match people: /mentor match."), say="/mentor match"
)
_READ = Proposal(THOMAS, mark("Wind the clock to Friday and read the digest."), CHANNEL)


def steps(session: Session) -> tuple[bool, bool]:
    """Whether Noor has joined, and whether anybody was matched."""
    joined = select(Participant.id).join(
        Identity, col(Identity.person_id) == col(Participant.person_id)
    )
    return (
        session.exec(joined.where(Identity.user == NOOR)).first() is not None,
        session.exec(select(Mentorship.id)).first() is not None,
    )


def tour(chat: Chat, done: tuple[bool, bool]) -> tuple[Proposal, ...]:
    """The three, in their order."""
    whole = (*done, _has_read_a_digest(chat))
    return tuple(
        replace(one, done=is_) for one, is_ in zip((_JOIN, _MATCH, _READ), whole, strict=True)
    )


def left_to(visited: Collection[str], session: Session, now: datetime) -> list[Happened]:
    """What did not happen because it waits for the visitor: nobody else acts for whom they were."""
    if THOMAS not in visited:
        return []
    running = session.exec(
        select(Programme).where(Programme.state != ProgrammeState.ARCHIVED)
    ).all()
    ready = [one for one in running if rounds.under_review(session, one)]
    if ready:
        return [Happened(now, *_REVIEW, len(ready))]
    _, matched = steps(session)
    return [] if matched or not running else [Happened(now, *_NOBODY, len(running))]


_NOBODY = plural(
    "nobody is matched yet: as Thomas you begin a round with /mentor match",
    "nobody is matched in {n} programmes: as Thomas you begin a round with /mentor match",
)
_REVIEW = plural(
    "the new pairs wait for you as Thomas: review and announce them with /mentor match",
    "the pairs of {n} rounds wait for you as Thomas: announce them with /mentor match",
)


def _has_read_a_digest(chat: Chat) -> bool:
    posts = [*chat.newest_first(THOMAS, CHANNEL)]
    digests = [place for place, one in enumerate(posts) if one.key.startswith("digest:")]
    return bool(digests) and chat.unread(THOMAS, CHANNEL) <= digests[-1]
