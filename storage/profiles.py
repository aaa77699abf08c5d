"""From answers in the database to what the matching may know of a participant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.core.questions import Answers
from bot.core.working_time import open_slots
from bot.matching import Profile
from storage import dialogues, mentorships, people, programmes
from storage.models import Participant, Person, PersonKind, Programme

INTAKE = "intake"


def of_programme(
    session: Session,
    programme: Programme,
    now: datetime,
    only: Collection[int] | None = None,
) -> list[Profile]:
    """Everyone who may be matched in this round, or those of them with these participant ids; who
    has a mentor already seeks none."""
    taking_part = programmes.participants(session, programme, only)
    answers = dialogues.answers_of(
        session, [person.id for _, person in taking_part], INTAKE, programme.id
    )
    load = mentorships.load(session, programme)
    matched = mentorships.with_mentor(session, programme)
    return [
        _profile(
            participant,
            person,
            answers.get(person.id, {}),
            places=participant.capacity - load.get(participant.id, 0),
            seeks=participant.mentee and participant.id not in matched,
            now=now,
        )
        for participant, person in taking_part
    ]


def _profile(
    participant: Participant,
    person: Person,
    answers: Answers,
    *,
    places: int,
    seeks: bool,
    now: datetime,
) -> Profile:
    tags, one = partial(_tags, answers), partial(_one, answers)
    return Profile(
        id=participant.id,
        person=person.id,
        mentor=participant.mentor,
        mentee=seeks,
        capacity=max(0, places),
        priority=participant.priority,
        manager=person.manager_id,
        team=person.department,
        department=person.department,
        location=person.location,
        country=person.country,
        guest=not people.may_take_part(person),
        bot=person.kind is PersonKind.BOT,
        paused=people.is_paused(person, now),
        languages=tags("languages"),
        skills_offered=tags("skills_offered"),
        skills_wanted=tags("skills_wanted"),
        offer=one("offer"),
        goal=one("goal"),
        interests=tags("interests"),
        ambitions=tags("ambitions"),
        values=tags("values"),
        work_style=tags("work_style"),
        communication=tags("communication"),
        qualities=tags("qualities"),
        learning_style=one("learning_style"),
        styles_offered=tags("styles_offered"),
        styles_wanted=tags("styles_wanted"),
        function=one("function") or person.function,
        sector=one("sector"),
        seniority=int(one("experience")) if one("experience").isdecimal() else None,
        hours=open_slots(people.working_time(person), now.date()),
        avoids=frozenset(int(id_) for id_ in answers.get("avoid", ())),
    )


def _tags(answers: Answers, key: str) -> frozenset[str]:
    return frozenset(answers.get(key, ()))


def _one(answers: Answers, key: str) -> str:
    return next(iter(answers.get(key, ())), "")
