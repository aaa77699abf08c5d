"""Keeps in mind where the bot can speak: written down when it is new, or not as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from storage import teams
from storage.database import Database
from storage.teams import Reference


class Conversations:
    """All that is heard passes here; what is known already is only looked up."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    async def heard(self, tenant: str, reference: Reference) -> None:
        """Something was said here, so here the bot can speak, also where it could not before."""
        if not reference.conversation or await self._database.read(
            lambda: self._is_known(tenant, reference)
        ):
            return

        def write() -> None:
            with self._database.transaction() as session:
                teams.remember(session, tenant, reference, self._now())

        await self._database.write(write)

    def _is_known(self, tenant: str, reference: Reference) -> bool:
        with self._database.look() as session:
            known = teams.place(session, tenant, reference.conversation)
        return known is not None and known.tells(reference)

    async def left(self, tenant: str, *, conversation: str = "", team: str = "") -> None:
        """The bot was taken out, of a conversation or of a whole team."""

        def write() -> None:
            with self._database.transaction() as session:
                teams.leave(session, tenant, conversation=conversation, team=team)

        await self._database.write(write)
