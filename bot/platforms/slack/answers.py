"""Where an answer goes: over the card that was clicked, into a modal, onto the Home tab, in a chat.

A trigger opens one modal within three seconds; where that is over, a form is shown as a card: it means
the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.markup import plain
from bot.core.messages import Ask, Heading, Message
from bot.platforms.slack import blocks, wire
from bot.platforms.slack.failures import KINDS, code
from bot.platforms.slack.limits import TITLE
from bot.platforms.slack.mrkdwn import Json
from bot.platforms.slack.wire import Body, Origin

_PATIENCE = 15  # seconds for Slack to answer
log = structlog.get_logger()


def fresh() -> str:
    """A nonce: where an input keeps its id, Slack keeps what was in it."""
    return secrets.token_hex(4)


def said(answer: Message, *, private: bool) -> Json:
    """What acknowledging a command shows: to all in the private chat, else to the person alone."""
    drawn = blocks.message(answer, nonce=fresh())
    return {**drawn, "response_type": "in_channel" if private else "ephemeral"}


async def instead(client: AsyncWebClient, response_url: str, answer: Message) -> bool:
    """Put the answer where the clicked card stands. False when Slack does not take it any more."""
    drawn = blocks.message(answer, nonce=fresh())
    return await _respond(client, response_url, {**drawn, "replace_original": True})


async def follow(
    client: AsyncWebClient, response_url: str, answer: Message, *, private: bool
) -> bool:
    """Say it after all, when the command was acknowledged before there was an answer."""
    return await _respond(client, response_url, said(answer, private=private))


async def _respond(client: AsyncWebClient, response_url: str, body: Json) -> bool:
    if not response_url:
        return False
    # A connection of its own would take as long again as the answer.
    hook = AsyncWebhookClient(response_url, timeout=_PATIENCE, session=client.session)
    try:
        response = await hook.send_dict(body)
    except KINDS as error:
        log.info("slack.response_url_fails", error=named(error))
        return False
    if response.status_code != 200:
        log.info("slack.response_url_over", status=response.status_code)
    return response.status_code == 200


def named(error: Exception) -> str:
    """A failure in one word, for the log."""
    return code(error) or type(error).__name__


async def open_modal(client: AsyncWebClient, trigger: str, answer: Message, origin: Origin) -> bool:
    """Show the answer in a window of its own. False when the moment for it has passed."""
    try:
        await client.views_open(trigger_id=trigger, view=modal(answer, origin))
    except KINDS as error:
        log.info("slack.modal_not_opened", error=named(error))
        return False
    return True


async def change_modal(client: AsyncWebClient, view: Body, answer: Message, origin: Origin) -> bool:
    """Put the answer in the modal whose button was clicked. False when it was closed meanwhile."""
    try:
        await client.views_update(view_id=str(view.get("id")), view=modal(answer, origin))
    except KINDS as error:
        log.info("slack.modal_not_changed", error=named(error))
        return False
    return True


def modal(answer: Message, origin: Origin) -> Json:
    """A card as a modal, drawn with a nonce of its own."""
    nonce = fresh()
    packed = Origin(nonce, origin.channel, origin.ts, origin.response_url).pack()
    # A sentence cut off is no title.
    title = "Koppel"
    if len(plain(answer.summary)) <= TITLE:
        title = answer.summary
        answer = replace(answer, parts=tuple(p for p in answer.parts if p != Heading(title)))
    return blocks.view(answer, nonce=nonce, private_metadata=packed, title=title)


def on_submission(answer: Message | None, view: Body) -> Json:
    """What acknowledging a modal does: errors beside its fields, the next card in it, or close it.

    Closed when the card it came from can show the answer.
    """
    if answer is None:
        return {}
    origin = wire.origin_of(view)
    if answer.form:
        wrong = blocks.errors(answer, nonce=origin.nonce)
        if wrong and _asks(answer) == _asked(view):
            return {"response_action": "errors", "errors": wrong}
    elif origin.ts:
        return {}
    return {"response_action": "update", "view": modal(answer, origin)}


def is_elsewhere(answer: Message | None, view: Body) -> bool:
    """Whether the answer to a modal belongs on the card it was opened from."""
    return answer is not None and not answer.form and bool(wire.origin_of(view).ts)


def _asks(answer: Message) -> set[str]:
    return {ask.name for ask in answer.all(Ask)}


def _asked(view: Body) -> set[str]:
    state: Mapping[str, Any] = view.get("state") or {}
    return set(blocks.fields(state))


async def over_card(client: AsyncWebClient, origin: Origin, answer: Message) -> bool:
    """Put the answer to a modal over the card that it was opened from."""
    if await instead(client, origin.response_url, answer):
        return True
    try:
        await client.chat_update(
            channel=origin.channel, ts=origin.ts, **blocks.message(answer, nonce=fresh())
        )
    except KINDS as error:  # an ephemeral card, or one that was deleted
        log.info("slack.card_not_changed", error=named(error))
        return False
    return True


async def publish(client: AsyncWebClient, user: str, page: Message) -> None:
    """Show the Home tab."""
    await client.views_publish(user_id=user, view=blocks.home(page, nonce=fresh()))


async def say(client: AsyncWebClient, user: str, answer: Message) -> None:
    """Answer in the private chat."""
    await client.chat_postMessage(channel=user, **blocks.message(answer, nonce=fresh()))


async def whisper(client: AsyncWebClient, channel: str, user: str, answer: Message) -> None:
    """Answer in a channel, for one person's eyes."""
    await client.chat_postEphemeral(
        channel=channel, user=user, **blocks.message(answer, nonce=fresh())
    )
