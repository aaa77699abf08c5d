"""An administrator decides whether people from outside may take part."""

from __future__ import annotations

from bot.cards import guests as cards
from bot.core.actions import StaleAction
from bot.core.deeds import Deed
from bot.core.messages import Message
from handlers.router import Access, mark, router
from handlers.turn import Turn
from storage import guests as stored
from storage.models import Organisation, PersonKind


@router.command(
    "guests",
    mark("decide whether people from outside may take part"),
    access=Access.ADMIN,
    aliases=("gasten",),
)
def guests(turn: Turn, _args: str) -> Message:
    return turn.privately(_card(turn))


@router.on(cards.LetIn, access=Access.ADMIN)
def let_in(turn: Turn, action: cards.LetIn) -> Message:
    if action.kind not in stored.KINDS:
        raise StaleAction
    kind = PersonKind(action.kind)
    changed = stored.let_in(turn.session, _organisation(turn), kind, welcome=action.welcome)
    if changed:
        turn.audit(Deed.LET_IN if action.welcome else Deed.KEPT_OUT, f"kind:{kind.value}")
    return turn.privately(_card(turn))


def _organisation(turn: Turn) -> Organisation:
    return turn.session.get_one(Organisation, turn.person.organisation_id)


def _card(turn: Turn) -> Message:
    return cards.guests(turn.t, stored.doors(turn.session, _organisation(turn)))
