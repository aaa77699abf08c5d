"""Somebody asks somebody they trust for a talk."""

from __future__ import annotations

from sqlmodel import select

from bot.cards.talks import SendTalk, TalkTo
from storage.models import (
    Duty,
    TalkRequest,
)
from tests.hands import Hands, appoint
from tests.world import World

SECRET = "My mentor shouts at me, and I dread Thursdays."


def adviser(world: World, name: str = "Amira", locale: str = "en") -> Hands:
    hands = Hands(world, name, locale)
    appoint(hands, Duty.ADVISER, 1)
    return hands


def asks(person: Hands, reader: Hands, words: str = SECRET) -> None:
    person.types("/mentor talk")
    person.presses(TalkTo(1, reader.row.id))
    person.presses(SendTalk, words=words)


def requests(world: World) -> list[TalkRequest]:
    return list(world.rows(select(TalkRequest)))
