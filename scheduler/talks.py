"""Nobody who asked for a talk is forgotten: whoever was asked is reminded once, at the promised time."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.cards import listening
from bot.cards import talks as cards
from bot.texts import translator
from storage import outbox, talks
from storage.talks import Overdue


def remind_of_talks(session: Session, now: datetime) -> int:
    """Where whoever was asked is not here any more, the one who asked hears that instead."""
    late = talks.overdue(session, now)
    for one in late:
        _tell_reader(session, one, now) if one.reader.active else _tell_person(session, one, now)
        one.request.reminded_at = now
    session.flush()
    return len(late)


def _tell_reader(session: Session, one: Overdue, now: datetime) -> None:
    card = listening.reminder(
        translator(one.reader.locale), talk=one.request.id, programme=one.programme.name
    )
    key = f"talk-reminder:{one.request.id}"
    outbox.promise(session, one.reader, card, key=key, now=now)


def _tell_person(session: Session, one: Overdue, now: datetime) -> None:
    card = cards.choose_again(
        translator(one.person.locale), slug=one.programme.slug, name=one.reader.name
    )
    key = f"talk-gone:{one.request.id}"
    outbox.promise(session, one.person, card, key=key, now=now)
