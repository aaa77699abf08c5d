"""How a programme goes, when a coordinator asks: figures where they ask, names only to them."""

from __future__ import annotations

from bot.cards import attention as names
from bot.cards import digest as cards
from bot.core.deeds import Deed
from bot.core.messages import Message
from bot.texts import translator
from handlers import programmes
from handlers.router import mark
from handlers.turn import Turn
from storage import attention, figures, outbox
from storage.models import Programme


@programmes.command(
    "digest",
    mark("how a programme goes: figures, goals, and who needs you"),
    aliases=("overzicht",),
)
def digest(turn: Turn, programme: Programme) -> Message:
    turn.audit(Deed.READ_DIGEST, f"programme:{programme.id}")
    told = figures.told(turn.session, programme, figures.day(programme, turn.now))
    needs = attention.named(turn.session, programme)
    if not turn.event.place.private:
        _post(turn, programme, told)
        return names.attention(turn.t, needs)
    if needs:
        key = f"attention:{programme.id}:{turn.event.id}"
        turn.send(turn.person, lambda t: names.attention(t, needs), key=key)
    return cards.digest(turn.t, told)


def _post(turn: Turn, programme: Programme, told: cards.Told) -> None:
    """For all to read, in the programme's language."""
    outbox.promise_place(
        turn.session,
        turn.identity.workspace_id,
        turn.person.organisation_id,
        turn.event.place.address,
        cards.digest(translator(figures.language(programme)), told),
        key=f"digest:{programme.id}:{turn.event.id}",
        now=turn.now,
        asked_by=turn.person,
    )
