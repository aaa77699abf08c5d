"""Whoever was asked for a talk reads who it is, and says how it stands."""

from __future__ import annotations

from bot.cards import listening as cards
from bot.core.messages import Message
from handlers.router import Access, router
from handlers.turn import Turn
from storage import people, talks
from storage.models import Person, Programme, TalkRequest, TalkState


@router.on(cards.ReadTalk, access=Access.ADVISER)
def read(turn: Turn, action: cards.ReadTalk) -> Message:
    return _card(turn, talks.held(turn.session, action.talk))


def _card(turn: Turn, request: TalkRequest) -> Message:
    if request.state not in talks.OPEN:
        return cards.over(turn.t)
    view = cards.Request(
        request.id,
        who=turn.session.get_one(Person, request.person_id).name,
        programme=turn.session.get_one(Programme, request.programme_id).name,
        words=request.words,
        on=people.today(turn.person, request.asked_at),
        by=people.today(turn.person, request.promised_at),
        in_touch=request.state is TalkState.IN_TOUCH,
    )
    return cards.request(turn.t, view)


@router.on(cards.InTouch, access=Access.ADVISER)
def in_touch(turn: Turn, action: cards.InTouch) -> Message:
    """From now on whoever asked sees it."""
    request = talks.held(turn.session, action.talk)
    if request.state is TalkState.ASKED:
        request.state = TalkState.IN_TOUCH
        turn.session.flush()
    return _card(turn, request)


@router.on(cards.TalkDone, access=Access.ADVISER)
def done(turn: Turn, action: cards.TalkDone) -> Message:
    """Not before they have been in touch: whoever asked would see nothing of it."""
    request = talks.held(turn.session, action.talk)
    if request.state is TalkState.IN_TOUCH:
        talks.end(turn.session, request, TalkState.DONE)
    return _card(turn, request)
