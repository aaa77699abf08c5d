"""The bot without a server: events, jobs and the post by hand, on a clock that the caller winds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.content import standard
from bot.core.events import Event
from bot.core.messages import Message
from bot.dispatcher import Dispatcher
from bot.platforms.local.chat import Chat
from bot.platforms.local.platform import LocalPlatform
from bot.platforms.local.screen import LocalPerson
from handlers.routes import router
from scheduler import clock, delivery
from storage.database import Database


class Headless:
    """Everything the bot does, in the thread of the caller."""

    def __init__(self, database: Database, chat: Chat, now: Callable[[], datetime]) -> None:
        self.database, self.chat, self._now = database, chat, now
        self._platform = LocalPlatform(chat)
        self._content = standard()
        self._dispatcher = Dispatcher(database, router, self._content, now)
        self._loop = asyncio.Runner()

    def close(self) -> None:
        self._loop.close()

    def person(self, user: str) -> LocalPerson:
        """Somebody's hands and eyes."""
        return LocalPerson(self._platform, user, self.dispatch)

    def dispatch(self, event: Event) -> Message | None:
        """Handle an event, and send what it promised."""
        answer = self._dispatcher(event)
        self.post()
        return answer

    def post(self) -> None:
        """Send what is due. There is no loop to keep free here, so no thread does the waiting."""
        now = self._now()
        for queue in delivery.due(self.database, now):
            while claimed := delivery.claim(self.database, queue, now):
                failures = self._loop.run(delivery.send(claimed, self._platform))
                delivery.note(self.database, claimed, failures, now)
                if len(claimed) < delivery.BATCH:
                    break

    def idle(self, moments: Sequence[datetime]) -> int:
        """How many of these moments have nothing to do."""
        return clock.idle(self.database, moments)

    def tick(self) -> None:
        """Every job once, and the post."""
        clock.run_jobs(self.database, self._content, self._now())
        self.post()
