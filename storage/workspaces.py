"""Where the bot works: workspaces come, refuse us for a while, and go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from bot.cards import workspaces as cards
from bot.core.news import Installed, Uninstalled
from bot.texts import translator
from storage import accounts, backlog, organisations, outbox, roles
from storage.looking import Waits
from storage.models import (
    Delivery,
    DeliveryState,
    Identity,
    Organisation,
    Person,
    PersonKind,
    Workspace,
    WorkspaceState,
)
from storage.people import DEFAULTS, Defaults, workspace_of

log = structlog.get_logger()

LONG = timedelta(hours=1)  # a pause after which it is worth looking who works there


def installed(
    session: Session,
    news: Installed,
    organisation: str,
    now: datetime,
    defaults: Defaults = DEFAULTS,
) -> Workspace:
    """The bot works here from now on. Whoever installed it becomes the first administrator."""
    workspace = workspace_of(session, news.platform, news.workspace)
    if workspace is None:
        workspace = Workspace(
            organisation_id=_organisation(session, organisation, news).id,
            platform=news.platform,
            external=news.workspace,
            name=news.name,
        )
        session.add(workspace)
    workspace.name = news.name or workspace.name
    session.flush()
    if workspace.state is not WorkspaceState.ACTIVE:
        _resume(session, workspace, now)
    if news.by:
        accounts.meet(session, workspace, news.by, defaults=defaults)
    _first_admin(session, workspace, news)
    return workspace


def _resume(session: Session, workspace: Workspace, now: datetime) -> None:
    """What waited and still makes sense leaves; the administrators there hear how much that was."""
    backlog.forgive_silence(session, workspace)
    backlog.drop_stale(session, workspace, now)
    waiting = session.exec(
        select(func.count(col(Delivery.id))).where(
            Delivery.workspace_id == workspace.id, Delivery.state == DeliveryState.WAITING
        )
    ).one()
    since = workspace.since or now
    if workspace.state is WorkspaceState.GONE or now - since > LONG:
        workspace.people_seen_at = None  # who came and left meanwhile?
    workspace.state, workspace.since = WorkspaceState.ACTIVE, None
    session.flush()
    for admin in roles.admins(session, workspace.organisation_id):
        account = _account(session, admin, col(Workspace.id) == workspace.id)
        if account and waiting:
            card = cards.let_in(
                translator(admin.locale),
                workspace=workspace.name or workspace.external,
                since=since.astimezone(ZoneInfo(admin.time_zone)).date(),
                waiting=waiting,
            )
            # Once a day: a workspace may let us in and out all the time.
            key = f"let-in:{workspace.id}:{now.date()}:{admin.id}"
            outbox.promise(session, admin, card, key=key, now=now, via=account)


def gone(session: Session, news: Uninstalled, now: datetime) -> None:
    """Nothing is sent here any more, also not what waits; what is remembered follows the retention
    rule."""
    workspace = workspace_of(session, news.platform, news.workspace)
    if workspace and workspace.state is not WorkspaceState.GONE:
        workspace.state, workspace.since = WorkspaceState.GONE, now
        backlog.drop_all(session, workspace)
        session.flush()


def on(session: Session, platform: str) -> list[Workspace]:
    """Every workspace of a platform, also those that removed the bot."""
    return list(
        session.exec(
            select(Workspace).where(Workspace.platform == platform).order_by(col(Workspace.id))
        )
    )


def lets_in(session: Session, workspace_id: int) -> bool:
    """Whether a workspace lets us in now."""
    return session.get_one(Workspace, workspace_id).state is WorkspaceState.ACTIVE


def within_reach(session: Session, person_ids: Sequence[int]) -> set[int]:
    """Those of these people who have an account in a workspace that lets us in."""
    return set(
        session.exec(
            select(Identity.person_id)
            .join(Workspace, col(Workspace.id) == Identity.workspace_id)
            .where(
                col(Identity.person_id).in_(person_ids),
                ~col(Identity.closed),
                Workspace.state == WorkspaceState.ACTIVE,
            )
        )
    )


def who_hear(session: Session, everyone: Sequence[Person]) -> list[Person]:
    """Those of them whom a message of today reaches today."""
    reached = within_reach(session, [person.id for person in everyone])
    return [person for person in everyone if person.id in reached]


def paused(session: Session) -> list[Workspace]:
    """The workspaces that keep us out."""
    return list(session.exec(_PAUSED))


# Made once: it runs at every tick of the clock, mostly to find nothing.
_PAUSED = select(Workspace).where(Workspace.state == WorkspaceState.PAUSED)
WAITS = Waits(_PAUSED)


def account_elsewhere(session: Session, person: Person) -> Identity | None:
    """An account of somebody in a workspace that lets us in."""
    return _account(session, person, col(Workspace.state) == WorkspaceState.ACTIVE)


def _account(session: Session, person: Person, where: ColumnElement[bool]) -> Identity | None:
    return session.exec(
        select(Identity)
        .join(Workspace, col(Workspace.id) == Identity.workspace_id)
        .where(Identity.person_id == person.id, ~col(Identity.closed), where)
        .order_by(col(Identity.preferred).desc(), col(Identity.id))
    ).first()


def _organisation(session: Session, name: str, news: Installed) -> Organisation:
    """The employer the settings name, made when it is new; else, for the only workspace that a
    platform can have here, the only one there is; else one of its own."""
    found = None
    if name:
        found = organisations.named(session, name)
    elif news.only:
        found = organisations.only(session, news.platform)
    if found:
        return found
    organisation = Organisation(name=name or news.name or "Koppel")
    session.add(organisation)
    session.flush()
    return organisation


def _first_admin(session: Session, workspace: Workspace, news: Installed) -> None:
    """Only where nobody is: a second workspace brings no administrators of its own."""
    named = (news.by, news.admin)
    if not any(named) or roles.admins(session, workspace.organisation_id):
        return
    first = session.exec(
        select(Person)
        .join(Identity, col(Identity.person_id) == Person.id)
        .where(
            Identity.workspace_id == workspace.id,
            col(Identity.user).in_(named) | (Person.email == news.admin.lower()),
            Person.active,
            Person.kind == PersonKind.EMPLOYEE,
        )
        .order_by(col(Person.id))
    ).first()
    how = "settings" if news.admin else "installer or owner"
    if first is None and workspace.people_seen_at:  # before that nobody is known
        log.warning("admin.nobody_fits", workspace=workspace.external, named_by=how)
    elif first and roles.appoint(session, first, None):
        log.info("admin.appointed", workspace=workspace.external, person=first.id, named_by=how)
