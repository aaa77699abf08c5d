"""What a programme's coordinators decided, as the solver wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.matching import CRITERIA, Importance, Rules, weights_of
from storage import dry_runs, exclusions, mentorships, rounds, rulings, wishes
from storage.models import Programme


def of_programme(session: Session, programme: Programme, now: datetime) -> Rules:
    """Everything that a round of this programme must keep to, and how it weighs."""
    pinned, forbidden = rulings.links(session, programme)
    return Rules(
        floor=programme.floor,
        allow_same_team=programme.allow_same_team,
        mixed=frozenset(programme.mixed_departments),
        excluded=frozenset(exclusions.of_programme(session, programme)),
        past_pairs=mentorships.past_pairs(session, programme, now),
        forbidden=forbidden,
        pinned=pinned,
        weights=weights_of(importance(programme)),
        fair=programme.fair,
        bonus=wishes.bonus(session, programme),
        other_function=programme.other_function,
    )


def of_next_round(session: Session, programme: Programme, now: datetime) -> Rules:
    """The same with every pair that is fixed or approved by now; the others under review rather stay."""
    pinned, _ = rounds.fixed(session, programme)
    kept = dry_runs.pairs_under_review(session, programme)
    return replace(of_programme(session, programme, now), pinned=pinned, kept=kept)


def importance(programme: Programme) -> dict[str, Importance]:
    """How much each criterion counts; what was stored of a criterion that is no more is left out."""
    stored, words = programme.importance, set(Importance)
    return {
        criterion.key: Importance(stored[criterion.key])
        for criterion in CRITERIA
        if stored.get(criterion.key) in words
    }
