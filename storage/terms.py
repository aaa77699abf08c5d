"""The terms of a round: the weights and rules as they were when it was computed."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from storage import exclusions
from storage.models import Programme

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
    apart = [list(sides) for sides in exclusions.of_programme(session, programme)]
    return {**{name: getattr(programme, name) for name in OF_A_PROGRAMME}, "exclusions": apart}
