"""The people of an organisation, brought up to date from a file. Nobody is ever removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import Session, select

from bot.roster import Row
from storage import organisations
from storage.models import Organisation, Workspace
from storage.people import Defaults
from storage.roster.update import Outcome, Update

__all__ = ["Defaults", "Outcome", "Unclear", "bring_up_to_date", "organisation", "workspace"]

_EVERY = 500  # rows between two signs of life


class Unclear(Exception):
    """Where these people belong is not clear; `str()` says which option makes it so."""


def organisation(session: Session, name: str, *, must_match: bool) -> Organisation:
    """The organisation of this name, the only one there is, or a new one; Unclear.

    A name that need not match is only used to make the first one.
    """
    named = organisations.named(session, name)
    if named:
        return named
    found = organisations.everyone(session)
    if len(found) == 1 and not (name and must_match):
        return found[0]
    if found:
        names = ", ".join(each.name for each in found)
        raise Unclear(f"Which organisation? Give --organisation one of these names: {names}.")
    if not name:
        raise Unclear('There is no organisation yet: name it with --organisation "Waterkant".')
    made = Organisation(name=name)
    session.add(made)
    session.flush()
    return made


def workspace(
    session: Session, organisation: Organisation, named: tuple[str, str] | None
) -> Workspace | None:
    """The workspace (platform, external id), made when new; without a name the only one; Unclear."""
    if named is None:
        own = select(Workspace).where(Workspace.organisation_id == organisation.id)
        found = session.exec(own.limit(2)).all()
        return found[0] if len(found) == 1 else None
    platform, external = named
    same = select(Workspace).where(Workspace.platform == platform, Workspace.external == external)
    there = session.exec(same).first()
    if there is None:
        there = Workspace(organisation_id=organisation.id, platform=platform, external=external)
        session.add(there)
        session.flush()
    if there.organisation_id != organisation.id:
        raise Unclear(f"The workspace {platform}:{external} belongs to another organisation.")
    return there


def bring_up_to_date(
    session: Session,
    rows: Sequence[Row],
    organisation: Organisation,
    workspace: Workspace | None = None,
    *,
    address: Callable[[str], str] = str,
    defaults: Defaults | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Add or change the people in these rows, and leave everyone else as they are.

    Somebody is found by e-mail address, else by chat id. `address` says where a chat id of this
    workspace gets private messages. The same rows again change nothing. Raises Unclear when there
    are chat ids and no workspace.
    """
    if workspace is None and any(row.user for row in rows):
        raise Unclear(
            "The file has chat ids: say of which workspace, such as --workspace slack:T024BE7LD."
        )
    # Two imports at once would each add the same people.
    session.exec(
        select(Organisation).where(Organisation.id == organisation.id).with_for_update()
    ).one()
    update = Update(session, organisation, workspace, address, defaults or Defaults())
    for number, row in enumerate(rows):
        if number % _EVERY == 0:
            progress(number)
        update.take(row)
    update.finish()
    progress(len(rows))
    return update.outcome
