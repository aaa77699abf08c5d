"""The one door on the network, open until the process is asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal

import structlog
from aiohttp import web

from bot.settings import Settings

log = structlog.get_logger()


async def listen(application: web.Application, settings: Settings, address: str) -> None:
    """Serve until SIGINT or SIGTERM; `address` is told with the port that was free."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        port = runner.addresses[0][1]  # where 0 was asked for, the one that was free
        log.info("ready", open=address.format(port=port))
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
                loop.add_signal_handler(number, stop.set)
        await stop.wait()
    finally:
        await runner.cleanup()
