"""A handful of invented people with the bot among them, whose hours a story lets pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.content.company import people
from bot.platforms.local.chat import Chat
from bot.simulation.actors import Did
from bot.simulation.autopilot import Autopilot
from bot.simulation.company import EVERYBODY, furnish
from bot.simulation.headless import Headless
from bot.simulation.hours import lived
from storage import schema
from tests import sealed

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
CAST = ("thomas", "wouter", "kavya", "mila", "joris", "fatima", "arjun", "oliver")


class Office:
    """Thomas coordinates; the others may join."""

    def __init__(self, url: str) -> None:
        self.now = MONDAY
        self.database = sealed.opened(url)
        self.chat = Chat(clock=lambda: self.now)
        self.cast = [one for one in people() if one.user in CAST]
        self.bot = Headless(self.database, self.chat, lambda: self.now)
        with self.database.transaction() as session:
            self.programme = furnish(
                session,
                self.chat,
                self.cast,
                programme="Grow",
                starts_on=MONDAY.date(),
                ends_on=MONDAY.date() + timedelta(weeks=8),
            ).id
        self.autopilot = self.flies()

    def flies(self) -> Autopilot:
        """An autopilot, as after a restart."""
        pilot = Autopilot(self.chat, self.cast, self.bot.dispatch, channel=EVERYBODY)
        for actor in pilot.actors.values():
            actor.temperament = replace(actor.temperament, silent=0, hesitates=False, leaves_in=0)
        return pilot

    def passes(self, time: timedelta) -> list[tuple[str, Did]]:
        """Who did what meanwhile."""
        return [
            (one.plan.user, deed)
            for outcomes in lived(self, self.now + time)
            for one in outcomes
            for deed in one.did
        ]


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    url = f"sqlite:///{folder / 'office.db'}"
    schema.upgrade(url)
    found = Office(url)
    try:
        yield found
    finally:
        found.bot.close()
        found.database.close()
