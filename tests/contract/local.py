"""The simulated workspace as a stage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.markup import plain
from bot.core.messages import Ask, Button, Kind, Message, Picture
from bot.platforms.local.chat import BOT, Account, Chat, Posted, private_chat
from bot.platforms.local.platform import WORKSPACE, Deed, LocalPlatform, Unseen
from bot.platforms.local.screen import draw
from storage.database import Database
from tests.contract.stage import Given, Input, Script, Seen, Stage, several

CHANNEL = "#mentoring"


class LocalStage(Stage):
    """The chat in memory, without its page."""

    introduces = False  # it knows its invented people from the start

    def __init__(self, platform: LocalPlatform, bot: Script) -> None:
        super().__init__(platform, WORKSPACE, bot)
        self._local, self._chat = platform, platform.chat
        self._last: Deed | None = None

    async def types(self, who: str, text: str) -> None:
        await self._perform(self._local.types(who, private_chat(who), text))

    async def calls(self, who: str, words: str, *, in_channel: bool = False) -> None:
        place = CHANNEL if in_channel else private_chat(who)
        await self._perform(self._local.types(who, place, f"/mentor {words}"))

    async def clicks(
        self, who: str, label: str, *, in_channel: bool = False, **fields: Given
    ) -> None:
        place = CHANNEL if in_channel else private_chat(who)
        posted, card, index = self._button(who, place, label)
        values = {ask.name: ask.value for ask in card.all(Ask)}
        for name, given in fields.items():
            [ask] = [ask for ask in card.all(Ask) if ask.name == name]
            raw = {plain(shown): raw for raw, shown in ask.options}
            values[name] = tuple(raw.get(value, value) for value in several(given))
        await self._perform(self._local.clicks(who, posted.id, index, values))

    def _button(self, who: str, place: str, label: str) -> tuple[Posted, Message, int]:
        for posted in self._chat.newest_first(who, place):
            labels = (
                [plain(button.label) for button in posted.card.all(Button)] if posted.card else []
            )
            if posted.card and label in labels:
                return posted, posted.card, labels.index(label)
        raise LookupError(f"{who} sees no button {label!r}")

    async def repeats(self) -> None:
        await self._perform(self._last)

    async def _perform(self, deed: Deed | None) -> None:
        self._last = deed
        await self.settled(self._local.perform(deed, self.bot.act))

    async def another_bot_types(self) -> None:
        try:
            self._local.types(BOT, private_chat("noor"), "hello")
        except Unseen:
            return
        raise AssertionError("the bot has an account")

    def leaves(self, who: str) -> None:
        self._chat.farewell(who)

    def sees(self, who: str) -> list[Seen]:
        return self._seen(who, private_chat(who))

    def sees_in_channel(self, who: str) -> list[Seen]:
        return self._seen(who, CHANNEL)

    def _seen(self, who: str, place: str) -> list[Seen]:
        cards = [posted.card for posted in self._chat.newest_first(who, place)]
        return [seen(card) for card in reversed(cards) if card is not None]

    def shown(self) -> int:
        return self._chat.serial


def seen(card: Message) -> Seen:
    return Seen(
        draw(card),
        tuple(plain(button.label) for button in card.all(Button)),
        {ask.name: _input(ask) for ask in card.all(Ask)},
        tuple(plain(picture.alt) for picture in card.all(Picture)),
    )


def _input(ask: Ask) -> Input:
    value = ask.value
    if ask.kind in (Kind.CHOICE, Kind.CHOICES):
        value = tuple(plain(label) for raw, label in ask.options if raw in ask.value)
    return Input(plain(ask.label), value, plain(ask.error))


@asynccontextmanager
async def stage(_database: Database) -> AsyncIterator[LocalStage]:
    chat = Chat()
    chat.welcome(Account("noor", "Noor de Vries", "nl"))
    chat.welcome(Account("thomas", "Thomas Bakker"))
    chat.open_channel(CHANNEL, ("noor", "thomas"))
    yield LocalStage(LocalPlatform(chat), Script())
