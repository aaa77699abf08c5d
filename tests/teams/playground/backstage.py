"""One person's Playground, running in its cage, against a bot of ours."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from tests.backstage import PATIENCE, Caged, Loop, caged
from tests.cage import HOST
from tests.teams.playground.binary import command
from tests.teams.playground.config import PEOPLE, Member, as_json

PATH = "/api/messages"


@contextmanager
def running(
    loop: Loop, sitting: Member, bot_port: int, path: str = PATH, connector: str = ""
) -> Iterator[str]:
    """Give the address of a Playground in front of which this person sits.

    It first knocks at the bot (HEAD), and answers nobody for 15 seconds when nobody opens.
    """
    program = command()
    with tempfile.TemporaryDirectory(prefix="teams-") as name:
        folder = Path(name)
        config = json.dumps(as_json(sitting, PEOPLE), ensure_ascii=False)
        (folder / ".m365agentsplayground.yml").write_text(config, "utf-8")

        def start(port: int) -> tuple[object, ...]:
            service = connector or f"http://{HOST}:{port}/_connector"
            bot = ("-e", f"http://{HOST}:{bot_port}{path}", "-c", "msteams", "-p", port)
            return (*program, "start", *bot, "--service-url", service, "--disable-telemetry")

        with caged(loop, folder, bot_port, start) as there:
            address = f"http://{HOST}:{there.port}"
            loop(lambda: _answers(address, there))
            yield address


async def _answers(address: str, there: Caged) -> None:
    async with asyncio.timeout(PATIENCE - 1), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"{address}/_internal/v1/config") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                there.lives()
            await asyncio.sleep(0.05)
