"""A world with workspaces of Slack, and the post that goes round there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, select

from bot.cards import attention as cards
from bot.core.markup import plain
from bot.core.messages import Text, say
from bot.core.news import Installed
from bot.platforms.slack.sending import SlackPlatform
from bot.texts import translator
from scheduler.delivery import Post
from storage import attention, outbox, workspaces
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Person,
    Programme,
    Workspace,
)
from tests.slack.fake_slack import (
    FakeSlack,
)
from tests.slack.test_sending import Time
from tests.world import MENTEE, World

SENT, WAITING = DeliveryState.SENT, DeliveryState.WAITING
UNREACHABLE, FAILED = DeliveryState.UNREACHABLE, DeliveryState.FAILED
POST = "chat.postMessage"


@dataclass
class Office:
    """A world with workspaces of Slack, and the post that goes round there."""

    world: World
    slack: FakeSlack
    platform: SlackPlatform
    time: Time

    async def goes_round(self) -> int:
        return await Post(self.world.database, {"slack": self.platform}).round(self.world.now)

    def passes(self, seconds: float) -> None:
        self.world.now += timedelta(seconds=seconds)
        self.time.now += seconds

    def workspace(self, team: str) -> Workspace:
        with self.world.database.transaction() as session:
            news = Installed("slack", team, name=team)
            return _kept(session, workspaces.installed(session, news, "Waterkant", self.world.now))

    def promises(self, team: str, *addresses: str) -> None:
        """One message to each address, called by its number."""
        workspace = self.workspace(team)
        with self.world.database.transaction() as session:
            for number, address in enumerate(addresses):
                outbox.promise_place(
                    session,
                    workspace.id,
                    self.world.organisation,
                    address,
                    say(f"letter {number}"),
                    key=f"{team}:{number}",
                    now=self.world.now,
                )

    def rows(self) -> Sequence[Delivery]:
        return self.world.rows(select(Delivery).order_by("id"))

    def states(self) -> list[DeliveryState]:
        return [row.state for row in self.rows()]

    def posted(self, team: str = "T1") -> list[str]:
        return [said["channel"] for said in self.slack.called(POST, team)]


def _kept(session: Session, workspace: Workspace) -> Workspace:
    session.flush()
    session.refresh(workspace)
    session.expunge(workspace)
    return workspace


Story = Callable[[Office], Awaitable[None]]


def tell(world: World, story: Story, per_minute: int = 200) -> None:
    async def whole() -> None:
        async with FakeSlack("T1", "T2") as slack:
            time = Time()
            platform = SlackPlatform(
                slack.clients, per_minute=per_minute, clock=time, sleep=time.sleep
            )
            await story(Office(world, slack, platform, time))

    asyncio.run(whole())


def slack_workspaces(office: Office) -> Sequence[Workspace]:
    return office.world.rows(select(Workspace).where(Workspace.platform == "slack"))


def programme_in(office: Office, channel: str) -> int:
    """A programme whose coordinators meet in this channel of T1."""
    workspace = office.workspace("T1")
    return office.world.programme(channel_workspace_id=workspace.id, channel_address=channel)


def ben_joins(office: Office, programme: int) -> None:
    """Somebody on Slack who takes part, and for whom a message waits."""
    world, workspace = office.world, office.workspace("T1")
    with world.database.transaction() as session:
        ben = Person(organisation_id=world.organisation, name="Ben", introduced=True)
        session.add(ben)
        session.flush()
        identity = Identity(
            person_id=ben.id, workspace_id=workspace.id, user="U0BEN", address="U0BEN"
        )
        session.add(identity)
        session.flush()
        outbox.promise(session, ben, say("hello"), key="hello", now=world.now)
    world.joins("Ben", MENTEE, programme)


def needs(office: Office, programme: int) -> str:
    """What the coordinators' card says, in plain words."""
    with office.world.database.look() as session:
        found = attention.named(session, session.get_one(Programme, programme))
        card = cards.attention(translator("en"), found)
    return "\n".join(plain(text.body) for text in card.all(Text))
