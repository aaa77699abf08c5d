"""Pulse surveys open and close by themselves, and reach people when they are at work."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.cards import surveys as cards
from bot.content import Content, standard
from bot.core.messages import Message
from bot.core.working_time import next_open
from bot.texts import translator
from storage import freezing, outbox, people, roles, surveys, waves
from storage.models import InviteState, Person, Programme, Wave

WAVES_A_RUN = 20
PEOPLE_A_RUN = 500  # invited in one transaction


def open_and_close_waves(session: Session, now: datetime) -> int:
    """Take each wave that is due one step further; how much was done."""
    done = 0
    for wave, programme in waves.due_to_open(session, now, WAVES_A_RUN):
        if done >= PEOPLE_A_RUN:
            break
        done += waves.bring_open(session, wave, programme, now, PEOPLE_A_RUN)
    questions = standard().pulse
    for wave, programme in waves.due_to_close(session, now, WAVES_A_RUN):
        freezing.close(session, wave, programme, questions)
        _tell_coordinators(session, wave, programme, now)
        done += 1
    return done


def _tell_coordinators(session: Session, wave: Wave, programme: Programme, now: datetime) -> None:
    """Surveys close in the evening; who reads of it does so at work."""
    found = freezing.results(programme, wave)
    if found is None or not found.invited:
        return
    questions = standard().pulse
    for person in roles.coordinators(session, programme):
        card = cards.results(translator(person.locale), found, questions)
        key = f"pulse:{wave.id}:results:{person.id}"
        at_work = next_open(people.working_time(person), now) or now
        outbox.promise(session, person, card, key=key, now=at_work)


def due_cards(session: Session, person: Person, now: datetime, content: Content) -> list[Message]:
    """The surveys to ask this person now; from here on they count as asked."""
    found = []
    for invited in surveys.due(session, person, now):
        invited.invite.state, invited.invite.ask_at = InviteState.ASKED, None
        found.append(surveys.card(session, person, invited, content))
    session.flush()
    return found
