"""How fast Teams may be sent things: so much in each conversation, so much in each tenant.

The numbers are Microsoft's ("Optimize your bot with rate limiting in Teams"); it says that they may
change, so what counts in the end is the wait that Teams asks for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

from bot.core.platform import Limit, TryLater
from bot.platforms.pace import MOST_REMEMBERED, Budget, Clock, Lanes, Sleep

CONVERSATION = (Limit(7, 1), Limit(8, 2), Limit(60, 30), Limit(1_800, 3_600))
TENANT = (Limit(30, 1),)
APART = (
    2.0  # seconds after which another process may begin with as many as CONVERSATION allows at once
)


class Paces:
    """Waits where that takes moments, in the order in which a conversation was asked for."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._lanes = Lanes(clock, sleep)
        self._tenants: dict[str, Budget] = {}
        self._conversations: dict[tuple[str, str], Budget] = {}
        self._forget_at = MOST_REMEMBERED

    def room(self, tenant: str) -> int:
        """How many letters the tenant takes at once; 0 while it asks to wait."""
        return 0 if self._tenant(tenant).is_closed() else TENANT[0].posts

    def turn(
        self, tenant: str, conversation: str, until: float
    ) -> AbstractAsyncContextManager[None]:
        """A turn in a conversation; raises TryLater when it does not come by then."""
        return self._lanes.turn((tenant, conversation), max(until - self._clock(), 0))

    @asynccontextmanager
    async def one(self, tenant: str, conversation: str, until: float) -> AsyncIterator[None]:
        """Within a turn, the time of one post; raises TryLater when there is no room by then."""
        of_all, here = self._tenant(tenant), self._conversation(tenant, conversation)
        while wait := max(of_all.wait(), here.wait()):
            if self._clock() + wait > until:
                raise TryLater(timedelta(seconds=max(wait, 1)))
            await self._sleep(wait)
        with of_all.one(), here.one():
            yield

    def close(self, tenant: str, conversation: str, wait: timedelta, *, whole: bool) -> None:
        """Teams asked to wait with this conversation, or with the whole tenant."""
        budget = self._tenant(tenant) if whole else self._conversation(tenant, conversation)
        budget.close(wait)

    def _tenant(self, tenant: str) -> Budget:
        return self._tenants.setdefault(tenant, Budget(TENANT, self._clock))

    def _conversation(self, tenant: str, conversation: str) -> Budget:
        key = tenant, conversation
        if key not in self._conversations:
            self._forget()
            self._conversations[key] = Budget(CONVERSATION, self._clock)
        return self._conversations[key]

    def _forget(self) -> None:
        if len(self._conversations) < self._forget_at:
            return
        busy = {key: each for key, each in self._conversations.items() if not each.is_idle()}
        self._conversations, self._forget_at = busy, max(MOST_REMEMBERED, 2 * len(busy))
