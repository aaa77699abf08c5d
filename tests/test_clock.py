"""The clock asks at one look which jobs have something to do, and misses none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from scheduler import clock
from tests.hands import matched
from tests.reviewing import changes
from tests.world import World


def test_a_job_that_the_look_does_not_tell_of_has_nothing_to_do(world: World) -> None:
    """Four weeks: check-ins, a survey, digests, a promised round, and an account that is closed."""
    matched(world)
    begun = set[str]()
    for step in range(96):
        if step == 40:
            changes(world, "Noor", active=False)
        world.now += timedelta(hours=7)
        with world.database.look() as session:
            told = clock.LOOK.waiting(session, world.now)
        for place, job in enumerate(clock.JOBS):
            if place in told:
                begun.add(job.name)
                continue
            with nothing_changes(world), world.database.rehearsal() as session:
                assert job.run(session, world.now, world.content) == 0, (job.name, world.now)
        world.tick()
    assert begun >= {"waves", "nudges", "digests", "promised rounds", "partings", "upkeep"}


@contextmanager
def nothing_changes(world: World) -> Iterator[None]:
    changed = list[str]()

    def note(_connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SELECT", "BEGIN")) and cursor.rowcount > 0:
            changed.append(statement)

    event.listen(world.database.engine, "after_cursor_execute", note)
    yield
    event.remove(world.database.engine, "after_cursor_execute", note)
    assert changed == []
