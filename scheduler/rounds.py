"""A round that was asked for is computed, and its coordinators hear what was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from bot.cards import matching as cards
from bot.cards import overview
from bot.core.messages import Message
from bot.matching import match
from bot.texts import Translator, translator
from storage import outbox, profiles, programmes, roles, rounds, rules
from storage.models import Programme, ProgrammeState, Round, RoundState

log = structlog.get_logger()


def compute_requested(session: Session, now: datetime) -> int:
    """Be done with the oldest round that waits, solved or failed; how many that were (0 or 1)."""
    round_ = rounds.requested(session)
    if round_ is None:
        return 0
    programme = session.get_one(Programme, round_.programme_id)
    try:
        with session.begin_nested():  # what was half done is undone
            _compute(session, round_, programme, now)
    except (OperationalError, InterfaceError):
        raise  # the database is busy or away: the next tick tries again
    except Exception as error:  # tried again it would fail again, and keep all others waiting
        log.error("round.failed", round=round_.id, error=type(error).__name__)
        round_.state = RoundState.FAILED
        _tell(
            session,
            programme,
            f"round:{round_.id}",
            lambda t: cards.failed(t, programme.name, programme.slug),
            now,
        )
    return 1


def _compute(session: Session, round_: Round, programme: Programme, now: datetime) -> None:
    people = profiles.of_programme(session, programme, now)
    outcome = match(people, rules.of_programme(session, programme, now), round_.seed)
    rounds.save(session, round_, outcome, now)
    programme.state = ProgrammeState.REVIEW
    view = overview.Overview(**rounds.overview(session, round_, programme))
    _tell(session, programme, f"round:{round_.id}", lambda t: overview.overview(t, view), now)


def remind_of_promised_rounds(session: Session, now: datetime) -> int:
    """People were told a day: when it comes, the coordinators hear that it has, once."""
    for programme in programmes.rounds_due(session, now):
        _remind(session, programme, now)
        programme.next_round_on = None
    return 0


def _remind(session: Session, programme: Programme, now: datetime) -> None:
    people = profiles.of_programme(session, programme, now)
    seeking = sum(p.mentee and not p.paused for p in people)
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
