"""Keeps in mind where the bot can speak: written down when it is new, or not as it was."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from storage import teams
from storage.database import Database
from storage.teams import Reference

MOST = 20_000  # kept in memory


class Conversations:
    """All that is heard passes here, so what is known already costs nothing."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._known: OrderedDict[tuple[str, str], Reference] = OrderedDict()

    async def heard(self, tenant: str, reference: Reference) -> None:
        """Something was said here, so here the bot can speak."""
        key = tenant, reference.conversation
        if not reference.conversation or self._known.get(key) == reference:
            return

        def write() -> bool:
            with self._database.transaction() as session:
                return teams.remember(session, tenant, reference, self._now())

        if await self._database.write(write):
            self._known[key] = reference
            if len(self._known) > MOST:
                self._known.popitem(last=False)

    async def left(self, tenant: str, *, conversation: str = "", team: str = "") -> None:
        """The bot was taken out, of a conversation or of a whole team."""
        self._known.clear()

        def write() -> None:
            with self._database.transaction() as session:
                teams.leave(session, tenant, conversation=conversation, team=team)

        await self._database.write(write)
