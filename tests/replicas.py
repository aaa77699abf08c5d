"""Several bots on one PostgreSQL, one of which is killed now and then, and what came of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlmodel import col, func, select

from bot.core.messages import say
from storage import outbox
from storage.database import Database
from storage.models import Delivery, DeliveryState, Organisation, Workspace
from tests.counting import CountingSlack
from tests.killing import ROOT
from tests.replica import Circumstances
from tests.world import MONDAY

# Not read as JSON: of several who write to one file the ends of lines may change places.
UNSURE = re.compile(r'"delivery": (\d+), "error": "(?:Unsure|TimeoutError)"')
PEOPLE, CHANNELS = "people", "channels"  # where the bot may look what arrived, and where not
_ADDRESS = {PEOPLE: "U", CHANNELS: "C"}


def promise(database: Database, letters: int, workspaces: int, each: int = 1) -> None:
    """So many letters to people and as many in channels, in so many workspaces of either kind, with
    `each` so many for an address."""
    with database.transaction() as session:
        organisation = Organisation(name="Waterkant")
        session.add(organisation)
        session.flush()
        for kind in (PEOPLE, CHANNELS):
            there = [
                Workspace(
                    organisation_id=organisation.id, platform="slack", external=f"{kind}{number}"
                )
                for number in range(workspaces)
            ]
            session.add_all(there)
            session.flush()
            for number in range(letters):
                place = there[number % workspaces]
                outbox.promise_place(
                    session,
                    place.id,
                    organisation.id,
                    f"{_ADDRESS[kind]}{number // each:08}",
                    say("Hello"),
                    key=f"{kind}:{number:06}",
                    now=MONDAY,
                )


@dataclass(frozen=True)
class Kind:
    """What came of the letters of one kind."""

    promised: int
    delivered: int
    noted: int
    twice: int  # arrivals beyond the first
    at_kills: int  # letters that a killed process had brought and nobody had noted
    ambiguous: int  # tries of which a process could not know whether the letter arrived


class Killed(NamedTuple):
    """A process that was killed, and the letters that were under way just after."""

    process: str
    letters: set[str]


@dataclass
class Replicas:
    """The processes, and whom we killed when."""

    database: Database
    slack: CountingSlack
    log: Path
    _zygote: subprocess.Popen[str]
    running: list[int] = field(default_factory=list)
    killed: list[Killed] = field(default_factory=list)

    def start(self) -> None:
        """One more."""
        self.running.append(int(self._asks("start")))

    def kill(self) -> None:
        """kill -9 of the one with most on its way, and another starts."""
        victim = max(self.running, key=lambda number: self.slack.busy[str(number)])
        os.kill(victim, signal.SIGKILL)
        assert self._asks(f"bury {victim}") == str(-signal.SIGKILL)
        self.running.remove(victim)
        self.killed.append(Killed(str(victim), self._under_way()))
        self.start()

    def left(self) -> int:
        """How many letters are not noted as sent."""
        query = select(func.count(col(Delivery.id))).where(Delivery.state != DeliveryState.SENT)
        with self.database.look() as session:
            return session.exec(query).one()

    def came_of(self, kind: str) -> Kind:
        query = select(Delivery.key, Delivery.state).where(col(Delivery.key).startswith(kind))
        with self.database.look() as session:
            promised = dict(session.exec(query).all())
        arrived = {key: times for key, times in self.slack.arrived.items() if key in promised}
        brought = self.slack.brought
        return Kind(
            promised=len(promised),
            delivered=len(arrived),
            noted=sum(state is DeliveryState.SENT for state in promised.values()),
            twice=sum(arrived.values()) - len(arrived),
            at_kills=sum(
                len(one.letters & brought[one.process] & promised.keys()) for one in self.killed
            ),
            ambiguous=sum(key in promised for key in self._unsure()),
        )

    def _unsure(self) -> list[str]:
        """The letters of which a process wrote in the log that it cannot know, each time it did."""
        which = UNSURE.findall(self.log.read_text())
        with self.database.look() as session:
            keys = dict(session.exec(select(Delivery.id, Delivery.key)).all())
        return [keys[int(id_)] for id_ in which]

    def _under_way(self) -> set[str]:
        """The letters that some process is sending, or was when it died."""
        query = select(Delivery.key).where(
            Delivery.state == DeliveryState.WAITING, col(Delivery.leased_until).is_not(None)
        )
        with self.database.look() as session:
            return set(session.exec(query))

    def _asks(self, what: str) -> str:
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(f"{what}\n")
        self._zygote.stdin.flush()
        return self._zygote.stdout.readline().strip()


@contextmanager
def replicas(
    database: Database, slack: CountingSlack, given: Circumstances, number: int
) -> Iterator[Replicas]:
    """So many bots at work; none is left at the end."""
    command = [sys.executable, "-m", "tests.replica", given.written()]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as zygote:
        assert zygote.stdout is not None
        assert zygote.stdout.readline().strip() == "ready"
        found = Replicas(database, slack, Path(given.log), zygote)
        try:
            for _ in range(number):
                found.start()
            yield found
        finally:
            for one in found.running:
                os.kill(one, signal.SIGKILL)
            zygote.kill()


def until(true: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Whether it became so in time."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(every)
    return found
