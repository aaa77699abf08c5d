"""People join while a programme runs: its coordinators hear that there is a place for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import waiting as cards
from bot.core.working_time import next_open
from bot.texts import translator
from storage import outbox, people, roles, rounds, waiting
from storage.models import Programme

AT_MOST_EVERY = timedelta(days=7)
SOON = timedelta(days=7)  # a planned round takes them in by itself


def tell_of_latecomers(session: Session, now: datetime) -> int:
    """Say once that newcomers wait while mentors have room; the round itself is asked for by a
    coordinator, and leaves everybody who is paired where they are."""
    for programme in waiting.joined_since(session, now):
        planned = programme.next_round_on
        if planned is not None and planned - now.date() <= SOON:
            continue
        if rounds.on_its_way(session, programme) or rounds.under_review(session, programme):
            continue
        _tell(session, programme, now)
    return 0


def _tell(session: Session, programme: Programme, now: datetime) -> None:
    told = waiting.last_told(session, programme)
    if told is not None and now - told < AT_MOST_EVERY:
        return
    found = waiting.newcomers(session, programme, now)
    fresh = [one for one in found if told is None or one.participant.consented_at > told]
    room = waiting.free_places(session, programme)
    if not fresh or not room:
        return
    newest = max(one.participant.id for one in fresh)
    for coordinator in roles.coordinators(session, programme):
        card = cards.latecomers(
            translator(coordinator.locale),
            programme=programme.name,
            slug=programme.slug,
            newcomers=len(found),
            room=room,
        )
        key = f"{waiting.LATECOMERS}{programme.id}:{newest}:{coordinator.id}"
        at_work = next_open(people.working_time(coordinator), now) or now
        outbox.promise(session, coordinator, card, key=key, now=at_work)
