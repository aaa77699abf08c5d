"""What a programme's people told is kept no longer than was decided; its coordinators hear it a month
before."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.cards import own_data as cards
from bot.core.working_time import next_open
from bot.texts import translator
from scheduler.rounds import Moment, Stopped
from storage import outbox, people, retention, roles
from storage.database import Database


def waits(session: Session, now: datetime) -> bool:
    """Whether somebody must be told, or something must go."""
    today = now.date()
    asks = (retention.to_tell, retention.due, retention.postponed)
    return any(ask(session, today) for ask in asks)


def keep_no_longer(database: Database, now: Moment, _stopped: Stopped) -> int:
    """Tell and forget what is due, a programme at a time; how much that was."""
    with database.transaction() as session:
        retention.kept_from_others(session)
        told = _tell(session, now())
    with database.transaction() as session:
        retention.kept_from_others(session)
        programmes = retention.due(session, now().date())
        for programme in programmes[:1]:
            retention.forget(session, programme, now())
    if programmes:
        database.scrub()
    return told + len(programmes[:1])


def _tell(session: Session, now: datetime) -> int:
    found = retention.to_tell(session, now.date())
    later = retention.postponed(session, now.date())
    for programme in later:
        programme.forgetting_told_on = None
    for programme in found:
        for coordinator in roles.coordinators(session, programme):
            card = cards.soon_forgotten(
                translator(coordinator.locale),
                programme=programme.name,
                slug=programme.slug,
                day=max(retention.day_of(programme), now.date() + retention.WARNING),
            )
            key = f"forgetting:{programme.id}:{programme.kept_months}:{coordinator.id}"
            at_work = next_open(people.working_time(coordinator), now) or now
            outbox.promise(session, coordinator, card, key=key, now=at_work)
        programme.forgetting_told_on = now.date()
    return len(found) + len(later)
