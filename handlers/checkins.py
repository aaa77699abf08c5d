"""People say how it goes: met, planned, not yet, or later."""

from __future__ import annotations

from bot.cards import checkins as cards
from bot.core.actions import StaleAction
from bot.core.messages import Message
from handlers.asked import and_the_rest
from handlers.router import Access, router
from handlers.turn import Turn
from storage import asked, checkins, fit, people
from storage.models import CheckIn, CheckInAnswer, MentorshipState


@router.on(cards.AnswerCheckIn, access=Access.OWNER)
def answer(turn: Turn, action: cards.AnswerCheckIn) -> Message:
    """Each partner answers for themselves; the last tap counts."""
    found = asked.mine(turn.session, CheckIn, turn.person, action.check_in)
    if found is None or action.answer not in set(CheckInAnswer):
        raise StaleAction
    if found.mentorship.state is not MentorshipState.ACTIVE:
        return cards.closed(turn.t)
    check_in = found.check
    check_in.answer, check_in.answered_at = CheckInAnswer(action.answer), turn.now
    check_in.remind_at = None
    found.member.silent, found.mentorship.stuck_since = 0, None
    turn.session.flush()
    if check_in.answer is CheckInAnswer.MET:
        fit.ask_after_first_talk(turn.session, found.member, turn.person, turn.now)
    return and_the_rest(turn, cards.thanks(turn.t, action.answer))


@router.on(cards.RemindLater, access=Access.OWNER)
def remind_later(turn: Turn, action: cards.RemindLater) -> Message:
    found = asked.mine(turn.session, CheckIn, turn.person, action.check_in)
    if found is None:
        raise StaleAction
    later = checkins.reminder_at(turn.person, found.programme, turn.now)
    over = found.check.answer is not None or found.mentorship.state is not MentorshipState.ACTIVE
    if over or later is None:
        return and_the_rest(turn, cards.closed(turn.t))
    found.check.remind_at = later
    turn.session.flush()
    day = turn.t.day(people.today(turn.person, later))
    return and_the_rest(turn, cards.reminder_set(turn.t, day))
