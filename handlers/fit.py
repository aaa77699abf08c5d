"""People say in private whether their match is a good one."""

from __future__ import annotations

from bot.cards import checkins
from bot.cards import fit as cards
from bot.core.actions import StaleAction
from bot.core.messages import Message
from handlers.asked import and_the_rest
from handlers.router import Access, router
from handlers.turn import Turn
from storage import asked, fit, mentorships, roles
from storage.asked import Asked
from storage.models import Fit, FitCheck, MentorshipState


@router.on(cards.AnswerFit, access=Access.OWNER)
def answer(turn: Turn, action: cards.AnswerFit) -> Message:
    """Each answers for themselves; when it does not fit the coordinators hear it, once."""
    found = asked.mine(turn.session, FitCheck, turn.person, action.check)
    if found is None or action.answer not in set(Fit):
        raise StaleAction
    if found.mentorship.state is not MentorshipState.ACTIVE:
        return checkins.closed(turn.t)
    fit.answer(turn.session, found, Fit(action.answer), turn.person, turn.now)
    if found.check.answer is Fit.NOT:
        _tell_coordinators(turn, found)
    return and_the_rest(turn, cards.thanks(turn.t, action.answer))


def _tell_coordinators(turn: Turn, found: Asked[FitCheck]) -> None:
    """Whoever is one of the two does not hear of it, whatever else they are."""
    everyone = mentorships.members(turn.session, [found.mentorship.id])[found.mentorship.id]
    partners = [person for _, person in everyone if person.id != turn.person.id]
    pair = {person.id for _, person in everyone}
    for coordinator in roles.coordinators(turn.session, found.programme):
        if coordinator.id not in pair:
            turn.send(
                coordinator,
                lambda t: cards.does_not_fit(
                    t,
                    programme=found.programme.name,
                    who=turn.person.name,
                    partners=[person.name for person in partners],
                ),
                key=f"does-not-fit:{found.member.id}:{coordinator.id}",
            )
