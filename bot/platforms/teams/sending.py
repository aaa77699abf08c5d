"""Letters leave for Teams: no faster than it takes them, in order, to wherever somebody is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from bot.core.messages import Message
from bot.core.platform import Letter, Pace, Unreachable, Why
from bot.platforms.pace import Clock, Sleep
from bot.platforms.teams import plainly, sharing
from bot.platforms.teams.connector import Connector
from bot.platforms.teams.failures import Misdrawn, NotArrived, Throttled, TooBig
from bot.platforms.teams.names import NAME
from bot.platforms.teams.pace import APART, TENANT, Paces
from bot.platforms.teams.places import THREAD, Place, Places
from bot.platforms.teams.texts import Json
from scheduler.delivery import SEND_WITHIN
from storage.database import Database

PATIENCE = 20.0  # seconds of waiting for one's turn
PICTURES_UNTIL = SEND_WITHIN - 3  # past it, the post would take the message for lost
_KEPT_OUT = frozenset((Why.CLOSED, Why.NOT_INVITED))
log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


class TeamsPlatform:
    """Sends to every tenant; the pace is kept for each by itself.

    A bot cannot read what it wrote in Teams, so nobody can look whether a letter in doubt has
    arrived: such a letter (`Letter.again`) is sent once more, and may stand there twice.
    A conversation that Teams says is closed is not asked again until the bot hears from there.
    """

    name = NAME

    def __init__(
        self,
        connector: Connector,
        database: Database,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._connector, self.places = connector, Places(database, connector, now)
        self._clock, self._pace = clock, Paces(clock, sleep)
        self.pace = Pace(TENANT, APART)

    def room(self, workspace: str) -> int:
        """How many letters the tenant takes now; 0 while it asks to wait."""
        return self._pace.room(workspace)

    async def send(self, letter: Letter) -> None:
        """Deliver, or raise what the outbox understands."""
        started = self._clock()
        until = started + PATIENCE
        tenant, lane = letter.workspace, letter.address.partition(THREAD)[0]
        async with self._pace.turn(tenant, lane, until):
            place = await self.places.find(tenant, letter.address)
            activities = await asyncio.to_thread(sharing.drawn, letter.message)
            try:
                await self._post(tenant, place, activities[0], until)
            except Misdrawn as error:
                await self._post_plainly(letter, place, error, until)
                return
            await self._share(tenant, place, activities[1:], started + PICTURES_UNTIL)

    async def _post_plainly(
        self, letter: Letter, place: Place, error: Misdrawn, until: float
    ) -> None:
        """The words are worth more than the buttons, and the card more than its pictures."""
        for activity in _plainer(letter.message, error):
            try:
                await self._post(letter.workspace, place, activity, until)
            except Misdrawn as again:
                error = again
            else:
                return
        raise NotArrived(str(error)) from error

    async def _share(self, tenant: str, place: Place, pictures: list[Json], until: float) -> None:
        """A failure is no more than logged: the words have arrived and must not be sent again."""
        try:
            async with asyncio.timeout(max(until - self._clock(), 0)):
                for activity in pictures:
                    await self._post(tenant, place, activity, until)
        except Exception as error:
            log.error("teams.picture_lost", error=type(error).__name__)

    async def _post(self, tenant: str, place: Place, activity: Json, until: float) -> None:
        to = place.reference
        addressed = activity | {"channelData": {"tenant": {"id": tenant}}}
        async with self._pace.one(tenant, to.conversation, until):
            try:
                await self._connector.send(to, addressed, thread=place.thread)
            except Throttled as error:
                self._pace.close(tenant, to.conversation, error.wait, whole=error.tenant)
                raise
            except Unreachable as error:
                if error.why in _KEPT_OUT:
                    await self.places.left(tenant, conversation=to.conversation)
                raise


def _plainer(message: Message, error: Misdrawn) -> list[Json]:
    words = plainly.text(message)
    return [sharing.in_words(message), words] if isinstance(error, TooBig) else [words]
