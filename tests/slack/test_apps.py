"""Other apps in the workspace are nobody: they get no answer and become no colleague."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select

from storage.models import Person
from tests.slack.fake_slack import Json
from tests.slack.office import Office, account, office
from tests.world import World

NOOR = account("U01NOOR", "Noor Visser")
ROBOT = account("U0ROBOT", "Robot", is_bot=True)


def tell(world: World, story: Callable[[Office], Awaitable[None]], *people: Json) -> None:
    async def told() -> None:
        async with office(world, *people) as here:
            await story(here)
            await asyncio.sleep(0.2)
            assert not here.fake.whispers

    asyncio.run(told())
    assert [person.name for person in world.rows(select(Person))] == ["Noor Visser"]


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"app_id": "A1"}])
def test_an_app_that_mentions_the_bot_becomes_no_colleague(
    world: World, more: dict[str, Any]
) -> None:
    async def story(here: Office) -> None:
        said = {"text": "<@U0BOT> help", "channel": "C01GEN", **more}
        assert (await here.event("U0NEW", "app_mention", **said)).status == 200

    tell(world, story, NOOR)


@pytest.mark.parametrize("event", ["app_mention", "app_home_opened"])
def test_the_account_of_an_app_becomes_no_colleague(world: World, event: str) -> None:
    async def story(here: Office) -> None:
        for _ in range(2):
            assert (await here.event("U0ROBOT", event)).status == 200
        assert (await here.command("U0ROBOT", "help")).text == ""
        assert len(here.fake.called("users.info")) <= 1
        assert "U0ROBOT" not in here.fake.homes

    tell(world, story, NOOR, ROBOT)
