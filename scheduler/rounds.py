"""A round that was asked for is computed, and its coordinators hear what was found.

Claimed, loaded, solved and saved, each for itself: nobody who writes waits for the solving. Between
the steps the process may die; then the claim ends, and the next one begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from bot.cards import dry_run
from bot.cards import matching as cards
from bot.core.messages import Message
from bot.matching import Cancelled, Profile, Rules
from bot.matching.findings import findings
from bot.matching.people import Link
from bot.texts import Translator, translator
from scheduler.solving import solve
from storage import (
    computing,
    dry_runs,
    outbox,
    profiles,
    programmes,
    roles,
    rounds,
    waiting,
    wishes,
)
from storage import rules as programme_rules
from storage.computing import Claim
from storage.database import Database, has_read
from storage.models import Programme, Round
from storage.outages import Away

log = structlog.get_logger()
SIGN_OF_LIFE = 1.0  # seconds between two
Moment = Callable[[], datetime]
Stopped = Callable[[], bool]


class _Stopping(Exception):
    """The bot is being stopped: whoever comes next computes the round."""


@dataclass
class _Work:
    """A round in our hands."""

    database: Database
    claim: Claim
    stopped: Stopped
    told: float = 0.0  # when we gave the last sign of life

    def beat(self, done: float) -> None:
        """Tell how far it is, hold on to the claim, and end when nobody wants the round any more."""
        if self.stopped():
            raise _Stopping
        if time.monotonic() < self.told + SIGN_OF_LIFE:
            return
        self.told = time.monotonic()
        try:
            with self.database.transaction() as session:
                self.claim = computing.renew(session, self.claim, done)
        except Away:
            pass
        except (OperationalError, InterfaceError):
            log.warning("round.silent", round=self.claim.round)  # the lease outlasts many of these


def compute_requested(database: Database, now: Moment, stopped: Stopped) -> int:
    """Be done with the oldest round that waits, solved or failed; how many that were (0 or 1)."""
    with database.transaction() as session:
        claim = computing.claim(session)
    if claim is None:
        return 0
    work = _Work(database, claim, stopped, time.monotonic())
    try:
        _compute(work, now)
    except Cancelled:
        log.info("round.unwanted", round=claim.round)
    except _Stopping:
        _let_go(work)
        return 0
    except (OperationalError, InterfaceError):
        _let_go(work)
        raise  # the database is busy or away: the next tick tries again
    except Exception as error:  # tried again it would fail again, and keep all others waiting
        log.error("round.failed", round=claim.round, error=type(error).__name__)
        _fail(work, now())
    return 1


@dataclass(frozen=True)
class _Loaded:
    """All that a round rests on."""

    people: Sequence[Profile]
    rules: Rules
    firsts: frozenset[Link]


def _compute(work: _Work, now: Moment) -> None:
    loaded = _load(work, now())
    outcome = solve(loaded.people, loaded.rules, work.claim.seed, work.beat)
    found = findings(loaded.people, loaded.firsts, outcome).as_dict()
    for kind, rows in computing.parts(work.claim, outcome):
        with work.database.transaction() as session:
            computing.put(session, work.claim, kind, rows)
        work.beat(1.0)
    with work.database.transaction() as session:
        pins = loaded.rules.pinned
        round_ = computing.finish(session, work.claim, outcome, pins, found, now())
        if round_ is not None:
            _show(session, round_, now())


def _load(work: _Work, now: datetime) -> _Loaded:
    """Everyone who takes part, and what was decided."""
    with work.database.look() as session:
        programme = session.get_one(Programme, work.claim.programme)
        people = profiles.of_programme(session, programme, now)
        rules = programme_rules.of_next_round(session, programme, now)
        loaded = _Loaded(people, rules, wishes.firsts(session, programme))
        has_read(session)
        return loaded


def _show(session: Session, round_: Round, now: datetime) -> None:
    """The coordinators hear what was found, each what they may."""
    programme = session.get_one(Programme, round_.programme_id)
    for one in roles.coordinators(session, programme):
        view = dry_runs.view(session, round_, programme, one)
        card = dry_run.result(translator(one.locale), view)
        outbox.promise(session, one, card, key=f"round:{round_.id}:{one.id}", now=now)


def _let_go(work: _Work) -> None:
    try:
        with work.database.transaction() as session:
            computing.let_go(session, work.claim)
    except (Cancelled, OperationalError, InterfaceError):
        log.info("round.left", round=work.claim.round)  # its lease will end by itself


def _fail(work: _Work, now: datetime) -> None:
    try:
        with work.database.transaction() as session:
            programme = computing.give_up(session, work.claim)
            why, review = f"round:{work.claim.round}", rounds.under_review(session, programme)
            _tell(session, programme, why, lambda t: _failed(t, programme, review), now)
    except Cancelled:
        log.info("round.unwanted", round=work.claim.round)


def _failed(t: Translator, programme: Programme, review: Round | None) -> Message:
    return cards.failed(t, programme.name, programme.slug, earlier=review is not None)


def remind_of_promised_rounds(session: Session, now: datetime) -> int:
    """People were told a day: when it comes, the coordinators hear that it has, once."""
    for programme in programmes.rounds_due(session, now):
        _remind(session, programme, now)
        programme.next_round_on = None
    return 0


def _remind(session: Session, programme: Programme, now: datetime) -> None:
    seeking = waiting.count(session, programme, now)
    _tell(
        session,
        programme,
        f"round-due:{programme.id}:{programme.next_round_on}",
        lambda t: cards.round_is_due(t, programme.name, programme.slug, seeking),
        now,
    )


def _tell(
    session: Session,
    programme: Programme,
    why: str,
    card: Callable[[Translator], Message],
    now: datetime,
) -> None:
    """A message to each coordinator, in their language."""
    for coordinator in roles.coordinators(session, programme):
        message = card(translator(coordinator.locale))
        outbox.promise(session, coordinator, message, key=f"{why}:{coordinator.id}", now=now)
