"""What a platform tells of the accounts in a workspace becomes what we know of people."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from babel.core import get_global
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.core.news import Account, AccountsSeen, Kind
from bot.texts import LANGUAGES
from storage import guests, links, merging
from storage.models import Identity, Organisation, Person, PersonKind, Workspace
from storage.people import DEFAULTS, Defaults, workspace_of

log = structlog.get_logger()
_KINDS = {kind: PersonKind(kind.value) for kind in Kind}


def learn(session: Session, news: AccountsSeen, defaults: Defaults, now: datetime) -> None:
    """Remember how these accounts are now; unknown ones become people. Nothing of it is sent."""
    workspace = workspace_of(session, news.platform, news.workspace)
    if workspace is None:
        return
    organisation = session.get_one(Organisation, workspace.organisation_id)
    apart = []
    for account in news.accounts:
        known = identity_of(session, workspace, account.user)
        if known is None and (not account.active or account.kind is Kind.BOT):
            continue  # nobody the bot will ever talk with
        email = _trusted(account)
        met = meet(session, workspace, account.user, email, defaults)
        identity = known or identity_of(session, workspace, account.user)
        assert identity is not None
        identity.closed = not account.active
        session.flush()
        person = _whose(session, met, identity, email)
        if person is None:
            person = met
            apart.append(met.id)
        if email and account.kind is Kind.EMPLOYEE:
            links.notice(session, identity, person, _owner(session, person.organisation_id, email))
        _update(session, person, identity, account, organisation)
    if apart:  # ids only: an address is a person's
        log.warning("accounts.address_of_another", workspace=workspace.external, people=apart)
    if news.everyone:
        workspace.people_seen_at = now
    session.flush()


def _trusted(account: Account) -> str:
    """The address that says who this is. A stranger's was not given by anybody here, and that of a
    closed account may be somebody's new one."""
    if account.kind in (Kind.STRANGER, Kind.BOT) or not account.active:
        return ""
    return account.email.lower()


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
    found = _owner(session, workspace.organisation_id, email)
    return None if found is None or _has_account(session, found) else found


def _whose(session: Session, person: Person, identity: Identity, email: str) -> Person | None:
    """Who this is, now that the address is told: met before without one, they are the person who
    was imported with it. None when it is the address of somebody else."""
    if not email or email == person.email:
        return person
    owner = _owner(session, person.organisation_id, email)
    if owner is None:
        if not person.email or _decides(session, identity):
            links.forget(session, person)  # what was asked was about another address
            person.email = email
        return person
    bare = not person.email and not _has_account(session, owner)
    return owner if bare and merging.absorb(session, person, owner) else None


def _owner(session: Session, organisation_id: int, email: str) -> Person | None:
    return session.exec(
        select(Person).where(
            Person.organisation_id == organisation_id, Person.email == email.lower()
        )
    ).first()


def _has_account(session: Session, person: Person) -> bool:
    mine = select(Identity.id).where(Identity.person_id == person.id)
    return session.exec(mine).first() is not None


def _update(
    session: Session,
    person: Person,
    identity: Identity,
    account: Account,
    organisation: Organisation,
) -> None:
    """Take over what the platform knows; what the person chose here stays. Of several accounts the
    preferred one tells who somebody is, so that two platforms do not contradict each other."""
    person.active = account.active or _has_open(session, person)
    person.function = person.function or account.function  # an import says it better
    if not _decides(session, identity):
        return
    person.name = account.name or person.name
    person.kind = _stricter(_KINDS[account.kind], person.kind_given)
    person.admitted = guests.is_admitted(session, person, organisation)
    if account.time_zone and _is_zone(account.time_zone):
        _move(person, account.time_zone)
    if account.locale in LANGUAGES and not person.locale_chosen:
        person.locale = account.locale


def _decides(session: Session, identity: Identity) -> bool:
    """Whether this is the account that somebody prefers, of those that are open."""
    mine = select(Identity.id).where(Identity.person_id == identity.person_id)
    order = (col(Identity.closed), col(Identity.preferred).desc(), col(Identity.id))
    return session.exec(mine.order_by(*order)).first() == identity.id


def _stricter(seen: PersonKind, given: PersonKind | None) -> PersonKind:
    """An import may call somebody a guest whom the platform takes for an employee."""
    return max(seen, given or seen, key=list(PersonKind).index)


def _has_open(session: Session, person: Person) -> bool:
    """Whether closing one account leaves somebody another one to act from."""
    mine = select(Identity.id).where(Identity.person_id == person.id, ~col(Identity.closed))
    return session.exec(mine).first() is not None


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


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # unknown, no name at all, or a folder of names
        return False
