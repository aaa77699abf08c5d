"""Four processes on one PostgreSQL whose clocks tick at the same moment: each thing is done once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.content import Content, standard
from bot.simulation import run
from scheduler import clock
from scheduler.nudges import nudge
from storage import due
from storage.database import Database
from storage.models import AuditEntry, Delivery, Mentorship
from tests import sealed
from tests.asking import couple, days_pass
from tests.databases import Postgres, Sqlite
from tests.slack.installing import KEY
from tests.test_nudges import stuck
from tests.world import World

Databases = tuple[Sqlite | Postgres, str]
PROCESSES = 4


class AtOnce:
    """Lets every process do all of its jobs, at once; then one more, as at the next tick."""

    def __init__(self, run: Callable[..., int], url: str) -> None:
        self._run, self._together = run, Barrier(PROCESSES)
        self._threads = ThreadPoolExecutor(PROCESSES)
        self.databases = [sealed.opened(url) for _ in range(PROCESSES)]

    def __call__(self, _database: Database, content: Content, now: datetime) -> int:
        with self.databases[0].look() as session:
            due = clock.LOOK.waiting(session, now)
            long = [job for job in clock.LONG_JOBS if job.waits(session, now)]
        if not due and not long:
            return 0

        def go(database: Database) -> int:
            self._together.wait()
            done = sum(
                clock.run_long_job(database, job, lambda: now, lambda: False) for job in long
            )
            return done + sum(
                clock.run_job(database, clock.JOBS[place], content, now) for place in due
            )

        done = sum(self._threads.map(go, self.databases))
        return done + self._run(self.databases[0], content, now)

    def close(self) -> None:
        self._threads.shutdown()
        for database in self.databases:
            database.close()


@pytest.fixture
def told(databases: Databases) -> Iterator[Callable[[bool], dict[str, Any]]]:
    """What a programme of three weeks came to, in one process or in four."""
    server, template = databases
    made: list[str] = []

    def tell(at_once: bool) -> dict[str, Any]:
        made.append(server.create(template))
        with pytest.MonkeyPatch.context() as patch:
            several = AtOnce(clock.run_jobs, made[-1])
            if at_once:
                patch.setattr(clock, "run_jobs", several)
            report = run.simulate(
                people=8, weeks=2, seed=5, database=made[-1], secret_keys=[KEY]
            ).as_dict()
            with several.databases[0].look() as session:
                keys = session.exec(select(Delivery.key)).all()
                report["kinds"] = Counter(key.split(":")[0] for key in keys)
                report["pairs"] = len(session.exec(select(Mentorship.id)).all())
                report["deeds"] = Counter(session.exec(select(AuditEntry.did)).all())
            several.close()
        del report["seconds"]
        return report

    yield tell
    for url in made:
        server.drop(url)


@pytest.mark.only_a_server
def test_four_clocks_that_tick_at_once_come_to_what_one_comes_to(
    told: Callable[[bool], dict[str, Any]],
) -> None:
    one, four = told(False), told(True)
    assert four == one
    assert four["messages"]["duplicate"] == 0


@pytest.mark.only_a_server
def test_of_two_silent_partners_who_are_asked_at_once_the_coordinator_hears(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.programme()
    couple(world)
    days_pass(world, 20)  # two rounds without an answer; the third falls due
    world.now += timedelta(days=2)
    with world.database.look() as session:
        people = due.people(session, world.now, 2)
    assert len(people) == 2
    begun = Barrier(2)

    def asks(session: Session, person: int) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(due, "people", lambda *_: [person])
            nudge(session, world.now, standard())

    def second() -> None:
        with world.database.transaction() as session:
            begun.wait()
            asks(session, people[1])

    with ThreadPoolExecutor(1) as other:
        with world.database.transaction() as session:
            asks(session, people[0])
            later = other.submit(second)
            begun.wait()
            time.sleep(0.5)  # the second has asked, or waits for the first
        later.result()
    assert len(stuck(world)) == 1
