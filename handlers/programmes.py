"""Which programme a command is about, and how a coordinator makes one."""

from __future__ import annotations

from bot.cards import common
from bot.core.messages import Message
from handlers.turn import Turn
from storage import programmes, roles
from storage.models import Programme


def one(
    turn: Turn, args: str, *, command: str, among: list[Programme] | None = None, then: str = ""
) -> Programme | Message:
    """The programme somebody means, or the card that asks or says why there is none.

    `among` narrows the choice; by default those that the person coordinates. `then` is what else
    the command said, behind the programme.
    """
    found = programmes.coordinated_by(turn.session, turn.person) if among is None else among
    word = args.strip().casefold()
    if word:
        fitting = [p for p in found if word in (p.slug, p.name.casefold())]
        fitting = fitting or [p for p in found if p.slug.startswith(word)]
        found = fitting
    if not found:
        return common.no_programme(turn.t, word)
    if len(found) > 1:
        return common.which_programme(turn.t, command, [(p.slug, p.name) for p in found], then)
    return found[0]


def run_by(turn: Turn, programme_id: int, asked: str) -> Programme | Message:
    """A programme by its id, if the person who acts runs it; else the refusal."""
    programme = programmes.find(turn.session, programme_id)
    if programme and roles.coordinates(turn.session, turn.person, programme):
        return programme
    turn.audit(f"refused {asked}", f"programme:{programme_id}", allowed=False)
    return common.refused(turn.t, admin=False)
