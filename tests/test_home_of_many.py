"""Who runs many programmes gets a page that fits, and that costs no more than for one."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.platforms.local.screen import draw
from bot.platforms.slack import blocks
from bot.texts import translator
from storage.models import (
    Person,
)
from tests.hands import admin, commands, opens_home
from tests.slack.rules import check_view
from tests.world import MENTOR, World

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("locale", ["en", "nl"])
def test_twenty_programmes_fit_on_one_page_and_the_rest_is_counted(
    world: World, locale: str
) -> None:
    for number in range(20):
        world.programme(f"Programme {number} " + "with a long name " * 4)
    ada = admin(world, "Ada", locale)
    for number in range(1, 21):
        world.joins("Ada", MENTOR, number)
    with world.database.transaction() as session:
        ada_row = session.exec(select(Person).where(Person.name == "Ada")).one()
        ada_row.introduced = False
    page = opens_home(ada)
    drawn = blocks.home(page, nonce="n")
    assert len(drawn["blocks"]) <= 100
    assert "divider" in {block["type"] for block in drawn["blocks"]}  # nothing had to give way
    check_view(blocks.view(page, nonce="n", title="Koppel"))
    more = translator(locale).plural("and {n} more", "and {n} more", 8)
    assert more in draw(page)
    assert ("programme", "") in commands(page)


def test_the_page_asks_the_database_as_little_for_twelve_programmes_as_for_one(
    world: World,
) -> None:
    ada = admin(world, "Ada")
    asked: list[int] = []
    for made in (1, 11):
        for number in range(made):
            world.programme(f"P{made}-{number}")
        statements: list[str] = []

        def note(*args: object, seen: list[str] = statements) -> None:
            seen.append(str(args[2]))

        event.listen(world.database.engine, "before_cursor_execute", note)
        opens_home(ada)
        event.remove(world.database.engine, "before_cursor_execute", note)
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_the_card_of_twenty_programmes_fits_in_a_message_and_the_rest_is_counted(
    world: World,
) -> None:
    for number in range(20):
        world.programme(f"Programme {number} " + "with a long name " * 4)
    ada = admin(world, "Ada")
    for number in range(1, 21):
        world.joins("Ada", MENTOR, number)
    ada.types("/mentor home")
    assert ada.card is not None
    drawn = blocks.message(ada.card, nonce="n")
    assert len(drawn["blocks"]) <= 50
    assert "divider" in {block["type"] for block in drawn["blocks"]}  # nothing had to give way
    assert "and 15 more" in ada.sees
    assert ("programme", "") in commands(ada.card)
