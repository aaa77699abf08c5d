"""Requests for a talk: only whoever asked and whoever was asked can find one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.cards import talks as cards
from bot.core.rhythm import after_working_days
from storage import mentorships, people, roles
from storage.looking import Seldom, Waits, among
from storage.models import Identity, Person, Programme, TalkRequest, TalkState
from storage.models.base import Utc


@dataclass(frozen=True)
class Overdue:
    """Somebody who waits for a word from whom they asked for a talk."""

    request: TalkRequest
    reader: Person
    person: Person
    programme: Programme


OPEN = (TalkState.ASKED, TalkState.IN_TOUCH)
BATCH = 50


def readers(
    session: Session, programme: Programme, person: Person, now: datetime
) -> list[cards.Reader]:
    """To whom somebody can talk, advisers first; never their own partners, themself, nor whoever
    has no account in which I could tell them."""
    closest = {person.id} | {
        partner.id for mine in mentorships.running(session, person) for _, partner in mine.others
    }
    advisers = roles.advisers(session, programme)
    each = {one.id: one for one in (*advisers, *roles.coordinators(session, programme))}
    known = {one.id for one in advisers}
    here = select(Identity.person_id).where(~col(Identity.closed))
    reachable = set(session.exec(here.where(col(Identity.person_id).in_(each))))
    return [
        cards.Reader(
            id_, one.name, id_ in known, people.today(person, promise(programme, one, now))
        )
        for id_, one in each.items()
        if id_ in reachable - closest
    ]


def promise(programme: Programme, reader: Person, now: datetime) -> datetime:
    """When somebody will have heard from this one, by the days on which they work."""
    hours = people.working_time(reader)
    at = after_working_days(hours, now, programme.answer_days)
    return at or now + timedelta(days=programme.answer_days)


def ask(
    session: Session,
    programme: Programme,
    person: Person,
    reader: Person,
    words: str,
    now: datetime,
) -> TalkRequest:
    request = TalkRequest(
        programme_id=programme.id,
        person_id=person.id,
        reader_id=reader.id,
        words=words,
        asked_at=now,
        promised_at=promise(programme, reader, now),
    )
    session.add(request)
    session.flush()
    return request


def already(
    session: Session, programme: Programme, person: Person, reader: int
) -> TalkRequest | None:
    """What this person asked this one before, and is not over."""
    return session.exec(
        select(TalkRequest).where(
            TalkRequest.programme_id == programme.id,
            TalkRequest.person_id == person.id,
            TalkRequest.reader_id == reader,
            col(TalkRequest.state).in_(OPEN),
        )
    ).first()


def held(session: Session, id_: int) -> TalkRequest:
    """A request by its id: of two taps at once the second sees what the first did."""
    query = select(TalkRequest).where(TalkRequest.id == id_).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def of_person(session: Session, person: Person) -> list[cards.Asked]:
    """What somebody asked for and is not over, as they see it."""
    found = _OF_PERSON.found(session, person=person.id)
    return [seen(request, reader, person) for request, reader in found]


_OF_PERSON = Seldom(
    select(TalkRequest, Person)
    .join(Person, col(Person.id) == TalkRequest.reader_id)
    .where(TalkRequest.person_id == bindparam("person"), among(col(TalkRequest.state), OPEN))
    .order_by(col(TalkRequest.id))
)


def seen(request: TalkRequest, reader: Person, person: Person) -> cards.Asked:
    return cards.Asked(
        request.id,
        reader.name,
        on=people.today(person, request.asked_at),
        by=people.today(person, request.promised_at),
        state=request.state.value,
        reminded=request.reminded_at is not None,
        gone=not reader.active,
    )


def asked_of(session: Session, reader: Person) -> list[tuple[int, str, datetime]]:
    """What somebody was asked and is not over: which, in which programme, by when."""
    rows = session.exec(
        select(TalkRequest, Programme.name)
        .join(Programme, col(Programme.id) == TalkRequest.programme_id)
        .where(TalkRequest.reader_id == reader.id, col(TalkRequest.state).in_(OPEN))
        .order_by(col(TalkRequest.promised_at), col(TalkRequest.id))
    )
    return [(request.id, name, request.promised_at) for request, name in rows]


def end(session: Session, request: TalkRequest, state: TalkState) -> None:
    """It is over, and nobody needs what was written any more."""
    request.state, request.words = state, ""
    session.flush()


def overdue(session: Session, now: datetime) -> list[Overdue]:
    """Those who have not heard at the promised time, or never will from this one; each once."""
    return [Overdue(*row) for row in session.exec(_OVERDUE, params={"now": now})]


_Reader = aliased(Person)
# Made once: it runs at every tick of the clock, mostly to find nothing.
_OVERDUE = (
    select(TalkRequest, _Reader, Person, Programme)
    .join(_Reader, col(_Reader.id) == TalkRequest.reader_id)
    .join(Person, col(Person.id) == TalkRequest.person_id)
    .join(Programme, col(Programme.id) == TalkRequest.programme_id)
    .where(
        TalkRequest.state == TalkState.ASKED,
        col(TalkRequest.reminded_at).is_(None),
        (col(TalkRequest.promised_at) <= bindparam("now", type_=Utc)) | ~col(_Reader.active),
    )
    .order_by(col(TalkRequest.id))
    .limit(BATCH)
)
WAITS = Waits(_OVERDUE)
