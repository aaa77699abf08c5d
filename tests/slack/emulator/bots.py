"""The real bot in the workspace: in this process with a clock of ours, or `koppel run` as it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from aiohttp import web
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar
from structlog.testing import capture_logs

from bot import settings as configuration
from bot.app import App
from bot.cards.questions import Confirm
from bot.core.questions import Values
from bot.platforms.slack.serving import Slack as SlackDoors
from storage.database import Database
from storage.models import Answer, Dialogue, Identity, Member, Mentorship, Person
from tests.backstage import PATIENCE, ROOT
from tests.cage import HOST
from tests.slack.emulator import config
from tests.slack.emulator.config import APP_TOKEN, SECRET, TOKEN
from tests.slack.emulator.people import Colleague, until
from tests.slack.emulator.story import PEOPLE, Slack, slack
from tests.world import MONDAY

T = TypeVar("T", bound=SQLModel)


def environment(slack: Slack, url: str, port: int) -> dict[str, str]:
    """The settings of an installation in this workspace; Thomas is its administrator."""
    way = {"SLACK_APP_TOKEN": APP_TOKEN} if slack.socket else {"SLACK_SIGNING_SECRET": SECRET}
    return {
        **way,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": slack.api_url,
        "KOPPEL_DATABASE_URL": url,
        "KOPPEL_ADMIN": "thomas@waterkant.example",
        "KOPPEL_ORGANISATION": "Waterkant",
        "KOPPEL_HOST": HOST,
        "KOPPEL_PORT": str(port),
    }


class Memory:
    """What the bot remembers, looked up behind its back."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def rows(self, query: SelectOfScalar[T]) -> Sequence[T]:
        with self.database.look() as session:
            found = session.exec(query).all()
            session.expunge_all()
            return found

    def person(self, somebody: Colleague) -> Person:
        [found] = self.rows(select(Person).join(Identity).where(col(Identity.user) == somebody.id))
        return found

    def dialogue(self, somebody: Colleague) -> Dialogue:
        """The conversation that was touched last."""
        mine = select(Dialogue).where(Dialogue.person_id == self.person(somebody).id)
        newest = mine.order_by(col(Dialogue.touched_at).desc(), col(Dialogue.id).desc())
        return self.rows(newest)[0]

    def is_asked(self, somebody: Colleague) -> str:
        """The question whose answer is awaited, or ""."""
        dialogue = self.dialogue(somebody)
        return dialogue.asking if dialogue.state.value == "asking" else ""

    def answers(self, somebody: Colleague) -> dict[str, tuple[str, ...]]:
        dialogue = self.dialogue(somebody)
        rows = self.rows(select(Answer).where(Answer.dialogue_id == dialogue.id))
        return {row.question: tuple(row.values) for row in rows}

    def members(self, pair: Mentorship) -> Sequence[Member]:
        return self.rows(select(Member).where(Member.mentorship_id == pair.id))

    def knows(self, users: set[str]) -> bool:
        with self.database.look() as session:
            return users <= {*session.exec(select(Identity.user)).all()}


class Bot(Memory):
    """The bot in this process: everything but its clock is as `koppel run` has it."""

    def __init__(self, slack: Slack, url: str) -> None:
        super().__init__(Database(url))
        self.slack = slack
        self.expected: set[str] = set()  # failures of Slack that the story wants
        self._wound = MONDAY - datetime.now(UTC)
        with configured(environment(slack, url, 0)):
            self.settings = configuration.load()
        self._open = AsyncExitStack()

    @property
    def now(self) -> datetime:
        """Time goes by as usual, from a Monday morning on, and can be wound."""
        return datetime.now(UTC) + self._wound

    def __enter__(self) -> Bot:
        self.slack.loop(self._start)
        users = {member.id for member in self.slack.people}
        until(lambda: self.knows(users), lambda: "the bot has not met everybody")
        return self

    def __exit__(self, *_: object) -> None:
        self.slack.loop(self._open.aclose)
        self.database.close()

    async def _start(self) -> None:
        doors = SlackDoors(self.settings, self.database)
        platforms = {doors.platform.name: doors.platform}
        self.app = App(self.database, platforms, now=lambda: self.now, organisation="Waterkant")
        application = web.Application()
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        working = doors.working(self.app, application.router, self.app.now)
        await self._open.enter_async_context(doors.connected())
        await self._open.enter_async_context(self.app.working())
        await self._open.enter_async_context(working)
        self._open.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        self.slack.between.bot_port = runner.addresses[0][1]

    # --- stories ---

    def __getitem__(self, first: str) -> Colleague:
        return self.slack[first]

    def walks(self, somebody: Colleague, given: Mapping[str, Values]) -> None:
        """Somebody answers whatever is asked by buttons, and confirms."""
        while key := self.is_asked(somebody):
            somebody.answers(given, key)
        somebody.clicks(Confirm)

    def does(self, work: Callable[[Session], None]) -> None:
        """Change what the bot remembers, for the middle of a story."""
        with self.database.transaction() as session:
            work(session)

    def tick(self) -> None:
        """Every job once, and the post."""
        self.slack.loop(self.app.tick)
        self.slack.settles()

    def passes(self, step: timedelta = timedelta(hours=1), **span: float) -> None:
        """Time goes by with everything that falls due in it."""
        left = timedelta(**span)
        while left > timedelta():
            self._wound += min(step, left)
            left -= step
            self.slack.loop(self.app.tick, 60)
        self.slack.settles()


@contextmanager
def at_work(
    url: str, *, socket: bool = False, people: tuple[config.Member, ...] = PEOPLE
) -> Iterator[Bot]:
    """The bot in a workspace; at the end Slack has refused nothing, and nothing went wrong."""
    with (
        capture_logs() as log,
        slack(socket=socket, people=people) as workspace,
        Bot(workspace, url) as bot,
    ):
        yield bot
        workspace.settles()
    assert workspace.between.api.refusals == []
    loud = [entry for entry in log if entry["log_level"] in ("warning", "error")]
    wrong = [entry for entry in loud if entry.get("code") not in bot.expected]
    assert not wrong, wrong
    assert {each.status for each in workspace.between.deliveries} == {200}


@contextmanager
def configured(names: dict[str, str]) -> Iterator[None]:
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


class Run:
    """`koppel run` in a process of its own; `log` is what it wrote."""

    def __init__(self, slack: Slack, url: str, port: int, folder: Path) -> None:
        self._slack, self._log = slack, folder / "koppel.log"
        self.memory = Memory(Database(url))
        names = environment(slack, url, port) | {"PYTHONPATH": str(ROOT)}
        with configured(names), self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], stdout=log, stderr=log, cwd=folder
            )
        slack.between.bot_port = port

    @property
    def log(self) -> str:
        return self._log.read_text()

    def __enter__(self) -> Run:
        users = {member.id for member in self._slack.people}
        until(lambda: "ready" in self.log, lambda: self.log, PATIENCE)
        until(lambda: self.memory.knows(users), lambda: self.log, PATIENCE)
        if self._slack.socket:
            until(lambda: "slack.listening" in self.log, lambda: self.log)
        return self

    def stops(self) -> int:
        """As a supervisor stops it."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.memory.database.close()
