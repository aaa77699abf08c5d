"""The simulated workspace without a browser: messages as plain text, and hands to act with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import assert_never

from bot.core.events import Event
from bot.core.markup import plain
from bot.core.messages import (
    Ask,
    Button,
    Fields,
    File,
    Heading,
    Kind,
    Message,
    Note,
    Part,
    Picture,
    Rule,
    Text,
)
from bot.platforms.local.chat import Posted, private_chat
from bot.platforms.local.platform import LocalPlatform


def draw(message: Message) -> str:
    """The message as somebody would read it aloud; buttons that belong together share a line."""
    lines = []
    for together, parts in groupby(message.parts, key=lambda part: isinstance(part, Button)):
        lines.append((" " if together else "\n").join(_draw(part) for part in parts))
    return "\n".join(lines) if lines else plain(message.summary)


def _draw(part: Part) -> str:  # noqa: C901 - one case for each part
    match part:
        case Heading(text=text):
            return f"# {plain(text)}"
        case Text(body=body):
            return plain(body)
        case Note(body=body):
            return f"~ {plain(body)}"
        case Fields(rows=rows):
            return "\n".join(f"{plain(label)}: {plain(value)}" for label, value in rows)
        case Picture(alt=alt):
            return f"[picture: {plain(alt)}]"
        case File(name=name):
            return f"[file: {name}]"
        case Ask():
            return "\n".join(_draw_ask(part))
        case Button(label=label):
            return f"[{plain(label)}]"
        case Rule():
            return "---"
        case _:
            assert_never(part)


def _draw_ask(ask: Ask) -> list[str]:
    value = "" if ask.kind in (Kind.CHOICE, Kind.CHOICES) else ", ".join(ask.value)
    lines = [f"{plain(ask.label)} > {value}".rstrip()]
    lines += [f"  {'x' if raw in ask.value else 'o'} {plain(label)}" for raw, label in ask.options]
    if ask.hint:
        lines.append(f"  ~ {plain(ask.hint)}")
    if ask.error:
        lines.append(f"  ! {plain(ask.error)}")
    return lines


class LocalPerson:
    """Somebody's hands and eyes in the simulated workspace; an answer is there at once."""

    def __init__(
        self,
        platform: LocalPlatform,
        user: str,
        dispatch: Callable[[Event], Message | None],
    ) -> None:
        self.platform, self.user, self._dispatch = platform, user, dispatch

    def types(self, text: str, channel: str = "") -> None:
        """Write in the private chat with the bot, or in a channel."""
        deed = self.platform.types(self.user, channel or private_chat(self.user), text)
        if deed is not None:
            self.platform.answer(deed, self._dispatch(deed.event))

    def clicks(self, label: str, *, channel: str = "", **fields: str | tuple[str, ...]) -> None:
        """Press the button on the message that last came or changed and has it. An input that is
        not named goes along as it stands; a choice may be named by its value or its label."""
        self.fills_in(label, fields, channel)

    def fills_in(
        self, label: str, fields: Mapping[str, str | tuple[str, ...]], channel: str = ""
    ) -> None:
        """The same, for inputs whose names are not known before."""
        posted, card, index = self._button(label, channel)
        values = {ask.name: ask.value for ask in card.all(Ask)}
        for name, value in fields.items():
            if name not in values:
                raise LookupError(f"{self.user} sees no input {name!r}, only {[*values]}")
            values[name] = (value,) if isinstance(value, str) else value
        for ask in card.all(Ask):
            raw = {plain(shown): raw for raw, shown in ask.options}
            values[ask.name] = tuple(raw.get(value, value) for value in values[ask.name])
        deed = self.platform.clicks(self.user, posted.id, index, values)
        self.platform.answer(deed, self._dispatch(deed.event))

    @property
    def sees(self) -> str:
        """The bot's message that last came or changed in the private chat, or ""."""
        return self.sees_in(private_chat(self.user))

    def sees_in(self, conversation: str) -> str:
        """The same, in a channel."""
        card = self._latest(conversation)
        return draw(card) if card else ""

    @property
    def all_seen(self) -> list[str]:
        """Every message of the bot in the private chat, as they stand now, oldest first."""
        return [draw(card) for _, card in reversed(self._cards(private_chat(self.user)))]

    @property
    def inputs(self) -> dict[str, Ask]:
        """The inputs of the message this person sees, by name."""
        card = self._latest(private_chat(self.user))
        return {ask.name: ask for ask in card.all(Ask)} if card else {}

    @property
    def card(self) -> Message | None:
        """The message this person sees, undrawn."""
        return self._latest(private_chat(self.user))

    @property
    def buttons(self) -> list[str]:
        """The labels on the message this person sees."""
        card = self._latest(private_chat(self.user))
        return [plain(button.label) for button in card.all(Button)] if card else []

    def _cards(self, conversation: str) -> list[tuple[Posted, Message]]:
        newest_first = self.platform.chat.newest_first(self.user, conversation)
        return [(posted, posted.card) for posted in newest_first if posted.card is not None]

    def _by_change(self, conversation: str) -> list[tuple[Posted, Message]]:
        return sorted(self._cards(conversation), key=lambda pair: -pair[0].serial)

    def _latest(self, conversation: str) -> Message | None:
        return next((card for _, card in self._by_change(conversation)), None)

    def _button(self, label: str, channel: str) -> tuple[Posted, Message, int]:
        seen = []
        for posted, card in self._by_change(channel or private_chat(self.user)):
            labels = [plain(button.label) for button in card.all(Button)]
            if label in labels:
                return posted, card, labels.index(label)
            seen += labels
        raise LookupError(f"{self.user} sees no button {label!r}, only {seen[:20]}")
