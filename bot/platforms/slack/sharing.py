"""The pictures of a message, shared below it.

A picture cannot stand in the message itself: a file that was uploaded without a channel is the
bot's alone, and Slack refuses an image block with such a file ("invalid slack file") until it has
processed it, which nobody can ask without the right to read files. When a picture fails, what it
shows is put into the message in words.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple
from uuid import uuid4

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot import pictures
from bot.core.markup import plain
from bot.core.messages import File, Message, Picture
from bot.core.platform import TryLater, Unsure
from bot.platforms.pace import Sleep
from bot.platforms.slack import blocks, failures
from bot.platforms.slack.limits import one_line

WAITS = (1.0, 3.0)  # seconds before the second try and the third
_ALT, _TITLE = 1_000, 200  # characters that Slack takes
_WORDS_WITHIN = 2.0  # seconds
_LAST_STEP = "files.completeUploadExternal"
log = structlog.get_logger()


class Posted(NamedTuple):
    """Where a message stands."""

    channel: str
    ts: str


async def share(
    client: AsyncWebClient, posted: Posted, message: Message, within: float, sleep: Sleep
) -> None:
    """Share the pictures and files in the conversation within so many seconds, or their words in the message.
    A failure is no more than logged: the message has arrived and must not be sent again."""
    if not any(isinstance(part, Picture | File) for part in message.parts):
        return
    try:
        async with asyncio.timeout(max(within, 0)):
            for number, picture in enumerate(message.all(Picture), 1):
                drawn = await asyncio.to_thread(_picture, picture, number)
                await _persist(client, posted.channel, drawn, sleep)
            for file in message.all(File):
                await _persist(client, posted.channel, _file(file), sleep)
    except Exception as error:
        log.error("slack.picture_lost", error=type(error).__name__, code=failures.code(error))
        await _in_words(client, posted, message)


async def _in_words(client: AsyncWebClient, posted: Posted, message: Message) -> None:
    drawn = blocks.message(message, nonce=uuid4().hex[:12])
    try:
        async with asyncio.timeout(_WORDS_WITHIN):
            await client.chat_update(channel=posted.channel, ts=posted.ts, **drawn)
    except Exception as error:
        log.error("slack.words_lost", error=type(error).__name__, code=failures.code(error))


class Upload(NamedTuple):
    """What Slack wants to know of a file."""

    content: bytes
    filename: str
    title: str
    alt_txt: str | None = None


def _picture(picture: Picture, number: int) -> Upload:
    return Upload(
        pictures.png(picture.chart),
        f"chart-{number}.png",
        one_line(picture.chart.title, _TITLE),
        one_line(plain(picture.alt), _ALT),
    )


def _file(file: File) -> Upload:
    return Upload(file.words.encode(), file.name, one_line(file.name, _TITLE))


async def _persist(client: AsyncWebClient, channel: str, upload: Upload, sleep: Sleep) -> None:
    for wait in (*WAITS, None):
        try:
            await client.files_upload_v2(channel=channel, **upload._asdict())
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
