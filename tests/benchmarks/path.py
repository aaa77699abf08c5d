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
from tests.benchmarks.path_load import KINDS, Load, argument, user
from tests.databases import postgres
from tests.slack.installing import KEY
from tests.slack.office import SECRET, TEAM

PEOPLE = 1_600  # as many as there are answers to give: everybody answers a question once
AT_ONCE = {1: 300, 10: 300, 50: 1_000}  # requests of one figure
HAMMERED = 10_000  # events from one person
BARE = 4  # times as many, where nothing is done
SOON = 60.0  # seconds in which a server must have begun
TOLD = {"command": "/mentor status", "button": "a button of a card", "answer": "a typed answer"}
Figures = dict[tuple[str, int], dict[str, float]]


async def _measure(say: Any) -> None:
    bolt = ["-m", "tests.benchmarks.path_bare"]
    async with _slack() as hooks:
        for name, url in _databases():
            async with _server(bolt, {"SLACK_API_URL": _api(hooks)}) as port:
                bare = await _all(port, hooks, BARE)
            _tell(say, "bare Bolt", bare, bare)
            _fill(url)
            async with koppel(url, hooks) as port:
                for number, kind in enumerate(("command", "join"), 1):
                    await ask(Load(port, kind, PEOPLE, 10, PEOPLE, hooks, first=number * 10**8))
                _tell(say, f"Koppel on {name}", await _all(port, hooks), bare)
                say(await _hammered(port, hooks))


def _tell(say: Any, what: str, found: Figures, bare: Figures) -> None:
    for (kind, at_once), one in found.items():
        ratio = one["rate"] / bare[kind, at_once]["rate"]
        say(
            f"{what}, {TOLD[kind]}, {at_once} at once: {one['rate']:.0f}/s ({ratio:.2f} of bare), "
            f"median {one['median'] * 1000:.1f} ms, 99th percentile {one['most'] * 1000:.1f} ms"
        )


async def _hammered(port: int, hooks: str) -> str:
    """One person types without end; the others go on."""
    first = 5 * 10**8
    hammer = asyncio.create_task(ask(Load(port, "answer", HAMMERED, 20, 1, hooks, first)))
    others = await ask(Load(port, "command", 200, 1, PEOPLE, hooks, first))
    found = await hammer
    return (
        f"one person types {HAMMERED:,} times, {found['rate']:.0f}/s, of which {found['refused']:,} "
        f"are refused; meanwhile others' /mentor status: median {others['median'] * 1000:.1f} ms, "
        f"99th percentile {others['most'] * 1000:.1f} ms, {others['refused']} refused"
    )


async def _all(port: int, hooks: str, times: int = 1) -> Figures:
    """Every kind, at every number at once: one after the other."""
    found = Figures()
    for kind in KINDS:
        first = 0
        for at_once, number in AT_ONCE.items():
            load = Load(port, kind, number * times, at_once, PEOPLE, hooks, first)
            found[kind, at_once] = one = await ask(load)
            assert not one["refused"], load
            first += number * times
    return found


async def ask(load: Load) -> dict[str, float]:
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
    found: dict[str, float] = json.loads(out)
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
