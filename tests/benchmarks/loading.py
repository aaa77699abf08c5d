"""A programme of invented people in a database, as intake leaves them: to measure a whole round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from bot import content
from bot.matching import Profile
from storage import schema
from storage.database import Database
from storage.models import (
    Answer,
    Dialogue,
    DialogueState,
    Organisation,
    Participant,
    Person,
    Programme,
)
from storage.profiles import INTAKE
from tests import sealed

Rows = dict[Any, list[dict[str, Any]]]

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
TAGS = (
    "languages",
    "skills_offered",
    "skills_wanted",
    "interests",
    "ambitions",
    "values",
    "work_style",
    "communication",
    "qualities",
    "styles_offered",
    "styles_wanted",
)
WORDS = {
    "offer": "offer",
    "goal": "goal",
    "learning_style": "learning_style",
    "function": "function",
    "sector": "sector",
    "experience": "seniority",
}


def filled(folder: Path, people: Sequence[Profile]) -> Database:
    """A new SQLite database in which these people take part in programme 1 and answered its intake."""
    url = f"sqlite:///{(folder / 'round.db').as_posix()}"
    schema.upgrade(url)
    database = sealed.opened(url)
    with database.transaction() as session:
        _fill(session, people)
    return database


def _fill(session: Session, people: Sequence[Profile]) -> None:
    session.add(Organisation(id=1, name="Bench"))
    session.add(
        Programme(
            id=1,
            organisation_id=1,
            name="Bench",
            slug="bench",
            floor=0.2,
            starts_on=NOW.date(),
            ends_on=date(2026, 12, 1),
        )
    )
    session.flush()
    for table, values in {**_people(people), **_answered(people)}.items():
        for start in range(0, len(values), 10_000):
            session.execute(insert(table), values[start : start + 10_000])


def _people(people: Sequence[Profile]) -> Rows:
    first = min((p.person for p in people), default=0)
    return {
        Person: [
            {
                "id": p.person,
                "organisation_id": 1,
                "name": f"Person {p.person}",
                "department": p.team,
                "manager_id": p.manager if first <= (p.manager or 0) < p.person else None,
                "time_zone": ZONES[p.id % len(ZONES)],
            }
            for p in people
        ],
        Participant: [
            {
                "id": p.id,
                "programme_id": 1,
                "person_id": p.person,
                "mentor": p.mentor,
                "mentee": p.mentee,
                "capacity": p.capacity,
                "consented_at": NOW,
            }
            for p in people
        ],
    }


def _answered(people: Sequence[Profile]) -> Rows:
    return {
        Dialogue: [
            {
                "id": p.id,
                "person_id": p.person,
                "questionnaire": INTAKE,
                "subject_id": 1,
                "state": DialogueState.DONE,
                "confirmed": True,
                "touched_at": NOW,
            }
            for p in people
        ],
        Answer: [
            {"dialogue_id": p.id, "question": question, **_kept(question, values)}
            for p in people
            for question, values in _answers(p)
        ],
    }


ZONES = ("Europe/Amsterdam", "Europe/Amsterdam", "Europe/London", "America/New_York")


def _kept(question: str, values: list[str]) -> dict[str, list[str]]:
    """In the column where intake keeps it."""
    confided = content.told_in_confidence(question)
    return {"chosen": [], "confided": values} if confided else {"chosen": values, "confided": []}


def _answers(profile: Profile) -> Iterator[tuple[str, list[str]]]:
    for question in TAGS:
        if given := getattr(profile, question):
            yield question, sorted(given)
    for question, field in WORDS.items():
        given = getattr(profile, field)
        if given not in ("", None):
            yield question, [str(given)]
