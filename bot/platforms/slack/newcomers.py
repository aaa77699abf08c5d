"""Who people are in Slack: asked when they are met for the first time, and which chat is theirs."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.events import Who
from bot.core.news import AccountsSeen, Kind, News
from bot.platforms.slack.accounts import account
from bot.platforms.slack.failures import KINDS
from bot.platforms.slack.wire import NAME

PATIENCE = 0.8  # seconds for a question to Slack while somebody waits for an answer
MOST = 20_000  # kept in memory
log = structlog.get_logger()


class Newcomers:
    """Introduces people to the bot; `is_known` tells whether somebody was introduced before."""

    def __init__(
        self,
        hear: Callable[[News], Awaitable[object]],
        is_known: Callable[[Who], Awaitable[bool]],
    ) -> None:
        self._hear, self._is_known = hear, is_known
        self._known: OrderedDict[Who, bool] = OrderedDict()  # and whether it is a person
        self._chats: OrderedDict[Who, str] = OrderedDict()

    async def know(self, who: Who, client: AsyncWebClient) -> bool:
        """Learn somebody's name, language and time zone before they are first spoken to; False when
        it is an app. Should Slack not tell, it is learned at the next look at everybody."""
        if who in self._known:
            return self._known[who]
        person = True
        try:
            if not await self._is_known(who):
                person = await self._introduce(who, client)
        except Exception as error:  # an introduction, no more: the answer must not wait for it
            log.info("slack.unknown_account", error=type(error).__name__)
        else:
            _keep(self._known, who, person)
        return person

    async def _introduce(self, who: Who, client: AsyncWebClient) -> bool:
        """Whether Slack says that this is a person."""
        async with asyncio.timeout(PATIENCE):
            answer = await client.users_info(user=who.user, include_locale=True)
        seen = account(answer["user"], who.workspace)
        await self._hear(AccountsSeen(NAME, who.workspace, (seen,)))
        return seen.kind is not Kind.BOT

    async def is_private(self, client: AsyncWebClient, who: Who, channel: str) -> bool:
        """Whether this is somebody's own chat with the bot, and not one between colleagues."""
        if not channel.startswith("D"):
            return False
        if who not in self._chats:
            try:
                async with asyncio.timeout(PATIENCE):
                    opened = await client.conversations_open(users=who.user)
            except KINDS as error:
                log.info("slack.unknown_chat", error=type(error).__name__)
                return False
            self.saw_private(who, opened["channel"]["id"])
        return self._chats[who] == channel

    def saw_private(self, who: Who, channel: str) -> None:
        """Remember which chat with the bot is whose."""
        _keep(self._chats, who, channel)


def _keep(memory: OrderedDict[Who, str] | OrderedDict[Who, bool], who: Who, value: object) -> None:
    """The newest, and not more than there is room for."""
    memory[who] = value  # type: ignore[assignment]
    memory.move_to_end(who)
    if len(memory) > MOST:
        memory.popitem(last=False)
