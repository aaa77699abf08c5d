"""What Koppel's event path is measured against: a Bolt app on aiohttp whose listeners only
acknowledge. `python -m tests.benchmarks.path_bare PORT`"""

from __future__ import annotations

import os
import re
import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.scopes import COMMAND, REQUESTS
from tests.slack.office import SECRET, TEAM


def bare() -> web.Application:
    """Nothing but a signature checked, a listener found and a request acknowledged."""
    client = AsyncWebClient(token=f"xoxb-{TEAM}", base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(signing_secret=SECRET, client=client, process_before_response=True)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command(COMMAND)(acknowledge)
    app.action(re.compile(""))(acknowledge)
    app.event("message")(acknowledge)

    async def events(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served = web.Application()
    served.router.add_post(REQUESTS, events)
    return served


if __name__ == "__main__":
    web.run_app(
        bare(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=lambda *_: None
    )
