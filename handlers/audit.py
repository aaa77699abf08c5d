"""Administrators read who did what."""

from __future__ import annotations

from bot.cards import audit as cards
from bot.core.messages import Message
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import audit as stored


@router.command(
    "audit",
    mark("who did what: the trail of coordinators and administrators"),
    access=Access.ADMIN,
    aliases=("logboek",),
)
def audit(turn: Turn, _args: str) -> Message:
    return turn.privately(_page(turn, 0))


@router.on(cards.ReadAudit, access=Access.ADMIN)
def read_on(turn: Turn, action: cards.ReadAudit) -> Message:
    return _page(turn, max(0, action.before))


def _page(turn: Turn, before: int) -> Message:
    found, more = stored.page(turn.session, turn.person.organisation_id, before)
    older = found[-1].id if more else 0
    return cards.trail(turn.t, found, zone=turn.person.time_zone, older=older, newest=not before)
