"""A story in Slack: a workspace, a bot in it, and its people. Told from outside, step by step."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from tests.backstage import Loop
from tests.slack.emulator.backstage import Json, Workspace, workspace
from tests.slack.emulator.between import Between, Delivery
from tests.slack.emulator.config import CHANNEL, Config, Member
from tests.slack.emulator.people import Colleague

T = TypeVar("T")
QUIET = 0.12  # seconds without a call or a delivery

PEOPLE = (
    Member("Thomas Berg"),
    Member("Noor de Vries", "nl-NL"),
    Member("Bram Jansen"),
    Member("Aylin Demir", tz="Europe/Istanbul"),
)


class Slack:
    """The workspace as a story sees it."""

    def __init__(self, loop: Loop, between: Between, workspace: Workspace) -> None:
        self.loop, self.between, self._workspace = loop, between, workspace
        self.address, self.quiet = workspace.address, QUIET
        self.answers = True  # whatever somebody says in private
        self._people: dict[str, Colleague] = {}

    @property
    def socket(self) -> bool:
        return self.between.config.socket

    @property
    def people(self) -> tuple[Member, ...]:
        return self.between.config.people

    @property
    def api_url(self) -> str:
        """What the bot takes for Slack's Web API."""
        return f"http://127.0.0.1:{self.between.port}/api/"

    def __getitem__(self, first: str) -> Colleague:
        if first not in self._people:
            [member] = [m for m in self.between.config.people if m.first == first]
            self._people[first] = Colleague(self, member)
        return self._people[first]

    def dm(self, user: str) -> str:
        opened = self.loop(lambda: self.between.api.ask("conversations.open", {"users": user}))
        return str(opened["channel"]["id"])

    def messages(self, where: str = CHANNEL) -> list[Json]:
        found = self.loop(lambda: self._workspace.get(f"messages/{where}"))
        said: list[Json] = found["messages"]
        return said

    @property
    def modals(self) -> list[Json]:
        """The forms that are open, the uppermost last."""
        stack: list[Json] = self.loop(self._workspace.state)["modalStack"]
        return stack

    def does(self, deed: Callable[[Workspace], Awaitable[T]]) -> T:
        """Have something happen, and wait until the bot has nothing more to say about it."""
        done = self.loop(lambda: deed(self._workspace))
        self.settles()
        return done

    def settles(self) -> None:
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < self.quiet:
            now = len(self.between.calls) + len(self.between.deliveries)
            if now != seen or self.between.under_way:
                seen, since = now, time.monotonic()
            time.sleep(0.01)

    def delivers(self, payload: Json) -> Delivery:
        """Something that Slack sends and local-slack cannot."""
        done = self.loop(lambda: self.between.deliver(payload))
        self.settles()
        return done

    def tells(self, **happened: Any) -> Delivery:
        """An event that nobody in the workspace can cause."""
        done = self.loop(lambda: self.between.tell(happened))
        self.settles()
        return done


@contextmanager
def slack(*, socket: bool = False, people: tuple[Member, ...] = PEOPLE) -> Iterator[Slack]:
    """A workspace without a bot."""
    between = Between(Config(people, socket))
    with Loop() as loop:
        loop(between.start)
        try:
            config = between.config.as_json(between.port)
            with workspace(loop, config, between.port) as running:
                between.emulator = running.address
                yield Slack(loop, between, running)
        finally:
            loop(between.stop)
