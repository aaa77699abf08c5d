"""What every platform needs from time to time: a look at each of its workspaces."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from storage import workspaces
from storage.database import Database
from storage.models import Workspace
from storage.outages import Away

EVERY = 60.0  # seconds
PEOPLE_EVERY = timedelta(days=1)
log = structlog.get_logger()


async def again_and_again(look: Callable[[], Awaitable[None]], platform: str) -> None:
    """Look once a minute, for as long as the bot works."""
    while True:
        try:
            await look()
        except Away:
            pass
        except Exception as error:  # the next look may go better
            log.error(f"{platform}.look_failed", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def known(database: Database, platform: str) -> list[Workspace]:
    """Every workspace of a platform as it is now, also those that removed the bot."""

    def find(session: Session) -> list[Workspace]:
        found = workspaces.on(session, platform)
        session.expunge_all()
        return found

    return await database.asked(find)


def is_due(workspace: Workspace, now: datetime) -> bool:
    """Whether it is time to look at everybody who works there."""
    seen = workspace.people_seen_at
    return seen is None or now - seen >= PEOPLE_EVERY
