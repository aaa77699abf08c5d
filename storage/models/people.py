"""The employer, its workspaces, and who works there."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from storage.models.base import (
    NEVER_AGAIN,
    json_list,
    key,
    maybe_instant,
    maybe_to,
    maybe_word,
    state,
    to,
    word,
)


class Organisation(SQLModel, table=True):
    id: int = key()
    name: str
    guests_welcome: bool = False  # an administrator decides whether guests may take part
    strangers_welcome: bool = False  # and people of other organisations


class WorkspaceState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # it refuses our token: what was promised waits
    GONE = "gone"  # the bot was removed


class Workspace(SQLModel, table=True):
    """One Slack workspace, one Teams tenant, or the simulated one."""

    __table_args__ = (UniqueConstraint("platform", "external"),)

    id: int = key()
    organisation_id: int = to("organisation.id")
    platform: str
    external: str  # the platform's own id
    name: str = ""
    state: WorkspaceState = state(WorkspaceState.ACTIVE)
    since: datetime | None = maybe_instant()  # when it was paused, or the bot removed
    people_seen_at: datetime | None = maybe_instant()  # when all accounts were last looked at


class PersonKind(StrEnum):
    """From the most welcome to the least."""

    EMPLOYEE = "employee"
    GUEST = "guest"
    STRANGER = "stranger"  # of another organisation, met in a shared channel
    BOT = "bot"


class Person(SQLModel, table=True):
    """Somebody who works there. Pauses are theirs, not a programme's: they are away for everyone."""

    __table_args__ = (
        UniqueConstraint("organisation_id", "email"),
        # Few are closed, and they are looked for.
        Index(
            "ix_person_closed",
            "id",
            sqlite_where=text("active IS 0"),
            postgresql_where=text("active IS false"),
        ),
        NEVER_AGAIN,
    )

    id: int = key()
    organisation_id: int = to("organisation.id")
    name: str = ""
    email: str | None = None  # lower case
    kind: PersonKind = state(PersonKind.EMPLOYEE)
    kind_given: PersonKind | None = maybe_word(PersonKind)  # by an import
    admitted: bool = False  # a guest or stranger who may take part all the same
    active: bool = True
    locale: str = "en"
    locale_chosen: bool = False  # by the person or an import; a platform's word no longer counts
    time_zone: str = "Europe/Amsterdam"
    country: str = "NL"
    working_days: str = "12345"  # ISO weekdays
    work_start: time = time(9)
    work_end: time = time(17, 30)
    languages: list[str] = json_list()
    department: str = ""
    team: str = ""  # smaller than a department; where it is empty the department counts
    function: str = ""
    location: str = ""
    manager_id: int | None = maybe_to("person.id")
    paused_from: datetime | None = maybe_instant()
    paused_until: datetime | None = maybe_instant(index=True)
    last_nudged_on: date | None = None  # their own date: no more than one nudge a day
    introduced: bool = False  # has been told what this bot is
    erased_at: datetime | None = maybe_instant()  # nothing but this row's number is left of them


class Identity(SQLModel, table=True):
    """One account of a person in one workspace."""

    __table_args__ = (UniqueConstraint("workspace_id", "user"),)

    id: int = key()
    person_id: int = to("person.id")
    workspace_id: int = to("workspace.id")
    user: str
    address: str  # where a private message arrives; only the platform reads it
    preferred: bool = True
    closed: bool = False  # the platform says so; it may be opened again


class Said(StrEnum):
    """What somebody says to «is this also you?»."""

    NOTHING = "nothing"  # not asked yet
    ASKED = "asked"
    YES = "yes"
    NO = "no"


class Link(SQLModel, table=True):
    """An account with the address of somebody who has an account elsewhere: one person, once they
    say so in both."""

    __table_args__ = (
        UniqueConstraint("identity_id"),
        Index("ix_link_said", "account_says", "owner_says"),
    )

    id: int = key()
    identity_id: int = to("identity.id", index=False)
    owner_id: int = to("person.id")  # whose address it is
    account_says: Said = state(Said.NOTHING)
    owner_says: Said = state(Said.NOTHING)
    via: int | None = maybe_to("identity.id", index=False)  # the account of the last yes


class Duty(StrEnum):
    ADMIN = "admin"
    COORDINATOR = "coordinator"
    ADVISER = "adviser"  # confidential: listens, and runs nothing


class Role(SQLModel, table=True):
    """An admin has no programme; a coordinator and an adviser have one."""

    __table_args__ = (UniqueConstraint("person_id", "programme_id", "duty"),)

    id: int = key()
    person_id: int = to("person.id")
    programme_id: int | None = maybe_to("programme.id")
    duty: Duty = word(Duty)
