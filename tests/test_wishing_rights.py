"""Only who runs a programme asks for wishes in it, closes them, or moves their end."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from bot.cards.wishings import (
    CloseWishing,
    OpenWishing,
    PlanAgain,
    PlanWishing,
    ProlongWishing,
)
from bot.core.actions import Action
from bot.platforms.local.screen import draw
from storage.models import AuditEntry, Wishing
from tests.hands import Hands
from tests.reviewing import coordinator, one_of_each
from tests.wishing import asks
from tests.world import World

pytestmark = pytest.mark.any_database

IN_A_WEEK = date(2026, 3, 9).toordinal()


@pytest.mark.parametrize(
    "pressed",
    [
        PlanWishing(1),
        PlanAgain(1),
        OpenWishing(1, IN_A_WEEK, hidden=False, mentors_too=False, trial_talks=False, percent=25),
        CloseWishing(1, sure=True),
        ProlongWishing(1),
    ],
    ids=lambda action: type(action).__name__,
)
@pytest.mark.parametrize("opened", [True, False])
def test_who_runs_another_programme_is_refused_and_nothing_changes(
    world: World, thomas: Hands, pressed: Action, opened: bool
) -> None:
    one_of_each(world)
    world.programme("Other")
    eve = coordinator(world, "Eve", programme=2)
    if opened:
        asks(thomas)
    before = _kept(world)
    card = eve.forges(pressed, closes_on=("2026-03-05",))
    assert card
    assert "Grow" not in draw(card)
    assert _kept(world) == before
    refused = [row for row in world.rows(select(AuditEntry)) if not row.allowed]
    assert len(refused) == (opened or hasattr(pressed, "programme"))


def _kept(world: World) -> list[dict[str, object]]:
    return [row.model_dump() for row in world.rows(select(Wishing))]
