"""The one address that Teams knows: a request comes in, the SDK makes a turn of it, an answer goes
out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import structlog
from aiohttp import web
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ActivityTypes

from bot.platforms.teams.gate import Denied, Gate, Unsettled

Json = dict[str, Any]
Turn = Callable[[Json], Awaitable[Json | None]]
LARGEST = 512 * 1024  # bytes of one activity; Teams sends far less
log = structlog.get_logger()


class Door(CloudAdapter):  # type: ignore[misc]
    """Every activity that the gate lets in becomes a turn; what the turn returns answers an invoke.

    `process` of the SDK serialises an invoke's answer twice and takes a bad token for our failure,
    so this one does without it.
    """

    def __init__(self, gate: Gate, turn: Turn) -> None:
        super().__init__(gate.sdk)
        self._gate, self._turn = gate, turn

    async def receive(self, request: web.Request) -> web.Response:
        """The handler for `POST /api/messages`."""
        body = await _read(request)
        activity = _activity(body) if body else None
        if body is None or activity is None:
            return web.Response(status=400, text="This is no activity.")
        try:
            checked = await self._gate.check(activity, request.headers)
        except Denied:
            return web.Response(status=401)
        except Unsettled:
            return web.Response(status=503, headers={"Retry-After": "5"})
        answer = await self.process_activity(checked, activity, self._logic(body))
        if answer is None:
            return web.Response(status=202)
        if answer.body is None:
            return web.Response(status=answer.status)
        return web.json_response(answer.body, status=answer.status)

    def _logic(self, body: Json) -> Callable[[TurnContext], Awaitable[None]]:
        async def logic(context: TurnContext) -> None:
            answer = await self._turn(body)
            if answer is not None and context.activity.type == ActivityTypes.invoke:
                value = InvokeResponse(status=200, body=answer)
                await context.send_activity(
                    Activity(type=ActivityTypes.invoke_response, value=value)
                )

        return logic


async def _read(request: web.Request) -> Json | None:
    """The body as an object that says what it is; None for all else."""
    raw = bytearray()
    async for piece in request.content.iter_any():  # it may come in several
        raw += piece
        if len(raw) > LARGEST:
            return None
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        return None
    return cast(Json, body)


def _activity(body: Json) -> Activity | None:
    """The same as the SDK reads it; None when it cannot."""
    try:
        return Activity().deserialize(body)
    except Exception as error:  # it raises many kinds for what is no activity
        log.info("teams.no_activity", error=type(error).__name__)
        return None
