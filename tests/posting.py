"""A world with workspaces of a platform, and the post that goes round there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from unittest.mock import patch

from sqlmodel import Session, col, select

from bot.cards import attention as cards
from bot.core.markup import plain
from bot.core.messages import Text, say
from bot.core.news import Installed
from bot.core.platform import Platform
from bot.texts import translator
from scheduler.delivery import Post
from storage import attention, outbox, workspaces
from storage.models import Delivery, DeliveryState, Identity, Person, Programme, Workspace
from tests.virtual_time import Time
from tests.world import MENTEE, MONDAY, World

SENT, WAITING = DeliveryState.SENT, DeliveryState.WAITING
UNREACHABLE, FAILED = DeliveryState.UNREACHABLE, DeliveryState.FAILED


@dataclass
class PostOffice:
    """Workspaces are called T1, T2 …; a programme, and Ben who takes part in it, are in T1."""

    platform_name: ClassVar[str]
    ben: ClassVar[str]  # his account

    world: World
    platform: Platform
    time: Time

    async def goes_round(self) -> int:
        posts = {self.platform_name: self.platform}
        with patch("storage.database.clock", self._clock):
            return await Post(self.world.database, posts).round(self.world.now)

    def _clock(self, _session: Session) -> datetime:
        """What the database's clock shows: what the platform sleeps passes for it too."""
        return MONDAY + timedelta(seconds=self.time.now)

    def passes(self, seconds: float) -> None:
        self.world.now += timedelta(seconds=seconds)
        self.time.now += seconds

    def workspace(self, external: str = "T1") -> Workspace:
        """It has the bot, as of now or again."""
        with self.world.database.transaction() as session:
            news = Installed(self.platform_name, external, name=external)
            workspace = workspaces.installed(session, news, "Waterkant", self.world.now)
            session.flush()
            session.refresh(workspace)
            session.expunge(workspace)
            return workspace

    def workspaces(self) -> Sequence[Workspace]:
        return self.world.rows(select(Workspace).where(Workspace.platform == self.platform_name))

    def promises(self, external: str, *addresses: str) -> None:
        """One message to each address, called by its number."""
        workspace = self.workspace(external)
        with self.world.database.transaction() as session:
            for number, address in enumerate(addresses):
                outbox.promise_place(
                    session,
                    workspace.id,
                    self.world.organisation,
                    address,
                    say(f"letter {number}"),
                    key=f"{external}:{number}",
                    now=self.world.now,
                )

    def rows(self) -> Sequence[Delivery]:
        return self.world.rows(select(Delivery).order_by(col(Delivery.id)))

    def states(self) -> list[DeliveryState]:
        return [row.state for row in self.rows()]

    # --- a programme ---

    def programme(self, channel: str) -> int:
        """A programme whose coordinators meet in this channel."""
        workspace = self.workspace()
        return self.world.programme(channel_workspace_id=workspace.id, channel_address=channel)

    def ben_joins(self, programme: int) -> None:
        """Somebody who takes part, and for whom a message waits."""
        workspace = self.workspace()
        with self.world.database.transaction() as session:
            ben = Person(organisation_id=self.world.organisation, name="Ben", introduced=True)
            session.add(ben)
            session.flush()
            session.add(
                Identity(
                    person_id=ben.id, workspace_id=workspace.id, user=self.ben, address=self.ben
                )
            )
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
