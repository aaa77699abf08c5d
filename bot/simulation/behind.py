"""Behind the glass of a whole programme: its phase and dates, and the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.core.markup import escape
from bot.platforms.local.stage import Pane
from bot.texts import Translator, mark
from storage import programmes
from storage.models import (
    Delivery,
    DeliveryState,
    Mentorship,
    MentorshipState,
    Person,
    Programme,
    Round,
    Wave,
)

LATEST = 8  # letters that are shown
# By the first word of a delivery's key: why it is sent.
_WHY = {
    "nudge": mark("the questions of that day"),
    "announced": mark("the announcement of a pair"),
    "waiting": mark("why there is no match yet"),
    "round": mark("a round to review"),
    "round-due": mark("the day of a round"),
    "round-announced": mark("a round was announced"),
    "digest": mark("the weekly digest"),
    "pulse": mark("the figures of a survey"),
    "stuck": mark("a pair that stands still"),
    "does-not-fit": mark("a match that does not fit"),
    "private": mark("an answer to what they asked"),
    "wishes": mark("the wishes are in"),
}
_STATES = {
    "planned": mark("planned"),
    "open": mark("open"),
    "closed": mark("closed"),
    "requested": mark("asked for"),
    "computing": mark("being worked out"),
    "review": mark("under review"),
    "announcing": mark("being announced"),
    "announced": mark("announced"),
    "replaced": mark("replaced by a later one"),
    "failed": mark("failed"),
    "cancelled": mark("stopped"),
    "waiting": mark("waits"),
    "sent": mark("arrived"),
    "unreachable": mark("cannot arrive"),
    "held": mark("held"),
}


def of_programme(session: Session, t: Translator, programme: Programme, zone: str) -> Pane:
    """Its phase, and the dates on which something comes by itself."""
    first, last = (t.day(day, weekday=False) for day in (programme.starts_on, programme.ends_on))
    rows = [
        (t("Runs"), f"{first} – {last}"),
        (t("People"), _people(session, t, programme)),
        *(_round(t, one) for one in _rounds(session, programme)),
    ]
    if programme.next_round_on:
        rows.append((t("Next round"), t.day(programme.next_round_on)))
    if programme.next_digest_at:
        rows.append((t("Next digest"), t.moment(programme.next_digest_at, zone)))
    waves = select(Wave).where(Wave.programme_id == programme.id).order_by(col(Wave.opens_at))
    for wave in session.exec(waves):
        rows.append((t("Survey"), f"{t.moment(wave.opens_at, zone)} · {_state(t, wave.state)}"))
    return Pane(escape(programme.name), tuple(rows))


def _people(session: Session, t: Translator, programme: Programme) -> str:
    pairs = session.exec(
        select(func.count(col(Mentorship.id))).where(
            Mentorship.programme_id == programme.id, Mentorship.state == MentorshipState.ACTIVE
        )
    ).one()
    there = t.plural("{n} takes part", "{n} take part", programmes.count(session, programme))
    return f"{there}, {t.plural('{n} pair', '{n} pairs', pairs)}"


def _rounds(session: Session, programme: Programme) -> list[Round]:
    query = select(Round).where(Round.programme_id == programme.id).order_by(col(Round.number))
    return list(session.exec(query))[-3:]


def _round(t: Translator, one: Round) -> tuple[str, str]:
    return t("Round {n}", n=one.number), _state(t, one.state)


@dataclass(frozen=True)
class Outbox:
    """The letters of one person or, of none, those for channels: what waits first."""

    session: Session
    t: Translator
    zone: str

    def pane(self, person: Person | None) -> Pane:
        whose = Delivery.person_id == (person.id if person else None)
        query = select(Delivery).where(whose).order_by(col(Delivery.id).desc()).limit(LATEST)
        rows = tuple(self._row(one) for one in self.session.exec(query))
        note = self.t(
            "A letter is written in the same moment as its reason, and leaves when it is due."
        )
        return Pane(self.t("Outbox: the latest letters"), rows, note)

    def _row(self, one: Delivery) -> tuple[str, str]:
        source = _WHY.get(one.key.partition(":")[0], mark("a message"))
        waits = one.state is DeliveryState.WAITING
        at = self.t.moment(one.due_at if waits else one.sent_at or one.due_at, self.zone)
        return at, f"{self.t(source)} · {_state(self.t, one.state)}"


def _state(t: Translator, state: str) -> str:
    source = _STATES[state]
    return t(source)
