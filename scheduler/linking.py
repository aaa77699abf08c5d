"""Two records of one person, who said so in both: they become one, or hear what is in the way."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.cards import linking as cards
from bot.core.deeds import Deed
from bot.texts import translator
from storage import audit, links, merging, outbox
from storage.links import Two
from storage.models import Identity


def join_confirmed(session: Session, now: datetime) -> int:
    """At most one in a transaction: whoever acts at this moment is waited for. What is in the way
    is told once, and tried again until it is not."""
    for two in links.confirmed(session):
        blocking = merging.both_in(session, two.person, two.owner)
        if not blocking and not links.still_confirmed(session, two):
            continue
        gone = two.person.id
        if not blocking and links.join(session, two):
            _tell(session, two, gone, now)
            return 1
        _tell_what_is_in_the_way(session, two, [(p.id, p.name) for p in blocking], now)
    return 0


def _tell(session: Session, two: Two, gone: int, now: datetime) -> None:
    owner = two.owner
    places = [
        cards.Place(workspace.platform, workspace.name)
        for _, workspace in links.accounts(session, owner)
    ]
    card = cards.joined(translator(owner.locale), places)
    key = f"joined:{two.account.id}:{owner.id}:{now.isoformat()}"
    outbox.promise(session, owner, card, key=key, now=now)
    audit.write(session, owner, Deed.JOINED_ACCOUNTS, f"person:{gone}", now=now)


def _tell_what_is_in_the_way(
    session: Session, two: Two, programmes: list[tuple[int, str]], now: datetime
) -> None:
    """In the account where yes was said last."""
    via = session.get_one(Identity, two.link.via or two.account.id)
    reader = two.person if via.person_id == two.person.id else two.owner
    card = cards.in_the_way(translator(reader.locale), [name for _, name in programmes])
    which = "-".join(str(id_) for id_, _ in programmes)
    key = f"in-the-way:{two.link.id}:{two.account.id}:{two.owner.id}:{which}"
    outbox.promise(session, reader, card, key=key, now=now, via=via)
