"""Workspaces that keep the bot out: their administrators hear it where it can still speak."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.cards import workspaces as cards
from bot.texts import translator
from storage import outbox, roles, workspaces


def tell_of_pauses(session: Session, now: datetime) -> int:
    """Once a pause, in another workspace of the organisation where there is one. The log says it in
    any case."""
    for workspace in workspaces.paused(session):
        for admin in roles.admins(session, workspace.organisation_id):
            account = workspaces.account_elsewhere(session, admin)
            if account and workspace.since:
                card = cards.kept_out(
                    translator(admin.locale), workspace=workspace.name or workspace.external
                )
                key = f"kept-out:{workspace.id}:{workspace.since.timestamp():.0f}:{admin.id}"
                outbox.promise(session, admin, card, key=key, now=now, via=account)
    return 0
