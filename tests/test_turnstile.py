"""Who comes too often waits; nobody else waits for them."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms import turnstile
from bot.platforms.turnstile import Turnstile, by_address
from tests.virtual_time import Time


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    time = Time()
    gate = Turnstile(3, 0.5, time)
    assert [gate.admits("noor") for _ in range(5)] == [True, True, True, False, False]
    time.now += 2
    assert [gate.admits("noor") for _ in range(2)] == [True, False]


def test_nobody_waits_for_somebody_else() -> None:
    gate = Turnstile(1, 1.0, Time())
    assert gate.admits("noor") and not gate.admits("noor")
    assert gate.admits("bram")


def test_rest_does_not_add_up_beyond_what_is_let_in_at_once() -> None:
    time = Time()
    gate = Turnstile(2, 1.0, time)
    time.now += 3_600
    assert [gate.admits("noor") for _ in range(3)] == [True, True, False]


def test_a_hundred_thousand_senders_take_no_more_memory_than_ten_thousand() -> None:
    gate = Turnstile(1, 1.0, Time())
    for sender in range(100_000):
        gate.admits(sender)
    assert len(gate._left) == turnstile.MOST
    assert not gate.admits(99_999)


def asks(path: str, times: int, status: int) -> list[int]:
    """What one address hears that asks so often, where the page itself answers with this status."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    async def whole() -> list[int]:
        app = web.Application(middlewares=[by_address(("/signed",), Turnstile(2, 0.0))])
        app.router.add_get(path, page)
        async with TestClient(TestServer(app)) as client:
            return [(await client.get(path)).status for _ in range(times)]

    return asyncio.run(whole())


def test_a_page_is_for_each_address_so_often() -> None:
    assert asks("/healthz", 4, 200) == [200, 200, 429, 429]


def test_who_signs_is_not_counted_by_address() -> None:
    assert asks("/signed", 4, 200) == [200] * 4


def test_who_does_not_sign_is_told_to_wait() -> None:
    assert asks("/signed", 4, 401) == [401, 401, 429, 429]
