"""How long a whole round takes on a database, asked to told, and how long others wait meanwhile.

Each figure comes from a process of its own (`python -m tests.benchmarks.rounds 1000 500 URL`): an
event loop that ticks every 10 ms, somebody who writes as often, and the job beside them.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from bot.matching import Profile
from scheduler import rounds as job
from storage import computing, profiles, rounds, schema
from storage.database import Database
from storage.models import (
    Answer,
    Delivery,
    Dialogue,
    DialogueState,
    Duty,
    Identity,
    Organisation,
    Participant,
    Person,
    Programme,
    Role,
    Round,
    RoundState,
    Workspace,
)
from tests import sealed
from tests.matching.invented import company

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SIZES = ((1_000, 500), (3_000, 1_500), (10_000, 5_000))
TICK = 0.01  # seconds
WATCHED = (
    (computing, "claim"),
    (job, "_load"),
    (job, "solve"),
    (computing, "put"),
    (computing, "finish"),
    (job, "_show"),
)
Row = dict[str, Any]
ANSWERS = (
    *("languages", "skills_offered", "skills_wanted", "offer", "goal", "interests", "ambitions"),
    *("values", "work_style", "communication", "qualities", "learning_style", "styles_offered"),
    *("styles_wanted", "function", "sector"),
)


def furnish(database: Database, people: Sequence[Profile]) -> None:
    """These people, who answered the intake and take part; Thomas coordinates."""
    with database.transaction() as session:
        organisation = Organisation(name="Bench")
        session.add(organisation)
        session.flush()
        place = Workspace(organisation_id=organisation.id, platform="local", external="bench")
        programme = Programme(
            organisation_id=organisation.id,
            name="Bench",
            slug="bench",
            starts_on=NOW.date(),
            ends_on=NOW.date() + timedelta(days=180),
        )
        thomas = Person(organisation_id=organisation.id, name="Thomas")
        session.add_all([place, programme, thomas])
        session.flush()
        account = Identity(
            person_id=thomas.id, workspace_id=place.id, user="thomas", address="dm:thomas"
        )
        session.add(account)
        session.add(Role(person_id=thomas.id, duty=Duty.COORDINATOR, programme_id=programme.id))
        _people(session, organisation.id, people)
        _parts(session, programme.id, people)


def _people(session: Session, organisation: int, people: Sequence[Profile]) -> None:
    rows = [
        {
            "id": p.person,
            "organisation_id": organisation,
            "name": f"Somebody {p.id}",
            "department": p.department,
            "team": p.team,
        }
        for p in people
    ]
    session.execute(insert(Person), rows)


def _parts(session: Session, programme: int, people: Sequence[Profile]) -> None:
    parts, dialogues, answers = list[Row](), list[Row](), list[Row]()
    for p in people:
        parts.append(
            {
                "id": p.id,
                "programme_id": programme,
                "person_id": p.person,
                "mentor": p.mentor,
                "mentee": p.mentee,
                "capacity": p.capacity,
                "consented_at": NOW,
            }
        )
        dialogues.append(
            {
                "id": p.id,
                "person_id": p.person,
                "questionnaire": profiles.INTAKE,
                "subject_id": programme,
                "state": DialogueState.DONE,
                "confirmed": True,
                "touched_at": NOW,
            }
        )
        for key in ANSWERS:
            value = getattr(p, key)
            told = sorted(value) if isinstance(value, frozenset) else [value] if value else []
            if told:
                answers.append({"dialogue_id": p.id, "question": key, "values": told})
    for kind, rows in ((Participant, parts), (Dialogue, dialogues), (Answer, answers)):
        session.execute(insert(kind), rows)


def _timed(took: dict[str, list[float]]) -> None:
    """From now on each step of the job is timed."""

    def watched(step: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*args)
            finally:
                took.setdefault(step, []).append(time.perf_counter() - began)

        return run

    for place, name in WATCHED:
        setattr(place, name, watched(name.strip("_"), getattr(place, name)))


async def _ticks(late: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(TICK)
        late.append(time.perf_counter() - began - TICK)


async def _writes(database: Database, waited: list[float]) -> None:
    """Somebody else's events: each changes one row."""
    while True:
        began = time.perf_counter()
        await database.changed(lambda session: session.get_one(Person, 1).name)
        waited.append(time.perf_counter() - began)
        await asyncio.sleep(TICK)


async def _whole(database: Database) -> tuple[float, list[float], list[float]]:
    late, waited = list[float](), list[float]()
    others = [asyncio.create_task(_ticks(late)), asyncio.create_task(_writes(database, waited))]
    await asyncio.sleep(0.5)
    late.clear()
    waited.clear()
    with database.transaction() as session:
        programme, thomas = session.get_one(Programme, 1), session.get_one(Person, 1)
        rounds.request(session, programme, thomas, NOW)
    began = time.perf_counter()
    await asyncio.to_thread(job.compute_requested, database, lambda: NOW, lambda: False)
    seconds = time.perf_counter() - began
    for other in others:
        other.cancel()
    return seconds, late, waited


def measure(mentees: int, mentors: int, url: str) -> str:
    """A row of the table."""
    database, took = sealed.opened(url), dict[str, list[float]]()
    furnish(database, company(mentees, mentors))
    _timed(took)
    seconds, late, waited = asyncio.run(_whole(database))
    with database.look() as session:
        [round_] = session.exec(select(Round)).all()
        told = len(session.exec(select(Delivery)).all())
        assert (round_.state, told) == (RoundState.REVIEW, 1)
    database.close()
    steps = ", ".join(f"{step} {sum(times):.2f}" for step, times in took.items())
    return (
        f"| {mentees:,} × {mentors:,} | {seconds:.1f} ({steps}) | {_far(late)} | {_far(waited)} |"
        f" {max(took['put']) * 1000:.0f}, {max(took['finish']) * 1000:.0f} |\n"
    )


def _far(times: list[float]) -> str:
    """The 99th percentile and the longest, in milliseconds."""
    times.sort()
    return f"{times[int(len(times) * 0.99)] * 1000:.0f}, {times[-1] * 1000:.0f}"


def bench_rounds(largest: int) -> None:
    """Print a table: every size up to this many mentees, on SQLite."""
    sys.stdout.write(
        "| mentees × mentors | seconds (of which) | event loop late, ms (p99, longest) "
        "| another writer, ms (p99, longest) | longest part saved, end, ms |\n|---|---|---|---|---|\n"
    )
    for mentees, mentors in SIZES:
        if mentees > largest:
            break
        with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
            url = f"sqlite:///{(Path(folder) / 'round.db').as_posix()}"
            schema.upgrade(url)
            command = [sys.executable, "-m", __spec__.name, str(mentees), str(mentors), url]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        sys.stdout.write(done.stdout)
        sys.stdout.flush()


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.stdout.write(measure(int(asked[0]), int(asked[1]), asked[2]))
