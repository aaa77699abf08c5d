"""People and the accounts they act from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.core.events import Event, Who
from bot.core.working_time import WorkingTime
from storage.models import Identity, Link, Person, PersonKind, Workspace


@dataclass(frozen=True)
class Defaults:
    """What holds for somebody new of whom nothing else is known."""

    locale: str = "en"
    time_zone: str = "Europe/Amsterdam"
    country: str = "NL"


DEFAULTS = Defaults()
UNLINKED = "unlinked"  # in a session: who is known to be nobody else as well


def recognise(
    session: Session, event: Event, defaults: Defaults = DEFAULTS
) -> tuple[Person, Identity] | None:
    """The person behind an event, met before or not, locked for this transaction.

    None when the workspace is not one of ours.
    """
    known = session.exec(_BEHIND, params=vars(event.who)).first()
    if known is not None:
        account, person, linked = known
        if not linked:
            session.info.setdefault(UNLINKED, set()).add(person.id)
        return _heard_from(session, event, account, person)
    identity = _identity(session, event)
    if identity is None:
        workspace = workspace_of(session, event.who.platform, event.who.workspace)
        if workspace is None:
            return None
        identity = _meet(session, workspace, event, defaults)
    session.refresh(identity)  # joined with another record, it may be, while we waited for them
    met = session.exec(_LOCKED, params={"id": identity.person_id}).one()
    return _heard_from(session, event, identity, met)


def _heard_from(
    session: Session, event: Event, identity: Identity, person: Person
) -> tuple[Person, Identity]:
    """Where they act is where they are reached."""
    if identity.address != event.home:
        identity.address = event.home
        session.flush()
    return person, identity


def workspace_of(session: Session, platform: str, external: str) -> Workspace | None:
    """A workspace by the platform's own id."""
    return session.exec(
        select(Workspace).where(Workspace.platform == platform, Workspace.external == external)
    ).first()


def _identity(session: Session, event: Event) -> Identity | None:
    return session.exec(_ACCOUNT, params=vars(event.who)).first()


# Made once: every event needs them, and building them takes longer than running them.
_ACCOUNT = (
    select(Identity)
    .join(Workspace, col(Workspace.id) == Identity.workspace_id)
    .where(
        Workspace.platform == bindparam("platform"),
        Workspace.external == bindparam("workspace"),
        Identity.user == bindparam("user"),
    )
)
_Account = aliased(Identity)
_IS_LINKED = or_(
    select(Link.id).where(Link.owner_id == Person.id).exists(),
    select(Link.id)
    .join(_Account, col(_Account.id) == Link.identity_id)
    .where(_Account.person_id == Person.id)
    .exists(),
)
_BEHIND = (
    select(Identity, Person, _IS_LINKED)
    .join(Workspace, col(Workspace.id) == Identity.workspace_id)
    .join(Person, col(Person.id) == Identity.person_id)
    .where(
        Workspace.platform == bindparam("platform"),
        Workspace.external == bindparam("workspace"),
        Identity.user == bindparam("user"),
    )
    .with_for_update(of=Person, key_share=True)
)
# Not a full lock: a message promised to this person meanwhile need not wait, so that two partners
# who act on each other at once cannot wait for each other for ever.
_LOCKED = select(Person).where(Person.id == bindparam("id")).with_for_update(key_share=True)


def _meet(session: Session, workspace: Workspace, event: Event, defaults: Defaults) -> Identity:
    """Somebody acts for the first time; of two first events at once, one introduces them."""
    try:
        with session.begin_nested():
            person = Person(
                organisation_id=workspace.organisation_id,
                name=event.who.user,
                **asdict(defaults),
            )
            session.add(person)
            session.flush()
            identity = Identity(
                person_id=person.id,
                workspace_id=workspace.id,
                user=event.who.user,
                address=event.home,
            )
            session.add(identity)
    except IntegrityError:
        found = _identity(session, event)
        if found is None:
            raise
        return found
    return identity


def is_introduced(session: Session, who: Who) -> bool:
    """Whether the platform has told who is behind an account."""
    identity = session.exec(_ACCOUNT, params=vars(who)).first()
    if identity is None:
        return False
    person = session.get(Person, identity.person_id)
    return person is not None and person.name not in ("", who.user)


def language_of(session: Session, event: Event) -> str:
    """The language of the person behind an event, English as long as nobody knows."""
    identity = _identity(session, event)
    person = session.get(Person, identity.person_id) if identity else None
    return person.locale if person else "en"


def working_time(person: Person) -> WorkingTime:
    """When this person works, their pause taken out."""
    away: tuple[tuple[datetime, datetime], ...] = ()
    if person.paused_from and person.paused_until:
        away = ((person.paused_from, person.paused_until),)
    return WorkingTime(
        zone=person.time_zone,
        days=frozenset(int(day) for day in person.working_days),
        start=person.work_start,
        end=person.work_end,
        country=person.country,
        away=away,
    )


def today(person: Person, now: datetime) -> date:
    return now.astimezone(ZoneInfo(person.time_zone)).date()


class Standing(Protocol):
    """What tells whether somebody takes part."""

    @property
    def active(self) -> bool: ...
    @property
    def kind(self) -> PersonKind: ...
    @property
    def admitted(self) -> bool: ...
    @property
    def paused_until(self) -> datetime | None: ...


def is_paused(person: Standing, now: datetime) -> bool:
    return person.paused_until is not None and now < person.paused_until


def may_take_part(person: Standing) -> bool:
    """Whether this person is one of us, or was let in by an administrator."""
    if not person.active or person.kind is PersonKind.BOT:
        return False
    return person.kind is PersonKind.EMPLOYEE or person.admitted


def not_paused(now: Any) -> ColumnElement[bool]:
    """Holds for a Person who is not away by their own wish at this moment, which may be a parameter."""
    until = col(Person.paused_until)
    return or_(until.is_(None), until <= now, col(Person.paused_from) > now)


def eligible() -> ColumnElement[bool]:
    """Holds for a Person who `may_take_part`."""
    let_in = (col(Person.kind) == PersonKind.EMPLOYEE) | col(Person.admitted).is_(True)
    return and_(col(Person.active).is_(True), col(Person.kind) != PersonKind.BOT, let_in)


class Colleague(NamedTuple):
    """Somebody who can be named; `about` tells two of the same name apart."""

    id: int
    name: str
    about: str


def colleagues(session: Session, person: Person) -> list[Colleague]:
    """Everyone in the organisation who can be named, the person themself left out."""
    rows = session.exec(
        select(Person.id, Person.name, Person.department, Person.location)
        .where(
            Person.organisation_id == person.organisation_id,
            Person.id != person.id,
            Person.kind != PersonKind.BOT,
            Person.active,
        )
        .order_by(col(Person.name), col(Person.id))
    )
    return [
        Colleague(id_, name, ", ".join(filter(None, (department, location))))
        for id_, name, department, location in rows
    ]


def departments(session: Session, organisation_id: int) -> list[str]:
    """Every department in which somebody works now."""
    rows = session.exec(
        select(Person.department)
        .where(
            Person.organisation_id == organisation_id,
            Person.department != "",
            Person.kind != PersonKind.BOT,
            Person.active,
        )
        .distinct()
        .order_by(col(Person.department))
    )
    return list(rows)


def names(session: Session, ids: list[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids)))
    return {id_: name for id_, name in rows}


def get(session: Session, organisation_id: int, person_id: int) -> Person | None:
    """Somebody of this organisation by id."""
    person = session.get(Person, person_id)
    return person if person and person.organisation_id == organisation_id else None
