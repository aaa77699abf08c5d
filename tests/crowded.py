"""A round of thousands of pairs, made at once: what a review of many must stand."""

from __future__ import annotations

from itertools import cycle
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from storage.models import (
    Answer,
    Dialogue,
    DialogueState,
    Leftover,
    Participant,
    Person,
    Programme,
    Proposal,
    Round,
    RoundState,
)
from tests.world import MENTEE, MENTOR, World
from tests.world import MONDAY as _NOW

DEPARTMENTS = ("Sales", "Finance", "Care", "Legal", "IT")
SKILLS = ("presenting", "coaching", "python", "negotiation", "leadership", "planning")
WHY = [
    {
        "criterion": "skills",
        "value": 0.8,
        "weight": 0.4,
        "points": 0.32,
        "evidence": ["presenting"],
    },
    {"criterion": "hours", "value": 0.8, "weight": 0.1, "points": 0.08, "evidence": ["70"]},
]


def crowd(world: World, pairs: int, *, answered: bool = False) -> int:
    """A round under review with so many pairs, a mentor for each two mentees; its id."""
    rng = Random(5)
    with world.database.transaction() as session:
        programme = session.get_one(Programme, 1)
        mentors = _people(session, programme, "Mentor", (pairs + 1) // 2)
        mentees = _people(session, programme, "Mentee", pairs)
        if answered:
            _answer(session, programme, mentors, MENTOR, rng)
            _answer(session, programme, mentees, MENTEE, rng)
        round_ = _round(session, programme)
        parts = _parts(session, programme)
        session.execute(
            insert(Proposal),
            [
                {
                    "round_id": round_.id,
                    "mentor_id": parts[mentor],
                    "mentee_id": parts[mentee],
                    "state": "proposed",
                    "score": round(rng.betavariate(6, 4), 4),
                    "bonus": 0.0,
                    "contributions": WHY,
                }
                for mentee, mentor in zip(mentees, cycle(mentors), strict=False)
            ],
        )
        session.add(Leftover(round_id=round_.id, participant_id=parts[mentees[0]], reasons={}))
        return round_.id


def _people(session: Session, programme: Programme, what: str, number: int) -> list[int]:
    names = [f"{what} {n:05}" for n in range(1, number + 1)]
    person = Person(organisation_id=programme.organisation_id, name=what)
    rows = [
        {"name": name, "department": DEPARTMENTS[n % len(DEPARTMENTS)]}
        for n, name in enumerate(names)
    ]
    _insert(session, person, rows)
    found = session.exec(select(Person.name, Person.id).where(Person.organisation_id > 0))
    by_name = {name: id_ for name, id_ in found}
    ids = [by_name[name] for name in names]
    part = Participant(
        programme_id=programme.id,
        person_id=ids[0],
        mentor=what == "Mentor",
        mentee=what == "Mentee",
        capacity=2,
        consented_at=_NOW,
    )
    _insert(session, part, [{"person_id": id_} for id_ in ids])
    return ids


def _answer(
    session: Session,
    programme: Programme,
    people: list[int],
    answers: dict[str, tuple[str, ...]],
    rng: Random,
) -> None:
    dialogue = Dialogue(
        person_id=people[0],
        questionnaire="intake",
        subject_id=programme.id,
        state=DialogueState.DONE,
        confirmed=True,
        touched_at=_NOW,
    )
    _insert(session, dialogue, [{"person_id": id_} for id_ in people])
    dialogues = {p: d for p, d in session.exec(select(Dialogue.person_id, Dialogue.id))}
    said = []
    for id_ in people:
        own = {key: rng.sample(SKILLS, 2) for key in answers if key.startswith("skills")}
        for key, values in ({**answers, **own}).items():
            said.append({"dialogue_id": dialogues[id_], "question": key, "values": list(values)})
    session.execute(insert(Answer), said)


def _round(session: Session, programme: Programme) -> Round:
    round_ = Round(
        programme_id=programme.id,
        number=1,
        seed=1,
        requested_by=session.exec(select(Person.id)).first() or 1,
        requested_at=_NOW,
        computed_at=_NOW,
        state=RoundState.REVIEW,
    )
    session.add(round_)
    session.flush()
    return round_


def _parts(session: Session, programme: Programme) -> dict[int, int]:
    mine = select(Participant.person_id, Participant.id)
    return {p: id_ for p, id_ in session.exec(mine.where(Participant.programme_id == programme.id))}


def _insert(session: Session, like: SQLModel, rows: list[dict[str, Any]]) -> None:
    """Rows like this one, but for what is their own."""
    same = like.model_dump(exclude={"id"})
    session.execute(insert(type(like)), [same | own for own in rows])
