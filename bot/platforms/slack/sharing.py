"""The pictures of a message, shared below it.

A picture cannot stand in the message itself: a file that was uploaded without a channel is the
bot's alone, and Slack refuses an image block with such a file ("invalid slack file") until it has
processed it, which nobody can ask without the right to read files. In the message stands what the
picture shows in words, so nothing is lost when the picture fails.
"""

from __future__ import annotations

import asyncio

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot import pictures
from bot.core.markup import plain
from bot.core.messages import Message, Picture
from bot.core.platform import TryLater, Unsure
from bot.platforms.slack import failures
from bot.platforms.slack.limits import one_line
from bot.platforms.slack.pace import Sleep

WAITS = (1.0, 3.0)  # seconds before the second try and the third
_ALT, _TITLE = 1_000, 200  # characters that Slack takes
_LAST_STEP = "files.completeUploadExternal"
log = structlog.get_logger()


async def share(
    client: AsyncWebClient, channel: str, message: Message, within: float, sleep: Sleep
) -> None:
    """Share the pictures in the conversation within so many seconds; a failure is logged, no more:
    the message has arrived and must not be sent again."""
    if not message.all(Picture):
        return
    try:
        async with asyncio.timeout(max(within, 0)):
            for number, picture in enumerate(message.all(Picture), 1):
                await _persist(client, channel, picture, number, sleep)
    except Exception as error:
        log.error("slack.picture_lost", error=type(error).__name__, code=failures.code(error))


async def _persist(
    client: AsyncWebClient, channel: str, picture: Picture, number: int, sleep: Sleep
) -> None:
    drawn = await asyncio.to_thread(pictures.png, picture.chart)
    alt = one_line(plain(picture.alt), _ALT)
    for wait in (*WAITS, None):
        try:
            await client.files_upload_v2(
                channel=channel,
                content=drawn,
                filename=f"chart-{number}.png",
                title=one_line(picture.chart.title, _TITLE),
                alt_txt=alt,
            )
            return
        except failures.KINDS as error:
            if wait is None or _may_be_there(error):
                raise
            await sleep(_wait(error, wait))


def _may_be_there(error: Exception) -> bool:
    """Then it is not tried again: the picture twice is worse than its words alone."""
    step = str(getattr(getattr(error, "response", None), "api_url", _LAST_STEP))
    return step.endswith(_LAST_STEP) and isinstance(failures.read(error), Unsure)


def _wait(error: Exception, otherwise: float) -> float:
    failure = failures.read(error)
    return failure.wait.total_seconds() if isinstance(failure, TryLater) else otherwise
