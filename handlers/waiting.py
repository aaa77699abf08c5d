"""Coordinators look at who waits for a mentor."""

from __future__ import annotations

from bot.cards import waiting as cards
from bot.core.messages import Message
from handlers import programmes
from handlers.router import mark
from handlers.turn import Turn
from storage import people, waiting
from storage import programmes as stored
from storage.models import Programme


@programmes.command(
    "waiting", mark("who looks for a mentor, and since when"), aliases=("wachtlijst",)
)
def waiting_list(turn: Turn, programme: Programme) -> Message:
    first = waiting.first(turn.session, programme, turn.now, cards.MOST_NAMED)
    view = cards.WaitingList(
        programme=programme.name,
        slug=programme.slug,
        first=[
            cards.Waits(
                one.person.name, people.today(turn.person, one.since), one.participant.priority
            )
            for one in first
        ],
        in_all=waiting.count(turn.session, programme, turn.now),
        room=waiting.free_places(turn.session, programme),
        next_round=stored.coming_round(programme.next_round_on, turn.today),
    )
    return cards.waiting_list(turn.t, view)
