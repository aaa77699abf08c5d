"""The real bot in this process, but for its clock; and what it remembers, looked up behind its back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self, TypeVar

from aiohttp import web
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot import settings as configuration
from bot.app import App
from bot.platforms.slack.serving import Slack
from bot.platforms.teams.serving import Teams
from storage.database import Database
from storage.models import Answer, Dialogue, Identity, Member, Mentorship, Person
from tests import sealed
from tests.backstage import Loop
from tests.cage import HOST
from tests.world import MONDAY

T = TypeVar("T", bound=SQLModel)


class Somebody(Protocol):
    """One person in front of a chat service."""

    @property
    def id(self) -> str: ...


class Memory:
    """What the bot remembers, looked up behind its back."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def rows(self, query: SelectOfScalar[T]) -> Sequence[T]:
        with self.database.look() as session:
            found = session.exec(query).all()
            session.expunge_all()
            return found

    def person(self, somebody: Somebody) -> Person:
        [found] = self.rows(select(Person).join(Identity).where(col(Identity.user) == somebody.id))
        return found

    def dialogue(self, somebody: Somebody) -> Dialogue:
        """The conversation that was touched last."""
        mine = select(Dialogue).where(Dialogue.person_id == self.person(somebody).id)
        newest = mine.order_by(col(Dialogue.touched_at).desc(), col(Dialogue.id).desc())
        return self.rows(newest)[0]

    def is_asked(self, somebody: Somebody) -> str:
        """The question whose answer is awaited, or ""."""
        dialogue = self.dialogue(somebody)
        return dialogue.asking if dialogue.state.value == "asking" else ""

    def answers(self, somebody: Somebody) -> dict[str, tuple[str, ...]]:
        dialogue = self.dialogue(somebody)
        rows = self.rows(select(Answer).where(Answer.dialogue_id == dialogue.id))
        return {row.question: tuple(row.values) for row in rows}

    def members(self, pair: Mentorship) -> Sequence[Member]:
        return self.rows(select(Member).where(Member.mentorship_id == pair.id))

    def knows(self, users: set[str]) -> bool:
        with self.database.look() as session:
            return users <= {*session.exec(select(Identity.user)).all()}


class Working(Memory):
    """At work in the chats that the settings name: everything but its clock is as `koppel run` has it."""

    def __init__(self, loop: Loop, names: Mapping[str, str]) -> None:
        super().__init__(sealed.opened(names["KOPPEL_DATABASE_URL"]))
        self.loop, self.port = loop, 0
        self._wound = MONDAY - datetime.now(UTC)
        with configured(names):
            self.settings = configuration.load()
        self._open = AsyncExitStack()

    @property
    def now(self) -> datetime:
        """Time goes by as usual, from a Monday morning on, and can be wound."""
        return datetime.now(UTC) + self._wound

    def __enter__(self) -> Self:
        self.loop(self._start)
        return self

    def __exit__(self, *_: object) -> None:
        self.stops()
        self.database.close()

    def stops(self) -> None:
        """What is in hand is finished first."""
        self.loop(self._open.aclose)

    async def _start(self) -> None:
        chats: list[Slack | Teams] = []
        if self.settings.slack:
            chats.append(Slack(self.settings, self.database))
        if self.settings.teams:
            chats.append(Teams(self.settings, self.database))
        platforms = {chat.platform.name: chat.platform for chat in chats}
        self.app = App(self.database, platforms, now=lambda: self.now, organisation="Waterkant")
        application = web.Application()
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        for chat in chats:
            await self._open.enter_async_context(chat.connected())
        await self._open.enter_async_context(self.app.working())
        for chat in chats:
            listening = chat.working(self.app, application.router, self.app.now)
            await self._open.enter_async_context(listening)
        self._open.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        self.port = runner.addresses[0][1]

    # --- stories ---

    def does(self, work: Callable[[Session], None]) -> None:
        """Change what the bot remembers, for the middle of a story."""
        with self.database.transaction() as session:
            work(session)

    def settles(self) -> None:
        """Wait until all is said."""

    def tick(self) -> None:
        """Every job once, and the post."""
        self.loop(self.app.tick)
        self.settles()

    def passes(self, step: timedelta = timedelta(hours=1), **span: float) -> None:
        """Time goes by with everything that falls due in it."""
        left = timedelta(**span)
        while left > timedelta():
            self._wound += min(step, left)
            left -= step
            self.loop(self.app.tick, 60)
        self.settles()


@contextmanager
def configured(names: Mapping[str, str]) -> Iterator[None]:
    """An environment with nothing else of ours in it."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("KOPPEL_", "SLACK_", "TEAMS_", "MICROSOFT_")):
            del os.environ[name]
    os.environ.update(names)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
