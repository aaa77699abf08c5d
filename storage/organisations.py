"""Employers: found by name, and whether their workspaces and their people have found each other."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.core.platform import SIMULATED
from storage.models import Organisation, Person, Workspace, WorkspaceState


def everyone(session: Session) -> list[Organisation]:
    return list(session.exec(select(Organisation).order_by(col(Organisation.id))))


def named(session: Session, name: str) -> Organisation | None:
    """The one of this name, however it is capitalised."""
    same = (each for each in everyone(session) if each.name.casefold() == name.casefold())
    return next(same, None)


def only(session: Session, platform: str) -> Organisation | None:
    """The only one there is, unless it has a workspace on this platform already. The simulated
    company is never taken: its people are invented."""
    found = everyone(session)
    taken = select(Workspace.id).where(
        col(Workspace.platform).in_((platform, SIMULATED)), Workspace.state != WorkspaceState.GONE
    )
    return found[0] if len(found) == 1 and session.exec(taken).first() is None else None


def at(session: Session, platform: str) -> list[Organisation]:
    """Those with a workspace of this platform that the bot was not removed from."""
    here = select(Workspace.organisation_id).where(
        Workspace.platform == platform, Workspace.state != WorkspaceState.GONE
    )
    own = select(Organisation).where(col(Organisation.id).in_(here))
    return list(session.exec(own.order_by(col(Organisation.id))))


def stranded(session: Session) -> list[tuple[str, int]]:
    """The names of those without a workspace, and how many of their people are not known in one
    that has: by their address nobody will ever be recognised."""
    workspaces = select(Workspace.organisation_id)
    reached = select(Person.email).where(
        col(Person.organisation_id).in_(workspaces), col(Person.email).is_not(None)
    )
    found = session.exec(
        select(Organisation.name, func.count(col(Person.id)))
        .join(Person, col(Person.organisation_id) == Organisation.id)
        .where(
            col(Organisation.id).not_in(workspaces),
            col(Person.email).not_in(reached),
        )
        .group_by(col(Organisation.id), col(Organisation.name))
        .order_by(col(Organisation.id))
    )
    return [(name, people) for name, people in found]
