"""From a signed request to its committed answer, beside a Bolt app that only acknowledges: each server
a process of its own, asked by another, on the same cores."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import insert
from sqlmodel import Session

from storage import schema
from storage.models import (
    Identity,
    Member,
    Mentorship,
    Organisation,
    Participant,
    Person,
    Programme,
    Workspace,
)
from storage.models.mentorships import Part
from tests import sealed
from tests.benchmarks.path_load import KINDS, Found, Load, argument, user
from tests.databases import postgres
from tests.slack.installing import KEY
from tests.slack.office import SECRET, TEAM

PEOPLE = 3_000  # more than there are answers to give: everybody answers a question once
# How many at once: turns of the bare app and of Koppel, one after the other since machines change
# their pace, and requests of a turn.
AT_ONCE = {1: (2, 100), 10: (2, 100), 50: (6, 400)}
HAMMERED = 10_000  # events from one person
BARE = 4  # times as many, where nothing is done
SOON = 60.0  # seconds in which a server must have begun
TOLD = {"command": "/mentor status", "button": "a button of a card", "answer": "a typed answer"}


async def _measure(say: Any) -> None:
    bolt = ["-m", "tests.benchmarks.path_bare"]
    async with _slack() as hooks:
        for name, url in _databases():
            _fill(url)
            async with (
                _server(bolt, {"SLACK_API_URL": _api(hooks)}) as bare,
                koppel(url, hooks) as port,
            ):
                for number, kind in enumerate(("command", "join"), 1):
                    await ask(Load(port, kind, PEOPLE, 10, PEOPLE, hooks, first=number * 10**8))
                await _all(say, name, bare, port, hooks)
                say(await _hammered(port, hooks))


async def _all(say: Any, name: str, bare: int, port: int, hooks: str) -> None:
    """Every kind, at every number at once, the two servers by turns."""
    for kind in KINDS:
        first = 0
        for at_once, (turns, number) in AT_ONCE.items():
            beside, ours = list[Found](), list[Found]()
            for _ in range(turns):
                load = Load(bare, kind, number * BARE, at_once, PEOPLE, hooks, first * BARE)
                beside.append(await ask(load))
                load = Load(port, kind, number, at_once, PEOPLE, hooks, first)
                ours.append(await ask(load))
                assert not ours[-1]["refused"], load
                first += number
            _tell(say, f"{name}, {TOLD[kind]}, {at_once} at once", beside, ours)


def _tell(say: Any, what: str, bare: list[Found], ours: list[Found]) -> None:
    """The ratio is the median of all turns: what they share is the pace of the machine then."""
    ratio = median(one["rate"] / other["rate"] for one, other in zip(ours, bare, strict=True))
    took = sorted(seconds for one in ours for seconds in one["took"])
    slowest, fastest = (f"{least([one['rate'] for one in ours]):.0f}" for least in (min, max))
    say(
        f"{what}: {median(one['rate'] for one in ours):.0f}/s ({slowest} to {fastest}), {ratio:.3f} "
        f"of bare Bolt's {median(one['rate'] for one in bare):.0f}/s; median "
        f"{median(took) * 1000:.1f} ms, 99th percentile {took[int(len(took) * 0.99)] * 1000:.1f} ms"
    )


async def _hammered(port: int, hooks: str) -> str:
    """One person types without end; the others go on."""
    first = 5 * 10**8
    hammer = asyncio.create_task(ask(Load(port, "answer", HAMMERED, 20, 1, hooks, first)))
    others = await ask(Load(port, "command", 200, 1, PEOPLE, hooks, first))
    found = await hammer
    return (
        f"one person types {HAMMERED:,} times, {found['rate']:.0f}/s, of which {found['refused']:,} "
        f"are refused; meanwhile others' /mentor status: median {median(others['took']) * 1000:.1f} ms, "
        f"99th percentile {others['took'][198] * 1000:.1f} ms, {others['refused']} refused"
    )


async def ask(load: Load) -> Found:
    """What a process of its own measures."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.path_load",
        argument(load),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, load
    found: Found = json.loads(out)
    return found


