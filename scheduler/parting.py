"""An account was closed while its owner was in a pair: the coordinators hear of it, once."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.cards import checkins as cards
from bot.core.working_time import next_open
from bot.texts import translator
from storage import mentorships, outbox, people, roles

BATCH = 50


def tell_of_closed_accounts(session: Session, now: datetime) -> int:
    """Each coordinator hears who is left behind, at work. The partner hears nothing from a bot: that
    somebody no longer works here is for a colleague to tell."""
    for one in mentorships.left_behind(session, now, BATCH):
        for coordinator in roles.coordinators(session, one.programme):
            card = cards.left_behind(
                translator(coordinator.locale),
                programme=one.programme.name,
                gone=[person.name for person in one.gone],
                left=[person.name for person in one.left],
            )
            key = f"{mentorships.LEFT_BEHIND}{one.mentorship.id}:{coordinator.id}"
            at_work = next_open(people.working_time(coordinator), now) or now
            outbox.promise(session, coordinator, card, key=key, now=at_work)
            one.mentorship.parting_told_at = now
    return 0
