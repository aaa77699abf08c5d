"""What a platform is to the contract: people act on it, and see what the bot answered them."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from bot.core.events import Event, Who
from bot.core.messages import Message
from bot.core.news import News
from bot.core.platform import Letter, Platform

Json = dict[str, Any]
Given = str | tuple[str, ...]
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Input:
    """An input as it stands: what is in it, or the labels of what is chosen."""

    label: str
    value: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Seen:
    """One card, or window, of the bot; `words` is all there is to read, `pictures` their words."""

    words: str
    buttons: tuple[str, ...] = ()
    inputs: Mapping[str, Input] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()


class Script:
    """Stands in for the bot: remembers what it heard, and answers as the story says."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.news: list[News] = []
        self.answer: Callable[[Event], Message | None] = lambda _event: None
        self.answered = 0

    def answers(self, *messages: Message | None) -> None:
        """These, in turn, and then nothing."""
        waiting = iter(messages)
        self.answer = lambda _event: next(waiting, None)

    async def act(self, event: Event) -> Message | None:
        self.heard.append(event)
        answer = self.answer(event)
        self.answered += answer is not None
        return answer

    def admits(self, who: Who) -> bool:
        del who
        return True

    async def too_often(self, event: Event) -> Message:
        raise AssertionError(event)

    async def hear(self, news: News) -> bool:
        self.news.append(news)
        return True

    def last(self, kind: type[E]) -> E:
        """What was heard last, which is of this kind."""
        found = self.heard[-1]
        assert isinstance(found, kind), found
        return found


class Stage(ABC):
    """Noor, Thomas and the bot on one platform, with a channel in which all three are.

    What it sends is what the platform would send; what people see is read from what the platform
    was told to show. Where a platform differs by its nature, it says so here.
    """

    whispers: ClassVar[bool] = True  # what is said to the bot in a channel can be answered unseen
    slash: ClassVar[bool] = True  # commands are told apart from words also in the private chat
    introduces: ClassVar[bool] = True  # the platform is asked who people are

    def __init__(self, platform: Platform, workspace: str, bot: Script) -> None:
        self.platform, self.workspace, self.bot = platform, workspace, bot

    # --- people ---

    @abstractmethod
    async def types(self, who: str, text: str) -> None:
        """Words in the private chat."""

    @abstractmethod
    async def calls(self, who: str, words: str, *, in_channel: bool = False) -> None:
        """A command: `/mentor …`, or the bot called by its name."""

    @abstractmethod
    async def clicks(
        self, who: str, label: str, *, in_channel: bool = False, **fields: Given
    ) -> None:
        """The button, on the newest card that has it. Inputs are filled in by name, choices by their
        labels; those that are not named stay as they are."""

    @abstractmethod
    async def repeats(self) -> None:
        """The platform delivers the last thing again, as if it had not heard that it arrived."""

    @abstractmethod
    async def another_bot_types(self) -> None:
        """Words of some other bot, in a private chat."""

    @abstractmethod
    def leaves(self, who: str) -> None:
        """Nothing reaches this person any more."""

    # --- what they see ---

    @abstractmethod
    def sees(self, who: str) -> list[Seen]:
        """All that the bot shows this person in private, oldest first."""

    @abstractmethod
    def sees_in_channel(self, who: str) -> list[Seen]:
        """All of the bot that this person can read in the channel, oldest first."""

    @abstractmethod
    def shown(self) -> int:
        """How often something was shown or changed, to anybody."""

    async def settled(self, delivery: Awaitable[object]) -> None:
        """Delivered, and every answer of the bot to it shown."""
        answered, shown = self.bot.answered, self.shown()
        await delivery
        for _ in range(500):
            if self.shown() - shown >= self.bot.answered - answered:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the bot answered, and nobody sees it")

    # --- the outbox ---

    async def sends(self, address: str, message: Message, key: str = "key") -> None:
        """A letter leaves."""
        await self.platform.send(Letter(key, self.workspace, address, message))


class HttpStage(Stage):
    """A platform that delivers over HTTP; the page of the simulated one has tests of its own."""

    @abstractmethod
    async def replays(self, mangle: Callable[[Json], Iterable[Json]]) -> list[int]:
        """The last delivery, as often as it is mangled; the statuses that come back."""


def several(given: Given) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


OTHERS: tuple[object, ...] = (None, 17, [7], "x", {})


def mangled(body: Json) -> Iterator[Json]:
    """The same with each of its parts in turn missing, and then of another kind."""
    for number, (name, value) in enumerate(body.items()):
        yield {key: kept for key, kept in body.items() if key != name}
        yield {**body, name: OTHERS[number % len(OTHERS)]}
        if isinstance(value, dict):
            yield from ({**body, name: inner} for inner in mangled(value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from ({**body, name: [inner, *value[1:]]} for inner in mangled(value[0]))
