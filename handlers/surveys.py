"""Answering a pulse survey: once, in time, by whom it was meant for."""

from __future__ import annotations

from bot.cards import surveys as cards
from bot.core.actions import StaleAction
from bot.core.answers import Problem, Wrong, read
from bot.core.messages import Message
from bot.core.questions import Values
from handlers.asked import and_the_rest
from handlers.router import Access, router
from handlers.turn import Turn
from storage import surveys
from storage.models import InviteState, Wave


@router.on(cards.SendPulse, access=Access.OWNER)
def send(turn: Turn, action: cards.SendPulse) -> Message:
    invited = surveys.mine(turn.session, turn.person, action.invite)
    if invited is None:
        raise StaleAction
    name = invited.programme.name
    if invited.invite.state is InviteState.ANSWERED:
        return and_the_rest(turn, cards.answered_before(turn.t, name))
    if not surveys.is_open(invited.wave, turn.now):
        return and_the_rest(turn, cards.closed(turn.t, name))
    answers, problems = _read(turn, invited.wave)
    if problems:
        return and_the_rest(turn, cards.not_sent_yet(turn.t), problems)
    surveys.answer(turn.session, invited, answers)
    return and_the_rest(turn, cards.thanks(turn.t, name))


def _read(turn: Turn, wave: Wave) -> tuple[dict[str, Values], dict[str, Problem]]:
    """The answers by question, and by input what is wrong with the others."""
    answers: dict[str, Values] = {}
    problems: dict[str, Problem] = {}
    for question in turn.content.pulse:
        name = cards.input_name(wave.id, question.key)
        found = read(question, turn.fields.get(name, ()), typed=False, today=turn.today)
        if not isinstance(found, Problem):
            answers[question.key] = found
        elif question.required or found.wrong is not Wrong.EMPTY:
            problems[name] = found
    return answers, problems
