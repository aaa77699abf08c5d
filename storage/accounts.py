"""What a platform tells of the accounts in a workspace becomes what we know of people."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.core import get_global
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bot.core.news import Account, AccountsSeen, Kind
from bot.texts import LANGUAGES
from storage import guests
from storage.models import Identity, Organisation, Person, PersonKind, Workspace
from storage.people import DEFAULTS, Defaults

_KINDS = {kind: PersonKind(kind.value) for kind in Kind}


def learn(session: Session, news: AccountsSeen, defaults: Defaults, now: datetime) -> None:
    """Remember how these accounts are now; unknown ones become people. Nothing of it is sent."""
    workspace = session.exec(
        select(Workspace).where(
            Workspace.platform == news.platform, Workspace.external == news.workspace
        )
    ).first()
    if workspace is None:
        return
    organisation = session.get_one(Organisation, workspace.organisation_id)
    for account in news.accounts:
        known = identity_of(session, workspace, account.user)
        if known is None and (not account.active or account.kind is Kind.BOT):
            continue  # nobody the bot will ever talk with
        person = meet(session, workspace, account.user, account.email, defaults)
        _update(session, person, account, organisation)
    if news.everyone:
        workspace.people_seen_at = now
    session.flush()


def identity_of(session: Session, workspace: Workspace, user: str) -> Identity | None:
    return session.exec(
        select(Identity).where(Identity.workspace_id == workspace.id, Identity.user == user)
    ).first()


def meet(
    session: Session,
    workspace: Workspace,
    user: str,
    email: str = "",
    defaults: Defaults = DEFAULTS,
) -> Person:
    """The person behind an account: known by it, or by an e-mail address that an administrator gave
    and no account here has yet, or new."""
    identity = identity_of(session, workspace, user)
    if identity:
        return session.get_one(Person, identity.person_id)
    try:
        with session.begin_nested():
            person = _by_email(session, workspace, email) or Person(
                organisation_id=workspace.organisation_id, name=user, **asdict(defaults)
            )
            session.add(person)
            session.flush()
            session.add(
                Identity(person_id=person.id, workspace_id=workspace.id, user=user, address=user)
            )
    except IntegrityError:  # met by two events at once: the other was first
        return meet(session, workspace, user)
    return person


def _by_email(session: Session, workspace: Workspace, email: str) -> Person | None:
    """Somebody who was imported and has no account anywhere. Who has one elsewhere is asked first
    whether they are the same."""
    if not email:
        return None
    has_account = select(Identity.id).where(Identity.person_id == Person.id).exists()
    return session.exec(
        select(Person).where(
            Person.organisation_id == workspace.organisation_id,
            Person.email == email.lower(),
            ~has_account,
        )
    ).first()


def _update(session: Session, person: Person, account: Account, organisation: Organisation) -> None:
    """Take over what the platform knows; what the person chose here stays."""
    person.name = account.name or person.name
    person.function = person.function or account.function  # an import says it better
    person.active = account.active
    person.kind = _KINDS[account.kind]
    person.admitted = guests.is_admitted(session, person, organisation)
    if account.time_zone and _is_zone(account.time_zone):
        _move(person, account.time_zone)
    if account.locale in LANGUAGES and not person.locale_chosen:
        person.locale = account.locale
    email = account.email.lower()
    if email and email != person.email and not _is_taken(session, person, email):
        person.email = email


def _move(person: Person, zone: str) -> None:
    """Somebody is in another time zone; the holidays are those of its country, unless theirs were
    given otherwise."""
    if person.time_zone != zone:
        if person.country == _country(person.time_zone, person.country):
            person.country = _country(zone, person.country)
        person.time_zone = zone


def _country(zone: str, otherwise: str) -> str:
    found = get_global("zone_territories").get(zone, "")
    return found if len(found) == 2 and found.isalpha() else otherwise


def _is_taken(session: Session, person: Person, email: str) -> bool:
    found = session.exec(
        select(Person.id).where(
            Person.organisation_id == person.organisation_id, Person.email == email
        )
    ).first()
    return found not in (None, person.id)


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # unknown, no name at all, or a folder of names
        return False
