"""The real bot in the workspace: in this process with a clock of ours, or `koppel run` as it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from structlog.testing import capture_logs

from bot.cards.questions import Confirm
from bot.core.questions import Values
from tests import sealed
from tests.at_work import Memory, Working, configured
from tests.backstage import PATIENCE, ROOT, until
from tests.cage import HOST
from tests.slack.emulator import config
from tests.slack.emulator.config import APP_TOKEN, SECRET, TOKEN
from tests.slack.emulator.people import Colleague
from tests.slack.emulator.story import PEOPLE, Slack, slack
from tests.slack.installing import KEY


def environment(slack: Slack, url: str, port: int) -> dict[str, str]:
    """The settings of an installation in this workspace; Thomas is its administrator."""
    way = {"SLACK_APP_TOKEN": APP_TOKEN} if slack.socket else {"SLACK_SIGNING_SECRET": SECRET}
    keys = {"KOPPEL_SECRET_KEYS": KEY} if url.startswith("postgresql") else {}
    return {
        **way,
        **keys,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": slack.api_url,
        "KOPPEL_DATABASE_URL": url,
        "KOPPEL_ADMIN": "thomas@waterkant.example",
        "KOPPEL_ORGANISATION": "Waterkant",
        "KOPPEL_HOST": HOST,
        "KOPPEL_PORT": str(port),
    }


class Bot(Working):
    """In a workspace of Slack."""

    def __init__(self, slack: Slack, names: Mapping[str, str]) -> None:
        super().__init__(slack.loop, names)
        self.slack = slack
        self.expected: set[str] = set()  # failures of Slack that the story wants

    def __enter__(self) -> Self:
        super().__enter__()
        self.slack.between.bot_port = self.port
        users = {member.id for member in self.slack.people}
        until(lambda: self.knows(users), lambda: "the bot has not met everybody")
        return self

    def __getitem__(self, first: str) -> Colleague:
        return self.slack[first]

    def settles(self) -> None:
        self.slack.settles()

    def walks(self, somebody: Colleague, given: Mapping[str, Values]) -> None:
        """Somebody answers whatever is asked by buttons, and confirms."""
        while key := self.is_asked(somebody):
            somebody.answers(given, key)
        somebody.clicks(Confirm)


@contextmanager
def at_work(
    url: str, *, socket: bool = False, people: tuple[config.Member, ...] = PEOPLE
) -> Iterator[Bot]:
    """The bot in a workspace; at the end Slack has refused nothing, and nothing went wrong."""
    with (
        capture_logs() as log,
        slack(socket=socket, people=people) as workspace,
        Bot(workspace, environment(workspace, url, 0)) as bot,
    ):
        yield bot
        workspace.settles()
    assert workspace.between.api.refusals == []
    loud = [entry for entry in log if entry["log_level"] in ("warning", "error")]
    wrong = [entry for entry in loud if entry.get("code") not in bot.expected]
    assert not wrong, wrong
    assert {each.status for each in workspace.between.deliveries} == {200}


class Run:
    """`koppel run` in a process of its own; `log` is what it wrote."""

    def __init__(self, slack: Slack, url: str, port: int, folder: Path) -> None:
        self._slack, self._log = slack, folder / "koppel.log"
        self.memory = Memory(sealed.opened(url))
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
