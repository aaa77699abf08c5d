"""Several workspaces installed the bot: each has its own token, people and organisation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from sqlmodel import col, select

from bot.core.messages import say
from bot.core.news import Installed
from bot.platforms.slack.installations import Installations
from storage import outbox
from storage.models import (
    Delivery,
    DeliveryState,
    Organisation,
    Person,
    Role,
    Workspace,
    WorkspaceState,
)
from storage.sealing import Seal
from tests.slack.installing import KEY, OTHER_KEY, installation
from tests.slack.office import NUMBERS, SECRET, Office, account, office
from tests.world import World

LINES = (
    "SLACK_CLIENT_ID=12.34",
    "SLACK_CLIENT_SECRET=client-geheim",
    f"SLACK_SIGNING_SECRET={SECRET}",
    "KOPPEL_PUBLIC_URL=https://koppel.example.com",
    f"KOPPEL_SECRET_KEYS={KEY}",
)
T1, T2 = "T1ACME", "T2WATER"
NOOR = account("U1", "Noor Visser", "nl-NL")


def tell(world: World, story: Callable[[Office], Awaitable[None]], *lines: str) -> None:
    store = Installations(world.database, "12.34", Seal([KEY]))

    async def told() -> None:
        async with office(world, NOOR, teams=(T1, T2), lines=(*LINES, *lines), wait=0) as here:
            for team in (T1, T2):
                await store.async_save(installation(team, bot_token=f"xoxb-{team}"))
                await here.app.hear(Installed("slack", team, name=team, by="U1"))
            await story(here)

    asyncio.run(told())


async def asks_for_help(here: Office, team: str) -> Any:
    return await here.command("U1", "help", team_id=team)


def test_each_is_answered_with_its_own_token_and_is_an_organisation_of_its_own(
    world: World,
) -> None:
    async def story(here: Office) -> None:
        for team in (T1, T2):
            assert "privébericht" in (await asks_for_help(here, team)).json["text"]
        for team in (T1, T2):
            assert await here.until(partial(here.fake.called, "chat.postMessage", team))

    tell(world, story)
    workspaces = world.rows(select(Workspace).where(Workspace.platform == "slack"))
    assert len({workspace.organisation_id for workspace in workspaces}) == 2
    assert {o.name for o in world.rows(select(Organisation))} >= {T1, T2}
    people = world.rows(select(Person).where(Person.name == "Noor Visser"))
    assert len(people) == 2  # one account in each, of two employers


def test_whoever_installs_is_the_first_administrator_and_the_second_is_not(world: World) -> None:
    async def story(here: Office) -> None:
        await here.app.hear(Installed("slack", T1, by="U2"))

    tell(world, story)
    admins = world.rows(select(Role).where(col(Role.programme_id).is_(None)))
    assert len(admins) == 2  # one in each organisation


def test_a_workspace_that_never_installed_is_told_nothing(world: World) -> None:
    async def story(here: Office) -> None:
        assert "Koppel" not in (await asks_for_help(here, "T9STRANGE")).text
        assert here.fake.called("chat.postMessage", "T9STRANGE") == []

    tell(world, story)


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
def test_a_workspace_that_removes_the_bot_takes_its_token_along(world: World, event: str) -> None:
    async def story(here: Office) -> None:
        body = {
            "type": "event_callback",
            "team_id": T1,
            "event_id": f"Ev{next(NUMBERS)}",
            "event": {"type": event, "tokens": {"bot": ["U0BOT"]}},
        }
        assert (await here.sends(body)).status == 200
        assert "privé" not in (await asks_for_help(here, T1)).text
        assert "privébericht" in (await asks_for_help(here, T2)).json["text"]

    tell(world, story)
    states = {w.external: w.state for w in world.rows(select(Workspace))}
    assert (states[T1], states[T2]) == (WorkspaceState.GONE, WorkspaceState.ACTIVE)


def test_workspaces_of_one_employer_share_an_organisation(world: World) -> None:
    async def story(here: Office) -> None:
        await asks_for_help(here, T1)

    tell(world, story, "KOPPEL_ORGANISATION=Waterkant", f"SLACK_WORKSPACES={T1},{T2}")
    workspaces = world.rows(select(Workspace).where(Workspace.platform == "slack"))
    assert len({workspace.organisation_id for workspace in workspaces}) == 1


def test_the_page_to_install_from_stands_there(world: World) -> None:
    async def story(here: Office) -> None:
        async with here.get("/slack/install") as page:
            assert page.status == 200
            assert "Koppel" in await page.text()

    tell(world, story)


def test_without_the_key_of_its_token_a_workspace_waits_and_loses_nothing(world: World) -> None:
    store = Installations(world.database, "12.34", Seal([OTHER_KEY]))

    async def story(here: Office) -> None:
        await store.async_save(installation(T1, bot_token=f"xoxb-{T1}"))
        with world.database.transaction() as session:
            noor = session.exec(select(Person).order_by(col(Person.id))).first()
            assert noor
            outbox.promise(session, noor, say("Hello"), key="hello", now=world.now)
        await here.app.post()

    tell(world, story)
    states = {w.external: w.state for w in world.rows(select(Workspace))}
    assert (states[T1], states[T2]) == (WorkspaceState.PAUSED, WorkspaceState.ACTIVE)
    [hello] = world.rows(select(Delivery).where(Delivery.key == "hello"))
    assert (hello.state, hello.attempts) == (DeliveryState.WAITING, 0)
