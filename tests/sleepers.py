"""A company that sleeps: as many participants as you like, of whom nobody is due for anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, insert, literal, select
from sqlalchemy.sql.selectable import CTE
from sqlmodel import Session, SQLModel

from storage.models import (
    CheckIn,
    Delivery,
    DeliveryState,
    Identity,
    Invite,
    InviteState,
    Link,
    Member,
    Mentorship,
    Organisation,
    Participant,
    Person,
    Programme,
    ProgrammeState,
    Round,
    RoundState,
    SeenEvent,
    TalkRequest,
    TalkState,
    TrialTalk,
    TrialVoice,
    Wave,
    WaveState,
    Wisher,
    Wishing,
    Workspace,
)
from storage.models.mentorships import CheckInAnswer, Part
from storage.models.surveys import Moment
from storage.models.wishes import WishingState

TEAM = "T1"


def fall_asleep(session: Session, people: int, now: datetime) -> None:
    """An organisation with a programme of so many people, in pairs, with all that each of them may
    wait for, and months of messages that arrived. They have been asked, and answer next week."""
    before, later = now - timedelta(days=1), now + timedelta(days=7)
    _begin(session, now, before, later)
    numbers = _numbers(people)
    for like, own in _everybody(numbers.c.n, now, before, later):
        _insert(session, numbers, like, own)


def _begin(session: Session, now: datetime, before: datetime, later: datetime) -> None:
    """What there is one of."""
    day = now.date()
    one: tuple[SQLModel, ...] = (
        Organisation(id=1, name="Asleep"),
        Workspace(id=1, organisation_id=1, platform="slack", external=TEAM, people_seen_at=now),
        Programme(
            id=1,
            organisation_id=1,
            name="Grow",
            slug="grow",
            state=ProgrammeState.RUNNING,
            starts_on=day - timedelta(days=60),
            ends_on=day + timedelta(days=90),
            next_digest_at=later,
        ),
        Person(id=1, organisation_id=1, name="Thomas"),
        Round(
            programme_id=1,
            number=1,
            seed=1,
            state=RoundState.ANNOUNCED,
            requested_by=1,
            requested_at=before,
            computed_at=before,
            announced_at=before,
        ),
        Wave(
            id=1,
            programme_id=1,
            moment=Moment.START,
            state=WaveState.OPEN,
            opens_at=before,
            closes_at=later,
        ),
        Wishing(id=1, programme_id=1, state=WishingState.OPEN, closes_at=later),
    )
    for row in one:
        session.add(row)
        session.flush()


def _everybody(
    n: ColumnElement[int], now: datetime, before: datetime, later: datetime
) -> list[tuple[SQLModel, dict[str, Any]]]:
    """A row that is like everybody's, and what is each one's own: by their number, from 2 on."""
    me, text = {"person_id": n}, cast(n, String)
    joined = before - timedelta(days=30)
    return [
        (Person(organisation_id=1, name="Sleeper"), {"id": n}),
        (Identity(person_id=0, workspace_id=1, user="", address=""), {"id": n, "user": text, **me}),
        (
            Participant(programme_id=1, person_id=0, mentee=True, consented_at=joined),
            {"id": n, **me},
        ),
        (
            Mentorship(programme_id=1, rhythm="weekly", started_on=before.date()),
            {"id": n},
        ),
        (
            Member(
                mentorship_id=0,
                person_id=0,
                part=Part.MENTEE,
                due_on=later.date(),
                ask_at=later,
                fit_at=later,
            ),
            {"id": n, "mentorship_id": n - n % 2, "participant_id": n, **me},
        ),
        (
            CheckIn(
                member_id=0,
                mentorship_id=0,
                due_on=before.date(),
                asked_at=before,
                answer=CheckInAnswer.MET,
                answered_at=now,
            ),
            {"member_id": n, "mentorship_id": n},
        ),
        (
            Invite(wave_id=1, person_id=0, state=InviteState.WAITING, ask_at=later),
            me,
        ),
        (
            Wisher(wishing_id=1, participant_id=0, part=Part.MENTEE, asked_at=before),
            {"participant_id": n},
        ),
        (
            TrialTalk(programme_id=1, mentor_id=0, mentee_id=0),
            {"id": n, "mentor_id": n, "mentee_id": n},
        ),
        (
            TrialVoice(talk_id=0, participant_id=0, ask_at=later, asked=1),
            {"talk_id": n, "participant_id": n},
        ),
        (Link(identity_id=0, owner_id=1), {"identity_id": n}),
        (
            TalkRequest(
                programme_id=1,
                person_id=0,
                reader_id=1,
                state=TalkState.DONE,
                asked_at=before,
                promised_at=before,
            ),
            me,
        ),
        (
            Delivery(
                key="",
                organisation_id=1,
                workspace_id=1,
                address="D",
                state=DeliveryState.SENT,
                due_at=before,
                sent_at=before,
            ),
            {"key": literal("nudge:") + text, **me},
        ),
        (SeenEvent(id="", at=before), {"id": text}),
    ]


def _numbers(people: int) -> CTE:
    first = select(literal(2).label("n")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n <= people))


def _insert(session: Session, numbers: CTE, like: SQLModel, own: dict[str, Any]) -> None:
    """A row for each number: like this one, but for what is its own."""
    table = type(like).__table__  # type: ignore[attr-defined]
    same = like.model_dump(exclude={"id"} | own.keys())
    if "id" in own and not isinstance(like, SeenEvent):
        same.pop("id", None)
    values = {name: _always(session, table.c[name].type, value) for name, value in same.items()}
    columns = {**values, **own}
    session.execute(
        insert(table).from_select(list(columns), select(*columns.values()).select_from(numbers))
    )


def _always(session: Session, kind: Any, value: Any) -> ColumnElement[Any]:
    """The same value in every row. PostgreSQL wants to be told its type; SQLite would make a number
    of it."""
    given = literal(value, kind)
    return cast(given, kind) if session.get_bind().dialect.name == "postgresql" else given
