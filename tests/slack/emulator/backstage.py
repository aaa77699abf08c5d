"""local-slack, running in its cage."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.backstage import PATIENCE, Caged, Loop, caged
from tests.cage import HOST
from tests.slack.emulator.binary import binary

Json = dict[str, Any]


class Workspace:
    """A running local-slack: its `_control` addresses and the socket that its own page uses."""

    def __init__(self, loop: Loop, port: int) -> None:
        self._loop, self.address = loop, f"http://{HOST}:{port}"

    async def state(self) -> Json:
        """Everything there is: channels, messages, open modals, Home tabs, the log."""
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{self.address}/ui") as ui:
            first: Json = (await ui.receive_json())["state"]
            return first

    async def control(self, path: str, **body: Any) -> Json:
        """Returns when the bot has answered, or should have."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.address}/_control/{path}", json=body) as answer,
        ):
            said: Json = await answer.json()
            return said

    async def get(self, path: str) -> Json:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{self.address}/_control/{path}") as answer,
        ):
            said: Json = await answer.json()
            return said

    async def page(self, until: str, **frame: Any) -> Json:
        """Do what only the page can do, and wait for what comes of it."""
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{self.address}/ui") as ui:
            await ui.receive_json()
            await ui.send_json(frame)
            while True:
                heard: Json = await ui.receive_json(timeout=PATIENCE)
                if heard["t"] in until.split("|"):
                    return heard


@contextmanager
def workspace(loop: Loop, config: Json, bot_port: int) -> Iterator[Workspace]:
    """local-slack with this configuration, whose events go to a port of ours."""
    program = binary()
    with tempfile.TemporaryDirectory(prefix="slack-") as name:
        folder = Path(name)
        (folder / "config.json").write_text(json.dumps(config))

        def command(port: int) -> tuple[object, ...]:
            with_config = (program, "--config", folder / "config.json", "--port", port)
            return (*with_config, "--base-host", HOST, "--files-dir", folder / "files")

        with caged(loop, folder, bot_port, command) as running:
            found = Workspace(loop, running.port)
            loop(lambda: _answers(found, running))
            yield found


async def _answers(found: Workspace, running: Caged) -> None:
    async with asyncio.timeout(PATIENCE - 1):
        while True:
            try:
                await found.state()
                return
            except (aiohttp.ClientError, TypeError):  # TypeError: hung up before the first word
                running.lives()
                await asyncio.sleep(0.05)
