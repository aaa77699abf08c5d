"""The bot as one of several processes, to be killed: `python -m tests.replica CIRCUMSTANCES`.

Everything is imported once. At the line "start" a bot is forked and its number told; at "bury NUMBER"
it is waited for, so that until then its number is not given to another.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.app import App
from bot.content import standard
from bot.core.platform import Limit
from bot.platforms.slack.installations import quiet
from bot.platforms.slack.sending import SlackPlatform
from tests import sealed
from tests.world import MONDAY


@dataclass(frozen=True)
class Circumstances:
    """What every one of the processes is told."""

    database: str
    slack: str  # the address of its Web API
    limit: Limit  # of a workspace, as the bot knows it
    lease: float  # seconds
    patience: float  # seconds for an answer of Slack's
    began: float  # the moment at which the programme's clock, which may run faster, said MONDAY
    log: str  # the file to which all of them write
    speed: float = 1.0

    def written(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def read(line: str) -> Circumstances:
        found = json.loads(line)
        return Circumstances(**found | {"limit": Limit(*found["limit"])})

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=(time.time() - self.began) * self.speed)


async def work(given: Circumstances) -> None:
    """The real bot, its clock ticking, until it is killed."""
    logs.begin("INFO", "json")
    database = sealed.opened(given.database)
    timeout = aiohttp.ClientTimeout(total=given.patience)
    async with aiohttp.ClientSession(timeout=timeout) as session:

        async def client(workspace: str) -> AsyncWebClient:
            token = f"xoxb-{workspace}-{os.getpid()}"
            return AsyncWebClient(token, base_url=given.slack, session=session, logger=quiet)

        platform = SlackPlatform(client, limit=given.limit)
        lease = timedelta(seconds=given.lease)
        async with App(database, {"slack": platform}, now=given.now, lease=lease).working():
            await asyncio.Event().wait()


def forked(job: Callable[[], object], log: str) -> int:
    """The number of a process that does this and then ends; what it logs is added to a file."""
    number = os.fork()
    if number == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 1)
        try:
            job()
        finally:
            os._exit(1)
    return number


def main(line: str) -> None:
    given = Circumstances.read(line)
    standard()
    print("ready", flush=True)  # noqa: T201
    for asked in sys.stdin:
        match asked.split():
            case ["start"]:
                print(forked(lambda: asyncio.run(work(given)), given.log), flush=True)  # noqa: T201
            case ["bury", number]:
                status = os.waitstatus_to_exitcode(os.waitpid(int(number), 0)[1])
                print(status, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
