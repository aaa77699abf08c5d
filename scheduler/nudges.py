"""Questions that fall due: together in one message, in working hours, at most one a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.cards import checkins as cards
from bot.cards import fit as fit_cards
from bot.content import Content
from bot.core.messages import Message, together
from bot.core.rhythm import Rhythm, may_nudge
from bot.core.working_time import is_open, local_date, next_day_open, next_open
from bot.texts import translator
from scheduler import wishes
from scheduler.surveys import due_cards
from storage import checkins, due, fit, mentorships, outbox, people, roles, surveys, workspaces
from storage.asked import Asked, Asking
from storage.models import CheckIn, MentorshipState, Person

BATCH = 100
NEVER_OPEN = timedelta(days=30)  # somebody without a working day ahead: look again in a month


def nudge(session: Session, now: datetime, content: Content) -> int:
    """Ask everyone whose questions fall due. Safe to run any number of times, or late."""
    asked = *due.people(session, now, BATCH), *surveys.people_due(session, now, BATCH)
    ids = list(dict.fromkeys(asked))[:BATCH]
    if not ids:
        return 0
    everyone = session.exec(
        select(Person)
        .where(col(Person.id).in_(ids))
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    mentorships.hold(session, [person.id for person in everyone])
    within_reach = workspaces.within_reach(session, ids)
    for person in everyone:
        if person.id in within_reach and _may_be_asked(person, now):
            _nudge(session, person, now, content)
        else:
            _put_off(session, person, now)
    return len(everyone)


def _may_be_asked(person: Person, now: datetime) -> bool:
    return person.active and may_nudge(person.last_nudged_on, people.working_time(person), now)


def _put_off(session: Session, person: Person, now: datetime) -> None:
    """Not now: look again when they are next at work."""
    usual = replace(people.working_time(person), away=())  # a pause may end early
    later = next_day_open(usual, now) if is_open(usual, now) else next_open(usual, now)
    until = later or now + NEVER_OPEN
    due.postpone(session, person, now, until)
    surveys.postpone(session, person.id, until)


def _nudge(session: Session, person: Person, now: datetime, content: Content) -> None:
    questions = [
        *_check_ins(session, person, now),
        *_reminders(session, person, now),
        *_fit_checks(session, person, now),
        *due_cards(session, person, now, content),
        *wishes.due_cards(session, person, now, content),
    ]
    if questions:
        t = translator(person.locale)
        summary = questions[0].summary if len(questions) == 1 else cards.several(t, len(questions))
        today = local_date(people.working_time(person), now)
        outbox.promise(
            session,
            person,
            together(summary, tuple(questions)),
            key=f"nudge:{person.id}:{today}",
            now=now,
        )
        person.last_nudged_on = today
    session.flush()


def _check_ins(session: Session, person: Person, now: datetime) -> list[Message]:
    found = []
    for asking in checkins.due(session, person, now):
        if _is_over(asking, person, now):
            asking.member.ask_at = None
            continue
        partners = _partners(session, asking, person)
        if _waits_for_partner(asking, person, partners, now):
            continue
        check_in = checkins.open_one(session, asking, person, now)
        _tell_if_stuck(session, asking, [person, *partners], now)
        later = checkins.reminder_at(person, asking.programme, now)
        found.append(_card(check_in, asking, person, partners, again=later is None))
    return found


def _is_over(one: Asking | Asked[Any], person: Person, now: datetime) -> bool:
    ended = one.mentorship.state is not MentorshipState.ACTIVE
    return ended or people.today(person, now) > one.programme.ends_on


def _partners(session: Session, one: Asking | Asked[Any], person: Person) -> list[Person]:
    """The others who are still there: nobody is asked about talks with an account that was closed."""
    everyone = mentorships.members(session, [one.mentorship.id])[one.mentorship.id]
    return [partner for _, partner in everyone if partner.id != person.id and partner.active]


def _card(
    check_in: CheckIn,
    one: Asking | Asked[Any],
    person: Person,
    partners: list[Person],
    *,
    again: bool,
) -> Message:
    return cards.check_in(
        translator(person.locale),
        id_=check_in.id,
        partners=[partner.name for partner in partners],
        since_days=Rhythm(one.mentorship.rhythm).days,
        programme=one.programme.slug,
        again=again,
    )


def _waits_for_partner(
    asking: Asking, person: Person, partners: list[Person], now: datetime
) -> bool:
    """Nobody is asked about talks with a partner who is away or gone; a pause may end early, and an
    account may be opened again."""
    if partners and not any(people.is_paused(partner, now) for partner in partners):
        return False
    asking.member.ask_at = next_day_open(people.working_time(person), now) or now + NEVER_OPEN
    return True


def _tell_if_stuck(session: Session, asking: Asking, pair: list[Person], now: datetime) -> None:
    """Two silent rounds: the coordinators hear of it, once."""
    mentorship = asking.mentorship
    silent = asking.member.silent >= checkins.STUCK_AFTER
    if mentorship.stuck_since or not silent or not checkins.is_stuck(session, mentorship):
        return
    mentorship.stuck_since = now
    names = [person.name for person in pair]
    for coordinator in roles.coordinators(session, asking.programme):
        outbox.promise(
            session,
            coordinator,
            cards.stuck(
                translator(coordinator.locale), programme=asking.programme.name, names=names
            ),
            key=f"stuck:{mentorship.id}:{now.isoformat()}:{coordinator.id}",
            now=now,
        )


def _fit_checks(session: Session, person: Person, now: datetime) -> list[Message]:
    t, found = translator(person.locale), []
    for one in fit.ask(session, person, now):
        partners = [partner.name for partner in _partners(session, one, person)]
        if partners:
            found.append(fit_cards.fit_check(t, id_=one.check.id, partners=partners))
    return found


def _reminders(session: Session, person: Person, now: datetime) -> list[Message]:
    found = []
    for asked in checkins.to_remind(session, person, now):
        asked.check.remind_at = None
        if asked.check.answer or _is_over(asked, person, now):
            continue
        partners = _partners(session, asked, person)
        if not partners:
            continue
        found.append(_card(asked.check, asked, person, partners, again=True))
    return found
