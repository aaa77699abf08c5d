"""A whole programme without a screen: people join, are matched, and weeks go by."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bot.content.company import Colleague, crowd, people
from bot.platforms.local.chat import Chat
from bot.simulation.actors import Actor, Did
from bot.simulation.autopilot import Autopilot, Deed, Outcome
from bot.simulation.company import furnish, is_furnished
from bot.simulation.counting import Counted, Messages, counted
from bot.simulation.headless import Headless
from bot.simulation.hours import lived
from storage import opening, schema
from storage.database import Database

ENROLLING = timedelta(days=7)
KEPT = 24  # messages that a simulated chat remembers
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Seconds:
    join: float
    match: float
    announce: float
    run: float
    total: float


@dataclass(frozen=True)
class Report:
    """What a simulation came to; `lost` is what was promised or told and is nowhere."""

    people: int
    counted: Counted
    seconds: Seconds

    @property
    def messages(self) -> Messages:
        return self.counted.messages

    @property
    def lost(self) -> int:
        return self.counted.lost

    def as_dict(self) -> dict[str, Any]:
        seconds = {name: round(value, 2) for name, value in asdict(self.seconds).items()}
        return {"people": self.people, **asdict(self.counted), "seconds": seconds}


class NotEmpty(Exception):
    """The database already holds a simulated workspace: name an empty one."""


def simulate(
    *,
    people: int = 40,
    weeks: int = 12,
    seed: int = 1,
    start: date = date(2026, 1, 5),
    database: str | None = None,
    secret_keys: Sequence[str] = (),
    progress: Progress = lambda _phase, _done, _total: None,
) -> Report:
    """Let so many people live through a programme of so many weeks after the announcement."""
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        url = database or f"sqlite:///{(Path(folder) / 'simulation.db').as_posix()}"
        schema.upgrade(url)
        opened = opening.opened(url, secret_keys)
        simulation = Simulation(opened, people, weeks, seed, start, progress)
        try:
            return simulation.run()
        finally:
            simulation.close()


class Simulation:
    """One company, one programme, one clock that jumps from hour to hour."""

    def __init__(
        self,
        database: Database,
        number: int,
        weeks: int,
        seed: int,
        start: date,
        progress: Progress,
    ) -> None:
        self.rng, self.weeks, self.progress = Random(seed), weeks, progress
        self.now = datetime.combine(start, time(7), UTC)
        self.database = database
        self.chat = Chat(clock=lambda: self.now, keep=KEPT)
        self.bot = Headless(self.database, self.chat, lambda: self.now)
        self._joined = 0
        try:
            self._company(number, seed, start)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.bot.close()
        self.database.close()

    def _company(self, number: int, seed: int, start: date) -> None:
        everyone = crowd(number, seed)
        self.thomas = next(one for one in people() if one.role == "coordinator")
        with self.database.transaction() as session:
            if is_furnished(session):
                raise NotEmpty(NotEmpty.__doc__)
            staff = [_without_role(one) for one in everyone if one.user != self.thomas.user]
            furnish(
                session,
                self.chat,
                [self.thomas, *staff],
                programme="Samen groeien",
                starts_on=start,
                ends_on=start + ENROLLING + timedelta(weeks=self.weeks + 1),
            )
        self.autopilot = Autopilot(self.chat, staff, self.bot.dispatch, seed=seed)
        self.people = number

    # --- the course of things ---

    def run(self) -> Report:
        began = perf_counter()
        self._everyone_joins()
        joined = perf_counter()
        coordinator = Actor(self.bot.person(self.thomas.user), {}, self.rng)
        coordinator.hands.types("/mentor match")
        self.bot.tick()
        matched = perf_counter()
        self._announces(coordinator)
        announced = perf_counter()
        self._weeks_pass()
        ended = perf_counter()
        with self.database.look() as session:
            told = {id_ for actor in self.autopilot.actors.values() for id_ in actor.told}
            figures = counted(session, self.chat.delivered, self.chat.duplicates, told)
        seconds = Seconds(
            join=joined - began,
            match=matched - joined,
            announce=announced - matched,
            run=ended - announced,
            total=ended - began,
        )
        return Report(self.people, figures, seconds)

    def _everyone_joins(self) -> None:
        """Spread over the first days; who stops half-way goes on a day or two later."""
        for user in self.autopilot.actors:
            at = self.now + timedelta(hours=self.rng.randint(1, 90))
            self.autopilot.plan(user, Deed.JOIN, at)
        self._until(self.now + ENROLLING)

    def _announces(self, coordinator: Actor) -> None:
        card = coordinator.hands.card
        if card is not None:
            coordinator.matches(card)
        self.bot.tick()

    def _weeks_pass(self) -> None:
        begin = self.now
        for week in range(1, self.weeks + 1):
            self._until(begin + timedelta(weeks=week))
            self.progress("run", week, self.weeks)
        self.bot.tick()

    # --- time ---

    def _until(self, until: datetime) -> None:
        for outcomes in lived(self, until):
            self._count(outcomes)

    def _count(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if Did.JOINED in outcome.did:
                self._joined += 1
                self.progress("join", self._joined, len(self.autopilot.actors))


def _without_role(one: Colleague) -> Colleague:
    return replace(one, role="")
