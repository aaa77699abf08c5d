"""Trial talks: proposed, told, asked about in private, and what that means for the matching."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as select_rows
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.cards import trials as cards
from bot.core.messages import Message
from bot.core.rhythm import ASKING_HOUR, after_working_days
from bot.core.working_time import next_open
from bot.matching.people import Link
from bot.texts import translator
from storage import people
from storage.database import is_id
from storage.models import (
    Participant,
    ParticipantState,
    Person,
    Programme,
    ProgrammeState,
    TrialTalk,
    TrialVoice,
    Verdict,
)

TO_TALK, TO_REMIND = 7, 3  # working days
OPEN_FOR = timedelta(days=14)  # a question stays on later cards so long


@dataclass(frozen=True)
class Talk:
    """A trial talk as one of the two sees it."""

    voice: TrialVoice
    talk: TrialTalk
    programme: Programme
    own: Participant
    other: Participant
    partner: Person

    @property
    def mentors(self) -> bool:
        """Whether this one would be the mentor."""
        return self.talk.mentor_id == self.own.id

    @property
    def is_over(self) -> bool:
        """One of the two left, or the programme did."""
        both = self.own.state, self.other.state
        gone = not self.partner.active or self.programme.state is ProgrammeState.ARCHIVED
        return gone or ParticipantState.LEFT in both


def propose(session: Session, programme: Programme, links: Iterable[Link], now: datetime) -> int:
    """These talks, as far as there are none of these two yet; both are to be told. How many."""
    wanted = list(links)
    ids = {id_ for link in wanted for id_ in link}
    rows = session.exec(
        select(Participant, Person)
        .join(Person, col(Person.id) == Participant.person_id)
        .where(col(Participant.id).in_(ids), Participant.state == ParticipantState.ACTIVE)
    )
    there = {participant.id: person for participant, person in rows}
    known = set(
        session.exec(
            select(TrialTalk.mentor_id, TrialTalk.mentee_id).where(
                TrialTalk.programme_id == programme.id,
                col(TrialTalk.mentee_id).in_({mentee for _, mentee in wanted}),
            )
        )
    )
    new = [link for link in wanted if link not in known and set(link) <= there.keys()]
    for mentor, mentee in new:
        talk = TrialTalk(programme_id=programme.id, mentor_id=mentor, mentee_id=mentee)
        session.add(talk)
        session.flush()
        for id_ in (mentor, mentee):
            hours = people.working_time(there[id_])
            tell_at = next_open(hours, now, not_before=ASKING_HOUR) or next_open(hours, now)
            session.add(TrialVoice(talk_id=talk.id, participant_id=id_, tell_at=tell_at))
    session.flush()
    return len(new)


# --- telling and asking ---


def of_person(session: Session, person: Person) -> list[Talk]:
    """Every trial talk somebody was ever proposed, the oldest first."""
    return [Talk(*row) for row in session.execute(_OF_PERSON, {"person": person.id})]


_OWN, _OTHER, _PARTNER = aliased(Participant), aliased(Participant), aliased(Person)
# Made once: it is asked whenever anything is asked of anybody.
_OF_PERSON = (
    select_rows(TrialVoice, TrialTalk, Programme, _OWN, _OTHER, _PARTNER)
    .join(TrialTalk, col(TrialTalk.id) == TrialVoice.talk_id)
    .join(Programme, col(Programme.id) == TrialTalk.programme_id)
    .join(_OWN, col(_OWN.id) == TrialVoice.participant_id)
    .join(
        _OTHER,
        (col(_OTHER.id) != _OWN.id)
        & ((col(_OTHER.id) == TrialTalk.mentor_id) | (col(_OTHER.id) == TrialTalk.mentee_id)),
    )
    .join(_PARTNER, col(_PARTNER.id) == _OTHER.person_id)
    .where(col(_OWN.person_id) == bindparam("person"))
    .order_by(col(TrialVoice.id))
)


def to_tell(session: Session, person: Person, now: datetime) -> list[Talk]:
    """The talks to tell somebody of now; what is over is told no more."""
    due = [t for t in of_person(session, person) if t.voice.tell_at and t.voice.tell_at <= now]
    for talk in due:
        talk.voice.tell_at = None
    return [talk for talk in due if not talk.is_over]


def told(talk: Talk, person: Person, now: datetime) -> datetime | None:
    """Somebody knows of a talk; when they are asked how it was."""
    talk.voice.ask_at = after_working_days(people.working_time(person), now, TO_TALK)
    return talk.voice.ask_at


def to_ask(session: Session, person: Person, now: datetime) -> list[Talk]:
    """The talks to ask about now, for the first or the last time. Who is away is not waited for in
    vain: the question comes when they are back."""
    found = []
    for talk in of_person(session, person):
        voice = talk.voice
        if not voice.ask_at or voice.ask_at > now:
            continue
        if talk.is_over or voice.says is not Verdict.NOTHING:
            voice.ask_at = None
        elif people.is_paused(talk.partner, now):
            voice.ask_at = talk.partner.paused_until
        else:
            found.append(talk)
    return found


def asked(talk: Talk, person: Person, now: datetime) -> None:
    """They are asked now; once more after some days, if they say nothing."""
    voice = talk.voice
    voice.asked, voice.asked_at = voice.asked + 1, now
    again = after_working_days(people.working_time(person), now, TO_REMIND)
    voice.ask_at = again if voice.asked == 1 else None


def still_open(session: Session, person: Person, now: datetime) -> list[Talk]:
    """What somebody was asked and has not answered."""
    return [
        talk
        for talk in of_person(session, person)
        if talk.voice.asked_at
        and talk.voice.says is Verdict.NOTHING
        and now < talk.voice.asked_at + OPEN_FOR
        and not talk.is_over
    ]


def ask_no_more(session: Session, participant: Participant) -> None:
    """Nothing is told or asked about the talks of somebody who left or has a partner."""
    talks = select(TrialTalk.id).where(
        (col(TrialTalk.mentor_id) == participant.id) | (col(TrialTalk.mentee_id) == participant.id)
    )
    session.execute(
        update(TrialVoice)
        .where(col(TrialVoice.talk_id).in_(talks))
        .values(tell_at=None, ask_at=None, asked_at=None)
    )


# --- answering ---


def mine(session: Session, person: Person, voice_id: int) -> Talk | None:
    """A talk of this person, by what they were asked."""
    if not is_id(voice_id):
        return None
    return next((t for t in of_person(session, person) if t.voice.id == voice_id), None)


def other(talk: Talk) -> cards.Other:
    """Whom this is with, as a card tells it."""
    about = ", ".join(filter(None, (talk.partner.function, talk.partner.department)))
    return cards.Other(talk.partner.name, about, talk.mentors)


def card(talk: Talk, person: Person) -> Message:
    """The private question, in the words of who is asked."""
    again = talk.voice.asked > 1
    return cards.ask(translator(person.locale), talk.voice.id, other(talk), again=again)


def say(talk: Talk, says: Verdict) -> None:
    talk.voice.says, talk.voice.ask_at = says, None


# --- for the solver ---


def likings(session: Session, programme: Programme) -> dict[Link, float]:
    """What two who both liked their talk are worth: 1 when both are sure, half when one is not."""
    said: dict[Link, list[Verdict]] = {}
    rows = session.exec(
        select(TrialTalk.mentor_id, TrialTalk.mentee_id, TrialVoice.says)
        .join(TrialVoice, col(TrialVoice.talk_id) == TrialTalk.id)
        .where(TrialTalk.programme_id == programme.id)
    )
    for mentor, mentee, says in rows:
        said.setdefault((mentor, mentee), []).append(Verdict(says))
    worth = {(Verdict.YES, Verdict.YES): 1.0, (Verdict.MAYBE, Verdict.YES): 0.5}
    return {
        link: worth[both] for link, words in said.items() if (both := tuple(sorted(words))) in worth
    }


# Made once: a fresh alias works out each of its columns anew.
_own, _other = aliased(Participant), aliased(Participant)


def refusals(session: Session, programme: Programme) -> dict[int, frozenset[int]]:
    """Whom somebody would rather not have after a talk, by person id: as private as an avoid list."""
    rows = session.exec(
        select(_own.person_id, _other.person_id)
        .join(TrialVoice, col(TrialVoice.participant_id) == _own.id)
        .join(TrialTalk, col(TrialTalk.id) == TrialVoice.talk_id)
        .join(
            _other,
            (col(_other.id) != _own.id)
            & ((_other.id == TrialTalk.mentor_id) | (_other.id == TrialTalk.mentee_id)),
        )
        .where(TrialTalk.programme_id == programme.id, TrialVoice.says == Verdict.NO)
    )
    found: dict[int, set[int]] = {}
    for one, avoided in rows:
        found.setdefault(one, set()).add(avoided)
    return {one: frozenset(avoided) for one, avoided in found.items()}


def counts(session: Session, programme: Programme) -> tuple[int, int]:
    """How many trial talks there are, and how many words on them came back."""
    talks = select(TrialTalk.id).where(TrialTalk.programme_id == programme.id)
    said = select(func.count(col(TrialVoice.id))).where(
        col(TrialVoice.talk_id).in_(talks), TrialVoice.says != Verdict.NOTHING
    )
    number = select(func.count(col(TrialTalk.id))).where(TrialTalk.programme_id == programme.id)
    return session.exec(number).one(), session.exec(said).one()
