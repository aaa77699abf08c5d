"""Invented people moved into a database and a chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session, select

from bot.content.company import Colleague, looks
from bot.platforms.local.chat import Account, Chat
from bot.platforms.local.platform import WORKSPACE
from storage import programmes, roles, surveys
from storage.models import (
    Identity,
    Organisation,
    Person,
    PersonKind,
    Programme,
    ProgrammeGoal,
    Workspace,
)

CHANNEL = "#mentoring"  # of the coordinators
EVERYBODY = "#samen-groeien"
GOALS = (("joined", 30.0), ("met_share", 75.0), ("satisfaction", 4.0), ("response_rate", 60.0))


def furnish(
    session: Session,
    chat: Chat,
    people: Sequence[Colleague],
    *,
    programme: str,
    starts_on: date,
    ends_on: date,
) -> Programme:
    """An organisation with its people and one programme that is open for enrolment."""
    organisation = Organisation(name="Waterkant")
    session.add(organisation)
    session.flush()
    workspace = Workspace(
        organisation_id=organisation.id, platform="local", external=WORKSPACE, name="Waterkant"
    )
    session.add(workspace)
    session.flush()
    persons = _people(session, organisation, workspace, people)
    made = _programme(session, organisation, workspace, programme, starts_on, ends_on)
    for colleague in people:
        if colleague.role == "admin":
            roles.appoint(session, persons[colleague.user], None)
        elif colleague.role == "coordinator":
            roles.appoint(session, persons[colleague.user], made)
    open_chat(chat, people)
    return made


def open_chat(chat: Chat, people: Sequence[Colleague]) -> None:
    """Everyone has an account; coordinators and admins share a channel, and so do all employees."""
    for one in people:
        if one.kind != "bot":
            chat.welcome(_account(one))
    chat.open_channel(CHANNEL, [one.user for one in people if one.role])
    chat.open_channel(EVERYBODY, [one.user for one in people if one.kind == "employee"])


def _account(one: Colleague) -> Account:
    return Account(
        one.user,
        one.name,
        one.locale,
        one.time_zone,
        one.function,
        one.location,
        looks().get(one.user, ""),
    )


def _people(
    session: Session, organisation: Organisation, workspace: Workspace, people: Sequence[Colleague]
) -> dict[str, Person]:
    persons = {}
    for one in people:
        persons[one.user] = Person(
            organisation_id=organisation.id,
            name=one.name,
            email=one.email,
            kind=PersonKind(one.kind),
            locale=one.locale,
            time_zone=one.time_zone,
            country=one.country,
            working_days="".join(map(str, one.working_days)),
            work_start=one.start,
            work_end=one.end,
            languages=list(one.languages),
            department=one.department,
            function=one.function,
            location=one.location,
        )
    session.add_all(persons.values())
    session.flush()
    for one in people:
        person = persons[one.user]
        if one.manager in persons:
            person.manager_id = persons[one.manager].id
        session.add(
            Identity(
                person_id=person.id,
                workspace_id=workspace.id,
                user=one.user,
                address=f"dm:{one.user}",
            )
        )
    session.flush()
    return persons


def _programme(
    session: Session,
    organisation: Organisation,
    workspace: Workspace,
    name: str,
    starts_on: date,
    ends_on: date,
) -> Programme:
    made = Programme(
        organisation_id=organisation.id,
        name=name,
        slug=programmes.slug_for(session, organisation.id, name),
        goal="engagement",
        languages=["nl", "en"],
        starts_on=starts_on,
        ends_on=ends_on,
        floor=0.2,
        channel_workspace_id=workspace.id,
        channel_address=CHANNEL,
        next_round_on=_round_day(starts_on),
        next_digest_at=programmes.next_friday("Europe/Amsterdam", starts_on),
    )
    session.add(made)
    session.flush()
    for measure, target in GOALS:
        session.add(ProgrammeGoal(programme_id=made.id, measure=measure, target=target))
    surveys.plan_waves(session, made)
    return made


def _round_day(starts_on: date) -> date:
    """After a week of joining, on a working day."""
    day = starts_on + timedelta(days=7)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def is_furnished(session: Session) -> bool:
    return (
        session.exec(select(Workspace.id).where(Workspace.external == WORKSPACE)).first()
        is not None
    )
