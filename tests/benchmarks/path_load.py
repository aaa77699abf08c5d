"""Slack's side of a measurement: signed requests over connections that stay open, each of them sent
when the one before it was answered. `python -m tests.benchmarks.path_load` reads a `Load` as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, TypedDict
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.core.actions import RunCommand
from tests.slack.office import SECRET, TEAM
from tests.slack.test_wire import payload

PATH = "/slack/events"
KINDS = ("command", "button", "answer")


@dataclass(frozen=True)
class Load:
    """So many requests of one kind, by so many people, so many at the same time."""

    port: int
    kind: str
    requests: int
    at_once: int
    people: int
    hooks: str  # where a response_url leads
    first: int = 0  # the number of the first request: no two events are the same


class Found(TypedDict):
    rate: float  # requests a second
    took: list[float]  # seconds, of each of them, sorted
    refused: int


def user(number: int) -> str:
    return f"U{number:06}"


def requests(load: Load) -> Iterator[bytes]:
    """What Slack sends, signed and ready for the wire."""
    verifier, at = SignatureVerifier(SECRET), str(int(time.time()))
    for number in range(load.first, load.first + load.requests):
        body, kind = _body(load, number, user(number % load.people))
        signature = verifier.generate_signature(timestamp=at, body=body)
        yield (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nContent-Type: {kind}\r\n"
            f"X-Slack-Request-Timestamp: {at}\r\nX-Slack-Signature: {signature}\r\n"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
        ).encode()


def _body(load: Load, number: int, who: str) -> tuple[str, str]:
    form, private = "application/x-www-form-urlencoded", f"D{who}"
    once: dict[str, Any] = {
        "trigger_id": f"t{load.kind}{number}",
        "response_url": f"{load.hooks}/{number}",
    }
    match load.kind:
        case "command" | "join":
            text = "status" if load.kind == "command" else "join lead"
            said = payload_of("command_in_channel") | once
            return urlencode(said | {"user_id": who, "channel_id": private, "text": text}), form
        case "button":
            body = payload_of("click_in_message") | once
            body |= {"user": {"id": who, "team_id": TEAM}, "channel": {"id": private}}
            body["actions"] = [{**body["actions"][0], "value": RunCommand("status").encode()}]
            return urlencode({"payload": json.dumps(body)}), form
        case _:
            body = payload_of("message_im") | {"event_id": f"Ev{number}"}
            body["event"] = {**body["event"], "user": who, "channel": private, "text": "mentee"}
            return json.dumps(body), "application/json"


_PAYLOADS: dict[str, dict[str, Any]] = {}


def payload_of(name: str) -> dict[str, Any]:
    if name not in _PAYLOADS:
        _PAYLOADS[name] = payload(name)
    return _PAYLOADS[name]


class _Connection(asyncio.Protocol):
    """One at a time: sends, waits for the whole answer, notes how long it took."""

    def __init__(self, left: Iterator[bytes], took: list[float], refused: list[None]) -> None:
        self._left, self._took, self._refused = left, took, refused
        self._heard, self.done = b"", asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        request = next(self._left, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, body = self._heard.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._took.append(time.perf_counter() - self._began)
        assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 429")), head
        self._refused.extend([None] * head.startswith(b"HTTP/1.1 429"))
        self._heard = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server hung up"))


def _length(head: bytes) -> int:
    name = b"content-length:"
    [found] = (line for line in head.lower().splitlines() if line.startswith(name))
    return int(found.removeprefix(name))


async def measure(load: Load) -> Found:
    ready, took, refused = list(requests(load)), list[float](), list[None]()
    left, loop = iter(ready), asyncio.get_running_loop()
    began = time.perf_counter()
    lines = [
        await loop.create_connection(
            lambda: _Connection(left, took, refused), "127.0.0.1", load.port
        )
        for _ in range(load.at_once)
    ]
    await asyncio.gather(*(line.done for _, line in lines))
    seconds = time.perf_counter() - began
    return {"rate": len(took) / seconds, "took": sorted(took), "refused": len(refused)}


def argument(load: Load) -> str:
    return json.dumps(asdict(load))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(measure(Load(**json.loads(sys.argv[1]))))))
