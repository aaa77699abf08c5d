"""A whole programme without a screen: people join, are matched, and weeks go by."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bot.cards.matching import Announce, ApproveAll
from bot.content.company import Colleague, crowd, people, plausible_answers
from bot.core.actions import Action
from bot.core.markup import plain
from bot.core.messages import Button
from bot.platforms.local.chat import BOT, Change, Chat, is_private
from bot.platforms.local.screen import LocalPerson
from bot.simulation.actors import Actor
from bot.simulation.company import furnish, is_furnished
from bot.simulation.counting import Counted, Messages, counted
from bot.simulation.headless import Headless
from storage import opening, schema
from storage.database import Database

STEP = timedelta(hours=1)
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
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        try:
            self._company(number, seed, start)
        except BaseException:
            self.close()
            raise
        self.chat.listeners.add(self._arrives)

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
        self.actors = {one.user: self._actor(one) for one in staff if one.kind != "bot"}
        self.people = number

    def _actor(self, one: Colleague) -> Actor:
        rng = Random(self.rng.random())
        return Actor(self.bot.person(one.user), plausible_answers(one, rng), rng)

    # --- the course of things ---

    def run(self) -> Report:
        began = perf_counter()
        self._everyone_joins()
        joined = perf_counter()
        coordinator = self.bot.person(self.thomas.user)
        coordinator.types("/mentor match")
        self.bot.tick()
        matched = perf_counter()
        self._announces(coordinator)
        announced = perf_counter()
        self._weeks_pass()
        ended = perf_counter()
        with self.database.look() as session:
            told = {id_ for actor in self.actors.values() for id_ in actor.told}
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
        until = self.now + ENROLLING
        done = count(1)
        for actor in self.actors.values():
            self._at(self._hour(1, 90), partial(self._joins, actor, done))
        self._until(until)

    def _joins(self, actor: Actor, done: count[int]) -> None:
        if actor.joins():
            self.progress("join", next(done), len(self.actors))
        else:
            self._at(self._hour(20, 40), lambda: self._joins(actor, done))

    def _announces(self, coordinator: LocalPerson) -> None:
        for kind in (ApproveAll, Announce, Announce):
            _press(coordinator, kind)
        self.bot.tick()
        for actor in self.actors.values():
            temperament = actor.temperament
            if temperament.pauses_in:
                self._at(self.now + timedelta(weeks=temperament.pauses_in), actor.pauses)
            if temperament.leaves_in:
                self._at(self.now + timedelta(weeks=temperament.leaves_in), actor.leaves)

    def _weeks_pass(self) -> None:
        begin = self.now
        for week in range(1, self.weeks + 1):
            self._until(begin + timedelta(weeks=week))
            self.progress("run", week, self.weeks)
        self.bot.tick()

    # --- time ---

    def _until(self, until: datetime) -> None:
        while self.now < until:
            self.now += STEP
            self.bot.tick()
            while self._agenda and self._agenda[0][0] <= self.now:
                heapq.heappop(self._agenda)[2]()

    def _at(self, when: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (when, next(self._order), do))

    def _hour(self, least: int, most: int) -> datetime:
        return self.now + timedelta(hours=self.rng.randint(least, most))

    # --- messages ---

    def _arrives(self, change: Change) -> None:
        """A nudge makes somebody act after a while, or never."""
        if change is None or change.author != BOT or not change.key.startswith("nudge:"):
            return
        actor = self.actors.get(change.conversation.removeprefix("dm:"))
        if actor is None or not is_private(change.conversation):
            return
        if actor.rng.random() >= actor.temperament.silent:
            self._at(self._hour(0, 30), lambda: self._reacts(actor))

    def _reacts(self, actor: Actor) -> None:
        card = actor.hands.card
        if card is not None:
            actor.reacts(card, met=actor.rng.random() < actor.temperament.meets)


def _press(person: LocalPerson, kind: type[Action]) -> None:
    """Press the first button of this kind on the card this person sees."""
    card = person.card
    for button in card.all(Button) if card else ():
        if isinstance(Action.decode(button.wire), kind):
            person.clicks(plain(button.label))
            return


def _without_role(one: Colleague) -> Colleague:
    return replace(one, role="")
