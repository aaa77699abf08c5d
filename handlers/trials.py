"""After a trial talk each of the two says yes, maybe or no; nobody but the matching reads it."""

from __future__ import annotations

from bot.cards import trials as cards
from bot.core.actions import StaleAction
from bot.core.messages import Message
from handlers.asked import and_the_rest
from handlers.router import Access, router
from handlers.turn import Turn
from storage import trials
from storage.models import Verdict

SAID = {Verdict.YES.value, Verdict.MAYBE.value, Verdict.NO.value}


@router.on(cards.SayOfTalk, access=Access.OWNER)
def say(turn: Turn, action: cards.SayOfTalk) -> Message:
    """The last tap counts; the answer is the same whatever was said."""
    talk = trials.mine(turn.session, turn.person, action.voice)
    if talk is None or action.says not in SAID:
        raise StaleAction
    if talk.is_over or not talk.voice.asked:
        return and_the_rest(turn, cards.closed(turn.t))
    trials.say(talk, Verdict(action.says))
    turn.session.flush()
    return and_the_rest(turn, cards.thanks(turn.t))
