"""From answers in the database to what the matching may know of a participant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from functools import lru_cache, partial
from sys import intern
from typing import NamedTuple

from sqlmodel import Session

from bot.core.questions import Answers, Values
from bot.core.working_time import WorkingTime, open_slots
from bot.matching import Profile
from bot.matching.quiet import quiet
from storage import dialogues, lines, mentorships, people, programmes, skills, standing, trials
from storage.models import PersonKind, Programme
from storage.standing import Standing

INTAKE = "intake"
NOBODY: frozenset[int] = frozenset()


@quiet()
def of_programme(
    session: Session,
    programme: Programme,
    now: datetime,
    only: Collection[int] | None = None,
) -> list[Profile]:
    """Everyone who may be matched in this round, or those of them with these participant ids; who
    has a mentor already seeks none."""
    everyone = programmes.people_of(session, programme, only)
    answers = dialogues.answers_of(session, everyone, INTAKE, programme.id)
    lexicon = skills.lexicon(session, programme.organisation_id)
    load = mentorships.load(session, programme)
    mentees = mentorships.mentees_of(session, programme.organisation_id)
    line = lines.above(session, programme.organisation_id, everyone)
    matched = mentorships.with_mentor(session, programme)
    refused = trials.refusals(session, programme)
    return [
        _profile(
            one,
            skills.today(lexicon, answers.pop(one.person_id, {})),  # let go: there are so many
            _room(
                one.capacity - load.get(one.id, 0),
                mentees.get(one.person_id, 0),
                programme.most_mentees,
            ),
            above=line[one.person_id],
            seeks=one.mentee and one.id not in matched,
            refused=refused.get(one.person_id, NOBODY),
            now=now,
        )
        for one in standing.of_programme(session, programme, only)
    ]


class Room(NamedTuple):
    """The mentees that somebody can still take, and whether others than ours are in the way."""

    places: int
    busy_elsewhere: bool


def _room(here: int, mentees: int, most: int) -> Room:
    """`here` is left of what they offer; they have so many mentees anywhere, and may have `most`."""
    left = min(here, most - mentees) if most else here
    return Room(max(0, left), here > 0 >= left)


def _profile(
    who: Standing,
    answers: Answers,
    room: Room,
    *,
    above: frozenset[int],
    seeks: bool,
    refused: frozenset[int],
    now: datetime,
) -> Profile:
    tags, one = partial(_tags, answers), partial(_one, answers)
    avoided = answers.get("avoid", ())
    return Profile(
        id=who.id,
        person=who.person_id,
        mentor=who.mentor,
        mentee=seeks,
        capacity=room.places,
        busy_elsewhere=room.busy_elsewhere,
        priority=who.priority,
        manager=who.manager_id,
        above=above,
        team=intern(who.team or who.department),
        department=intern(who.department),
        location=intern(who.location),
        country=intern(who.country),
        guest=not people.may_take_part(who),
        bot=who.kind is PersonKind.BOT,
        paused=people.is_paused(who, now),
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
        rhythm=one("rhythm"),
        styles_offered=tags("styles_offered"),
        styles_wanted=tags("styles_wanted"),
        function=one("function") or intern(who.function),
        sector=one("sector"),
        seniority=int(one("experience")) if one("experience").isdecimal() else None,
        hours=_hours(who, now.date()),
        avoids=refused.union(map(int, avoided)) if avoided else refused,
    )


def _hours(who: Standing, on: date) -> frozenset[int]:
    return _week(who.time_zone, who.working_days, who.work_start, who.work_end, on)


@lru_cache(maxsize=2**10)
def _week(zone: str, days: str, start: time, end: time, on: date) -> frozenset[int]:
    """The open half-hours of everyone who works at these times."""
    return open_slots(WorkingTime(zone, frozenset(map(int, days)), start, end), on)


def _tags(answers: Answers, key: str) -> frozenset[str]:
    return _set_of(answers.get(key, ()))


@lru_cache(maxsize=2**12)
def _set_of(values: Values) -> frozenset[str]:
    """One set for all who answer the same."""
    return frozenset(values)


def _one(answers: Answers, key: str) -> str:
    return next(iter(answers.get(key, ())), "")
