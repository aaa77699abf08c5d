"""Where the bot works: workspaces come, refuse us for a while, and go."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.core.news import Installed, Uninstalled
from storage import accounts, roles
from storage.models import Identity, Organisation, Person, Role, Workspace, WorkspaceState


def find(session: Session, platform: str, external: str) -> Workspace | None:
    return session.exec(
        select(Workspace).where(Workspace.platform == platform, Workspace.external == external)
    ).first()


def installed(session: Session, news: Installed, organisation: str) -> Workspace:
    """The bot works here from now on. Whoever installed it becomes the first administrator."""
    workspace = find(session, news.platform, news.workspace)
    if workspace is None:
        workspace = Workspace(
            organisation_id=_organisation(session, organisation, news.name).id,
            platform=news.platform,
            external=news.workspace,
            name=news.name,
        )
        session.add(workspace)
    if workspace.state is not WorkspaceState.ACTIVE:
        workspace.state, workspace.since = WorkspaceState.ACTIVE, None
        workspace.people_seen_at = None  # who came and left meanwhile?
    workspace.name = news.name or workspace.name
    session.flush()
    if news.by:
        accounts.meet(session, workspace, news.by)
    _first_admin(session, workspace, news)
    return workspace


def gone(session: Session, news: Uninstalled, now: datetime) -> None:
    """Nothing is sent here any more; what is remembered follows the retention rule."""
    workspace = find(session, news.platform, news.workspace)
    if workspace and workspace.state is not WorkspaceState.GONE:
        workspace.state, workspace.since = WorkspaceState.GONE, now
        session.flush()


def active(session: Session, platform: str) -> list[Workspace]:
    """The workspaces of a platform that the bot was not removed from."""
    return list(
        session.exec(
            select(Workspace)
            .where(Workspace.platform == platform, Workspace.state != WorkspaceState.GONE)
            .order_by(col(Workspace.id))
        )
    )


def _organisation(session: Session, name: str, workspace_name: str) -> Organisation:
    """The employer the settings name, made when it is new; else one of its own."""
    if name:
        found = session.exec(select(Organisation).where(Organisation.name == name)).first()
        if found:
            return found
    organisation = Organisation(name=name or workspace_name or "Koppel")
    session.add(organisation)
    session.flush()
    return organisation


def _first_admin(session: Session, workspace: Workspace, news: Installed) -> None:
    """Only where nobody is: a second workspace brings no administrators of its own."""
    there = session.exec(
        select(Role.id)
        .join(Person, col(Person.id) == Role.person_id)
        .where(
            Person.organisation_id == workspace.organisation_id,
            col(Role.programme_id).is_(None),
        )
    ).first()
    named = (news.by, news.admin)
    if there is not None or not any(named):
        return
    account = session.exec(
        select(Person)
        .join(Identity, col(Identity.person_id) == Person.id)
        .where(
            Identity.workspace_id == workspace.id,
            col(Identity.user).in_(named) | (Person.email == news.admin.lower()),
        )
        .order_by(col(Person.id))
    ).first()
    if account:
        roles.appoint(session, account, None)
