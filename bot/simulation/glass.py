"""Behind the glass: what Koppel knows of somebody now, what falls due, why then, and what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.core.markup import escape
from bot.core.rhythm import Rhythm
from bot.core.working_time import next_day_open
from bot.platforms.local.stage import Pane
from bot.simulation.behind import Outbox, of_programme
from bot.texts import Translator
from storage import mentorships, people, programmes
from storage.mentorships import Mine
from storage.models import (
    CheckIn,
    Identity,
    Invite,
    Part,
    Participant,
    ParticipantState,
    Person,
    Programme,
    TrialVoice,
    Wisher,
)


@dataclass(frozen=True)
class Looked:
    """Who is looked at, and for whom it is put into words: `zone` is theirs."""

    session: Session
    t: Translator
    person: Person
    now: datetime

    @property
    def zone(self) -> str:
        return self.person.time_zone

    def moment(self, at: datetime) -> str:
        return self.t.moment(at, self.zone)


def panes(
    session: Session, t: Translator, user: str, now: datetime, *, channel: bool
) -> list[Pane]:
    """What stands behind a private chat; behind a channel, the programme that speaks there."""
    person = session.exec(
        select(Person)
        .join(Identity, col(Identity.person_id) == Person.id)
        .where(Identity.user == user)
    ).first()
    programme = session.exec(select(Programme)).first()
    if person is None or programme is None:
        return []
    look = Looked(session, t, person, now)
    coordinates = any(one.id == programme.id for one in programmes.coordinated_by(session, person))
    found = [] if channel else [_standing(look), _due(look)]
    if channel or coordinates:
        found.append(of_programme(session, t, programme, look.zone))
    return [*found, Outbox(session, t, look.zone).pane(None if channel else person)]


def _standing(look: Looked) -> Pane:
    """Their part, their pairs, and when they may be disturbed."""
    rows = [(look.t("Works"), _hours(look))]
    for participant, programme in programmes.participations(look.session, look.person):
        rows.append((escape(programme.name), _part(look, participant)))
    for mine in mentorships.running(look.session, look.person):
        rows.append((look.t("Pair"), _pair(look, mine)))
    if people.is_paused(look.person, look.now) and look.person.paused_until:
        rows.append((look.t("Paused"), look.moment(look.person.paused_until)))
    if len(rows) == 1:
        rows.append((look.t("Programme"), look.t("has not joined")))
    return Pane(look.t("How {name} stands", name=look.person.name), tuple(rows))


def _hours(look: Looked) -> str:
    person = look.person
    days = [look.t.weekday(int(day)) for day in person.working_days]
    return f"{', '.join(days)} · {person.work_start:%H:%M}–{person.work_end:%H:%M} ({person.time_zone})"


def _part(look: Looked, participant: Participant) -> str:
    if participant.state is ParticipantState.LEFT:
        return look.t("left")
    both = participant.mentor and participant.mentee
    part = look.t("mentor and mentee") if both else _role(look, mentor=participant.mentor)
    if participant.waiting_since:
        part += " · " + look.t("waits since {day}", day=look.moment(participant.waiting_since))
    return part


def _role(look: Looked, *, mentor: bool) -> str:
    return look.t("mentor") if mentor else look.t("mentee")


def _names(mine: Mine) -> str:
    return ", ".join(person.name for _, person in mine.others)


def _pair(look: Looked, mine: Mine) -> str:
    part = _role(look, mentor=mine.member.part is Part.MENTOR)
    phase = [
        look.t(
            "as {part} of {name}",
            part=part,
            name=_names(mine),
        ),
        look.t("since {day}", day=look.t.day(mine.mentorship.started_on, weekday=False)),
        look.t("meets every {n} days", n=Rhythm(mine.mentorship.rhythm).days),
    ]
    if mine.member.silent > 0:
        phase.append(look.t("check-ins without an answer: {n}", n=mine.member.silent))
    if mine.mentorship.stuck_since:
        phase.append(look.t("stuck since {day}", day=look.moment(mine.mentorship.stuck_since)))
    return "; ".join(phase)


# --- what falls due, and why then ---


def _due(look: Looked) -> Pane:
    rows = sorted(_moments(look), key=lambda row: row[0])
    note = look.t("Questions that fall due together come in one message, at most one a day.")
    if look.person.last_nudged_on == people.today(look.person, look.now):
        later = next_day_open(people.working_time(look.person), look.now)
        if later:
            note += " " + look.t(
                "There was one today: the next may come {moment}.", moment=look.moment(later)
            )
    told = tuple((look.moment(at), why) for at, why in rows)
    return Pane(look.t("What falls due, and why then"), told, note)


def _moments(look: Looked) -> Iterator[tuple[datetime, str]]:
    for mine in mentorships.running(look.session, look.person):
        yield from _of_pair(look, mine)
    yield from _before_a_round(look)
    for at in look.session.exec(select(Invite.ask_at).where(Invite.person_id == look.person.id)):
        if at:
            yield at, look.t("sends the survey that is open")


def _before_a_round(look: Looked) -> Iterator[tuple[datetime, str]]:
    of_them = select(Participant.id).where(Participant.person_id == look.person.id)
    wished = select(Wisher.ask_at).where(col(Wisher.participant_id).in_(of_them))
    talked = select(TrialVoice.tell_at, TrialVoice.ask_at).where(
        col(TrialVoice.participant_id).in_(of_them)
    )
    for at in filter(None, look.session.exec(wished)):
        yield at, look.t("asks whom they wish: a round comes")
    for told, asked in look.session.exec(talked):
        if told:
            yield told, look.t("tells with whom a first talk is")
        if asked:
            yield (
                asked,
                look.t("asks how a first talk was: seven working days after it was told"),
            )


def _of_pair(look: Looked, mine: Mine) -> Iterator[tuple[datetime, str]]:
    member = mine.member
    if member.ask_at and member.due_on:
        yield (
            member.ask_at,
            look.t(
                "asks whether they met {name}: every {n} days, so on {day}, in their working hours",
                name=_names(mine),
                n=Rhythm(mine.mentorship.rhythm).days,
                day=look.t.day(member.due_on),
            ),
        )
    if member.fit_at:
        yield member.fit_at, look.t("asks in private whether the match is a good one")
    for at in look.session.exec(select(CheckIn.remind_at).where(CheckIn.member_id == member.id)):
        if at:
            yield at, look.t("asks again: the check-in was put off, or was not answered")
