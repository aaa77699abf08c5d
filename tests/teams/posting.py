"""A world with tenants of Teams, and the post that goes round there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from bot.core.messages import Message, say
from bot.core.platform import Letter
from bot.platforms.teams.sending import TeamsPlatform
from storage import teams
from storage.teams import Reference
from tests.posting import PostOffice
from tests.teams.fake_connector import FakeConnector, Outcome, connected
from tests.virtual_time import Time
from tests.world import World

HELLO = say("hello")
POSTS = "/activities"
TEAM, GENERAL, MENTORS = "19:team@thread.tacv2", "19:team@thread.tacv2", "19:m@thread.tacv2"


@dataclass
class Office(PostOffice):
    """The post office of Teams; T1 has joined."""

    platform_name: ClassVar[str] = "teams"
    ben: ClassVar[str] = "ben"

    teams: FakeConnector
    keys: list[str] = field(default_factory=list)

    # --- what is known ---

    def knows(self, *references: Reference, tenant: str = "T1") -> None:
        """The bot heard from these conversations."""
        self.workspace(tenant)
        with self.world.database.transaction() as session:
            for reference in references:
                assert teams.remember(session, tenant, reference, self.world.now)

    def knows_people(self, *users: str, tenant: str = "T1") -> None:
        self.knows(*(self.teams.personal(user) for user in users), tenant=tenant)

    def place(self, conversation: str) -> Reference | None:
        with self.world.database.look() as session:
            return teams.place(session, "T1", conversation)

    # --- what is sent ---

    async def sends(self, address: str, message: Message = HELLO, **more: Any) -> None:
        letter = Letter(f"key {len(self.keys)}", "T1", address, message)
        self.keys.append(letter.key)
        await self.platform.send(replace(letter, **more))


Story = Callable[[Office], Awaitable[None]]


def tell(world: World, story: Story) -> None:
    async def whole() -> None:
        time = Time()
        async with connected(clock=time, sleep=time.sleep, within=2.0) as (fake, connector):
            platform = TeamsPlatform(
                connector,
                world.database,
                clock=time,
                sleep=time.sleep,
                now=lambda: world.now,
            )
            office = Office(world, platform, time, fake)
            office.workspace()
            await story(office)

    asyncio.run(whole())


def ends(outcome: Outcome) -> Callable[[Office], None]:
    """The next message that is posted ends so."""
    return lambda office: office.teams.script(POSTS, outcome)
