"""A world with tenants of Teams, and the post that goes round there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.cards import attention as cards
from bot.core.markup import plain
from bot.core.messages import Message, Text, say
from bot.core.news import Installed
from bot.core.platform import Letter
from bot.platforms.teams.sending import TeamsPlatform
from bot.texts import translator
from scheduler.delivery import Post
from storage import attention, outbox, teams, workspaces
from storage.models import Delivery, DeliveryState, Identity, Person, Programme, Workspace
from storage.teams import Reference
from tests.teams.fake_connector import FakeConnector, Outcome, connected
from tests.teams.test_connector import Time
from tests.world import MENTEE, World

SENT, WAITING = DeliveryState.SENT, DeliveryState.WAITING
UNREACHABLE, FAILED = DeliveryState.UNREACHABLE, DeliveryState.FAILED
HELLO = say("hello")
POSTS = "/activities"
TEAM, GENERAL, MENTORS = "19:team@thread.tacv2", "19:team@thread.tacv2", "19:m@thread.tacv2"


@dataclass
class Office:
    """A world with tenants of Teams, of which T1 has joined, and the platform that sends there."""

    world: World
    teams: FakeConnector
    platform: TeamsPlatform
    time: Time
    keys: list[str] = field(default_factory=list)

    # --- what is known ---

    def tenant(self, external: str = "T1") -> Workspace:
        with self.world.database.transaction() as session:
            news = Installed("teams", external, name=external)
            workspace = workspaces.installed(session, news, "Waterkant", self.world.now)
            session.flush()
            session.refresh(workspace)
            session.expunge(workspace)
            return workspace

    def knows(self, *references: Reference, tenant: str = "T1") -> None:
        """The bot heard from these conversations."""
        self.tenant(tenant)
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

    async def goes_round(self) -> int:
        return await Post(self.world.database, {"teams": self.platform}).round(self.world.now)

    def passes(self, seconds: float) -> None:
        self.world.now += timedelta(seconds=seconds)
        self.time.now += seconds

    def promises(self, *addresses: str, tenant: str = "T1") -> None:
        """One message to each address, called by its number."""
        workspace = self.tenant(tenant)
        with self.world.database.transaction() as session:
            for number, address in enumerate(addresses):
                outbox.promise_place(
                    session,
                    workspace.id,
                    self.world.organisation,
                    address,
                    say(f"letter {number}"),
                    key=f"{tenant}:{number}",
                    now=self.world.now,
                )

    def rows(self) -> Sequence[Delivery]:
        return self.world.rows(select(Delivery).order_by(col(Delivery.id)))

    def states(self) -> list[DeliveryState]:
        return [row.state for row in self.rows()]

    # --- a programme ---

    def programme(self, channel: str) -> int:
        """A programme whose coordinators meet in this channel of T1."""
        workspace = self.tenant()
        return self.world.programme(channel_workspace_id=workspace.id, channel_address=channel)

    def ben_joins(self, programme: int) -> None:
        """Somebody on Teams who takes part, and for whom a message waits."""
        workspace = self.tenant()
        with self.world.database.transaction() as session:
            ben = Person(organisation_id=self.world.organisation, name="Ben", introduced=True)
            session.add(ben)
            session.flush()
            account = Identity(
                person_id=ben.id, workspace_id=workspace.id, user="ben", address="ben"
            )
            session.add(account)
            session.flush()
            outbox.promise(session, ben, say("hello"), key="hello", now=self.world.now)
        self.world.joins("Ben", MENTEE, programme)

    def needs(self, programme: int, language: str = "en") -> str:
        """What the coordinators' card says, in plain words."""
        with self.world.database.look() as session:
            return _needs(session, programme, language)


def _needs(session: Session, programme: int, language: str) -> str:
    found = attention.named(session, session.get_one(Programme, programme))
    card = cards.attention(translator(language), found)
    return "\n".join(plain(text.body) for text in card.all(Text))


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
            office = Office(world, fake, platform, time)
            office.tenant()
            await story(office)

    asyncio.run(whole())


def ends(outcome: Outcome) -> Callable[[Office], None]:
    """The next message that is posted ends so."""
    return lambda office: office.teams.script(POSTS, outcome)
