"""Questions that came together in one message: answering one keeps the others on the card."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards import checkins as cards
from bot.cards import fit as fit_cards
from bot.cards import wishes
from bot.core.answers import Problem
from bot.core.messages import Message, together
from bot.core.rhythm import Rhythm
from handlers.turn import Turn
from storage import asked as stored
from storage import checkins, mentorships, surveys, trials, wishers, wishing_views
from storage.asked import Asked
from storage.models import CheckIn, FitCheck, Mentorship


def and_the_rest(
    turn: Turn, thanks: Message, problems: Mapping[str, Problem] | None = None
) -> Message:
    """What was just answered, and below it whatever else is still open for this person."""
    rest = [
        *open_check_ins(turn),
        *open_fit_checks(turn),
        *surveys.open_cards(
            turn.session, turn.person, turn.now, turn.content, turn.fields, problems or {}
        ),
        *open_wishes(turn),
        *(trials.card(talk, turn.person) for talk in _open_talks(turn)),
    ]
    return together(thanks.summary, (thanks, *rest))


def open_check_ins(turn: Turn) -> list[Message]:
    """The check-ins this person has not answered yet, as cards."""
    return [
        _card(turn, asked) for asked in checkins.still_open(turn.session, turn.person, turn.now)
    ]


def open_wishes(turn: Turn) -> list[Message]:
    """The wishes this person was asked for and has not given, as cards."""
    return [
        wishes.candidates(
            turn.t,
            wishing_views.view(
                turn.session, one.programme, one.participant, turn.person, turn.now, turn.content
            ),
            turn.content.intake,
        )
        for one in wishers.still_open(turn.session, turn.person, turn.now)
    ]


def _open_talks(turn: Turn) -> list[trials.Talk]:
    return trials.still_open(turn.session, turn.person, turn.now)


def _card(turn: Turn, asked: Asked[CheckIn]) -> Message:
    later = checkins.reminder_at(turn.person, asked.programme, turn.now)
    return cards.check_in(
        turn.t,
        id_=asked.check.id,
        partners=_partners(turn, asked.mentorship),
        since_days=Rhythm(asked.mentorship.rhythm).days,
        programme=asked.programme.slug,
        again=later is None,
    )


def open_fit_checks(turn: Turn) -> list[Message]:
    """The fit checks this person has not answered yet, as cards."""
    return [
        fit_cards.fit_check(turn.t, id_=one.check.id, partners=_partners(turn, one.mentorship))
        for one in stored.still_open(turn.session, FitCheck, turn.person, turn.now)
    ]


def _partners(turn: Turn, mentorship: Mentorship) -> list[str]:
    everyone = mentorships.members(turn.session, [mentorship.id])[mentorship.id]
    return [person.name for _, person in everyone if person.id != turn.person.id]
