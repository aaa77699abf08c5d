"""Who is served: from a request with its token to what is remembered."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sqlmodel import select

from bot.app import App
from bot.core.news import Installed
from bot.platforms.teams.names import MESSAGES
from bot.platforms.teams.serving import Teams
from bot.settings import load
from storage.models import Person
from tests.teams import passports, said
from tests.teams.passports import office, token
from tests.teams.said import NOOR, TENANT, Json
from tests.teams.test_tokens import Microsoft
from tests.world import World

NOWHERE = "https://127.0.0.1:9/"  # nobody listens there


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({}, True),
        ({"channelData": {"tenant": {"id": "22222222-2222-2222-2222-222222222222"}}}, False),
        ({"channelData": {}, "conversation": {"id": "a:noor"}}, False),
    ],
)
def test_only_the_tenant_of_the_settings_is_served(
    world: World, tmp_path: Path, given: Json, known: bool
) -> None:
    """From the request with its token to what is remembered; what is said in answer goes nowhere."""
    file = tmp_path / "teams.env"
    lines = (
        f"TEAMS_APP_ID={passports.APP}",
        f"TEAMS_TENANT_ID={TENANT}",
        "TEAMS_APP_PASSWORD=not~a.real-secret-of-forty-characters-x",
        "KOPPEL_PUBLIC_URL=https://koppel.example.com",
    )
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    async def story() -> None:
        async with office() as keys:
            url = f"{keys.url}/metadata"
            served = Teams(load(file), world.database, keys_url=url, microsoft=Microsoft())
            app = App(world.database, {}, now=lambda: world.now)
            await app.hear(Installed("teams", TENANT))
            application = web.Application()
            working = served.working(app, application.router, app.now)
            async with (
                served.connected(),
                working,
                TestServer(application, host="127.0.0.1") as server,
                ClientSession() as http,
            ):
                here = server.make_url(MESSAGES)
                body = said.message(NOOR, "help", service=NOWHERE) | given
                headers = {"Authorization": token(serviceurl=NOWHERE)}
                async with http.post(here, json=body, headers=headers) as answer:
                    assert answer.status == 202
                async with http.post(here, json=body) as answer:
                    assert answer.status == 401

    asyncio.run(story())
    assert (NOOR.name in {each.name for each in world.rows(select(Person))}) is known
