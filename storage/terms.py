"""The terms of a round: the weights and rules as they were when it was computed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.models import Exclusion, Programme

OF_A_PROGRAMME = (
    "importance",
    "fair",
    "floor",
    "allow_same_team",
    "other_function",
    "repeat_after_months",
    "mixed_departments",
    "most_mentees",
    "wish_weight",
)


def of(session: Session, programme: Programme) -> dict[str, Any]:
    """What a round of this programme would be computed by now."""
    exclusions = session.exec(
        select(func.count(col(Exclusion.id))).where(Exclusion.programme_id == programme.id)
    ).one()
    found = {name: getattr(programme, name) for name in OF_A_PROGRAMME}
    return {**found, "exclusions": exclusions}
