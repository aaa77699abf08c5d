"""A wishing opens and closes by itself, and what it asks of people joins their other questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from sqlmodel import Session

from bot.cards import trials as trial_cards
from bot.cards import wishes as cards
from bot.cards import wishings as wishing_cards
from bot.content import Content
from bot.core.messages import Message
from bot.core.working_time import next_open
from bot.matching import Profile, Rules, possible, proposals_for, talks_for
from bot.texts import translator
from scheduler.rounds import Moment, Stopped
from storage import (
    outbox,
    people,
    profiles,
    roles,
    trials,
    wishers,
    wishes,
    wishing_views,
    wishings,
)
from storage import rules as programme_rules
from storage.database import Database
from storage.models import Person, Programme, ProgrammeState, Wishing, WishingState
from storage.wishers import Asked

BATCH = 200  # people in one transaction
TALKS = 3  # of a mentee, at most
SPARE = 2  # talks of a mentor beyond the places

Step = Callable[[Session], object]
Steps = Callable[[], Iterator[Step]]


def run_wishes(database: Database, now: Moment, stopped: Stopped) -> int:
    """Do what the oldest wishing needs, each step in a transaction of its own; how many that were."""
    with database.look() as session:
        steps = find(session, now())
    done = 0
    for step in steps() if steps else ():
        if stopped():
            break
        with database.transaction() as session:
            step(session)
        done += 1
    return done


def find(session: Session, now: datetime) -> Steps | None:
    """What the oldest wishing needs, read at once: found out without a transaction, kept in steps of
    their own. Each step may be repeated, so a process that dies halfway leaves nothing crooked."""
    todo = wishings.to_do(session, now)
    if todo is None:
        return None
    wishing, programme = todo
    over = now >= wishing.closes_at or programme.state is ProgrammeState.ARCHIVED
    if over and not wishing.trial_talks:
        return partial(_closing, wishing.id, now)
    known = profiles.of_programme(session, programme, now)
    rules = programme_rules.of_programme(session, programme, now)
    if not over:
        return partial(_opening, wishing.id, wishing.mentors_too, known, rules, now)
    wanted = wishes.wanted_mentors(session, wishing, programme)
    return partial(_with_talks, wishing.id, known, rules, wanted, now)


def _opening(
    wishing_id: int, mentors_too: bool, known: Sequence[Profile], rules: Rules, now: datetime
) -> Iterator[Step]:
    pairs = proposals_for(known, rules, wishers.MOST_SHOWN)
    asked = iter(wishers.shown(known, pairs, mentors_too=mentors_too).items())
    while some := dict(islice(asked, BATCH)):
        yield partial(wishers.ask, wishing_id=wishing_id, asked=some, now=now)
    yield partial(wishings.opened, wishing_id=wishing_id)


def _with_talks(
    wishing_id: int,
    known: Sequence[Profile],
    rules: Rules,
    wanted: Mapping[int, Sequence[int]],
    now: datetime,
) -> Iterator[Step]:
    links = [(mentor, mentee) for mentee, mentors in wanted.items() for mentor in mentors]
    allowed = possible(known, rules, links)
    room = {p.id: p.capacity + SPARE for p in known if p.mentor and p.capacity > 0}
    talks = iter(
        talks_for(
            {
                mentee: [mentor for mentor in mentors if (mentor, mentee) in allowed]
                for mentee, mentors in wanted.items()
            },
            room,
            TALKS,
        )
    )
    while some := list(islice(talks, BATCH)):
        yield partial(_propose, wishing_id=wishing_id, links=some, now=now)
    yield from _closing(wishing_id, now)


def _propose(
    session: Session, *, wishing_id: int, links: Sequence[tuple[int, int]], now: datetime
) -> None:
    wishing = wishings.held(session, wishing_id)
    if wishing is not None and wishing.state is not WishingState.CLOSED:
        programme = session.get_one(Programme, wishing.programme_id)
        trials.propose(session, programme, links, now)


def _closing(wishing_id: int, now: datetime) -> Iterator[Step]:
    yield partial(_close, wishing_id=wishing_id, now=now)


def _close(session: Session, *, wishing_id: int, now: datetime) -> None:
    wishing = wishings.closed(session, wishing_id, now)
    if wishing is not None:
        _tell_coordinators(session, wishing, now)


def _tell_coordinators(session: Session, wishing: Wishing, now: datetime) -> None:
    """It closes in the evening; who reads of it does so at work."""
    programme = session.get_one(Programme, wishing.programme_id)
    view = wishers.count(session, wishing, programme, now)
    for person in roles.coordinators(session, programme):
        outbox.promise(
            session,
            person,
            wishing_cards.closed(translator(person.locale), view),
            key=f"wishes:{wishing.id}:closed:{person.id}",
            now=next_open(people.working_time(person), now) or now,
        )


# --- among the other questions of a person ---


def due_cards(session: Session, person: Person, now: datetime, content: Content) -> list[Message]:
    """What to tell and ask this person now; from here on it counts as asked."""
    found = [
        _candidates(session, one, person, now, content) for one in wishers.due(session, person, now)
    ]
    found += _talks(session, person, now)
    for talk in trials.to_ask(session, person, now):
        trials.asked(talk, person, now)
        found.append(trials.card(talk, person))
    return found


def _candidates(
    session: Session, one: Asked, person: Person, now: datetime, content: Content
) -> Message:
    view = wishing_views.view(session, one.programme, one.participant, person, now, content)
    return cards.candidates(translator(person.locale), view, content.intake)


def _talks(session: Session, person: Person, now: datetime) -> list[Message]:
    """One message a programme, with every new talk."""
    found: dict[int, list[trials.Talk]] = {}
    for talk in trials.to_tell(session, person, now):
        found.setdefault(talk.programme.id, []).append(talk)
    told = []
    for talks in found.values():
        moments = [trials.told(talk, person, now) for talk in talks]
        ask_on = people.today(person, moments[0]) if moments[0] else None
        others = [trials.other(talk) for talk in talks]
        t = translator(person.locale)
        told.append(trial_cards.told(t, talks[0].programme.name, others, ask_on))
    return told