@asynccontextmanager
async def _slack() -> AsyncIterator[str]:
    """Where answers and letters go, and what is asked of Slack: it says yes to all."""

    async def hook(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="ok")

    async def method(request: web.Request) -> web.Response:
        raw = request.content_type == "application/json"
        said: dict[str, Any] = {
            **request.query,
            **await (request.json() if raw else request.post()),
        }
        who = str(said.get("users") or said.get("channel") or "")
        found: dict[str, dict[str, Any]] = {
            "auth.test": {"team_id": TEAM, "team": "Bench", "user_id": "U0BOT", "bot_id": "B0BOT"},
            "conversations.open": {"channel": {"id": f"D{who}"}},
            "chat.postMessage": {"ts": "1.0", "channel": who},
        }
        return web.json_response({"ok": True, **found.get(request.match_info["method"], {})})

    app = web.Application()
    app.router.add_post("/response/{id}", hook)
    app.router.add_route("*", "/api/{method}", method)
    async with TestServer(app) as server:
        yield str(server.make_url("/response"))


@asynccontextmanager
async def koppel(url: str, hooks: str) -> AsyncIterator[int]:
    """The bot as it is started by whoever runs it; where it listens."""
    chosen = {
        "KOPPEL_DATABASE_URL": url,
        "KOPPEL_SECRET_KEYS": KEY,
        "KOPPEL_LOG_LEVEL": "ERROR",
        "SLACK_BOT_TOKEN": f"xoxb-{TEAM}",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": _api(hooks),
    }
    async with _server(["-m", "bot", "run", "--port"], chosen) as port:
        yield port


def _api(hooks: str) -> str:
    return hooks.replace("/response", "/api/")


@asynccontextmanager
async def _server(command: list[str], chosen: dict[str, str]) -> AsyncIterator[int]:
    """A server in a process of its own, until the body is over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, str(port), env={**os.environ, **chosen}
    )
    try:
        await asyncio.wait_for(_listens(port, process), SOON)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _listens(port: int, process: asyncio.subprocess.Process) -> None:
    while process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def _databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="koppel-") as folder:
        yield "SQLite", f"sqlite:///{(Path(folder) / 'path.db').as_posix()}"
    with postgres() as server:
        yield "PostgreSQL", server.create()


def _fill(url: str) -> None:
    """A programme in which everybody of whom there is an account has a partner."""
    schema.upgrade(url)
    database = sealed.opened(url)
    with database.transaction() as session:
        _company(session)
    database.close()


def _company(session: Session) -> None:
    now = datetime.now(UTC)
    session.add(Organisation(id=1, name="Bench"))
    session.flush()
    session.add(
        Workspace(id=1, organisation_id=1, platform="slack", external=TEAM, people_seen_at=now)
    )
    for id_, name in ((1, "Grow"), (2, "Lead")):
        session.add(
            Programme(
                id=id_,
                organisation_id=1,
                name=name,
                slug=name.casefold(),
                starts_on=now.date(),
                ends_on=date(now.year + 1, now.month, 1),
            )
        )
    session.flush()
    numbers = range(1, PEOPLE + 1)
    rows: dict[Any, list[dict[str, Any]]] = {
        Person: [
            {"id": n, "organisation_id": 1, "name": f"Person {n}", "introduced": True}
            for n in numbers
        ],
        Identity: [
            {"person_id": n, "workspace_id": 1, "user": user(n - 1), "address": f"D{user(n - 1)}"}
            for n in numbers
        ],
        Participant: [
            {
                "id": n,
                "programme_id": 1,
                "person_id": n,
                "mentor": bool(n % 2),
                "mentee": not n % 2,
                "consented_at": now,
            }
            for n in numbers
        ],
        Mentorship: [
            {"id": n, "programme_id": 1, "rhythm": "weekly", "started_on": now.date()}
            for n in range(1, PEOPLE // 2 + 1)
        ],
        Member: [
            {
                "mentorship_id": (n + 1) // 2,
                "person_id": n,
                "participant_id": n,
                "part": Part.MENTOR if n % 2 else Part.MENTEE,
                "silent": 0,
            }
            for n in numbers
        ],
    }
    for table, values in rows.items():
        session.execute(insert(table), values)


def bench_path(say: Any) -> None:
    """Requests a second and how long they take, for each database."""
    asyncio.run(_measure(say))
