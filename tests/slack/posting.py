"""A world with workspaces of Slack, and the post that goes round there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from bot.platforms.slack.sending import TAKES, SlackPlatform
from tests.posting import PostOffice
from tests.slack.fake_slack import FakeSlack
from tests.virtual_time import Time
from tests.world import World

POST = "chat.postMessage"


@dataclass
class Office(PostOffice):
    """The post office of Slack."""

    platform_name: ClassVar[str] = "slack"
    ben: ClassVar[str] = "U0BEN"

    slack: FakeSlack

    def posted(self, team: str = "T1") -> list[str]:
        return [said["channel"] for said in self.slack.called(POST, team)]


Story = Callable[[Office], Awaitable[None]]


def tell(world: World, story: Story, per_minute: int = 200) -> None:
    async def whole() -> None:
        async with FakeSlack("T1", "T2") as slack:
            time = Time()
            platform = SlackPlatform(
                slack.clients, limit=TAKES._replace(posts=per_minute), clock=time, sleep=time.sleep
            )
            await story(Office(world, platform, time, slack))

    asyncio.run(whole())
