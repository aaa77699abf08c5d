"""The simulated workspace as a platform: what people do becomes events, letters arrive."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import count

from bot.core.actions import Action, Expired, StaleAction
from bot.core.events import Click, Command, Event, Place, Typed, Who
from bot.core.messages import Ask, Button, Kind, Message
from bot.core.platform import FREELY, SIMULATED, Letter, Unreachable, Why
from bot.platforms.local.chat import BOT, Chat, is_private, private_chat

WORKSPACE = "simulated"
Fields = Mapping[str, tuple[str, ...]]
_COMMAND = re.compile(r"\s*/mentor(?:\s+(\S+)(.*))?\s*", re.DOTALL | re.IGNORECASE)


class Unseen(Exception):
    """This person cannot see, or can no longer see, what they try to act on."""


@dataclass(frozen=True)
class Deed:
    """What somebody did, and the message its answer replaces, if it was a click."""

    event: Event
    clicked: int | None = None


class LocalPlatform:
    """Implements `bot.core.platform.Platform` over a `Chat`.

    A deed is made here, its event is dispatched by the caller, awaited or not, and its answer is
    put in its place here: `perform` does the three for the page, `LocalPerson` for tests.
    """

    name = SIMULATED
    pace = FREELY
    workspace = WORKSPACE

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self._run = secrets.token_hex(6)  # no event id of an earlier run comes back
        self._numbers = count(1)

    def room(self, workspace: str) -> int:
        """Nothing here is ever full."""
        del workspace
        return 1_000

    async def send(self, letter: Letter) -> None:
        """Show the message at once; Unreachable when nobody has this address."""
        if not self.chat.exists(letter.address):
            raise Unreachable(Why.GONE)
        self.chat.post(letter.address, BOT, letter.message, key=letter.key)

    def types(self, user: str, conversation: str, text: str) -> Deed | None:
        """Post somebody's words. None when the bot does not get them: it hears all that is said
        in a private chat, but in a channel commands only."""
        if not self.chat.can_read(user, conversation):
            raise Unseen(conversation)
        private = is_private(conversation)
        command = _COMMAND.fullmatch(text)
        hidden = command is not None and not private
        self.chat.post(conversation, user, text, only_for=user if hidden else "")
        base = self._base(user, conversation)
        if command is not None:
            name, args = command.groups(default="")
            return Deed(Command(*base, name=name, args=args.strip()))
        return Deed(Typed(*base, text=text.strip())) if private else None

    def clicks(self, user: str, posted_id: int, index: int, fields: Fields) -> Deed:
        """Press the button with this index among the message's buttons, its inputs filled in."""
        posted = self.chat.find(posted_id)
        card = posted.card if posted else None
        if (
            posted is None
            or card is None
            or not self.chat.can_read(user, posted.conversation)
            or posted.only_for not in ("", user)
        ):
            raise Unseen(f"message {posted_id}")
        buttons = card.all(Button)
        if not 0 <= index < len(buttons):
            raise Unseen(f"button {index} of message {posted_id}")
        base = self._base(user, posted.conversation)
        action = _decode(buttons[index].wire)
        return Deed(Click(*base, action=action, fields=filled_in(card, fields)), posted_id)

    def answer(self, deed: Deed, answer: Message | None) -> None:
        """Put the answer where it belongs: over the clicked message, else below what was typed, and
        in a channel visible to that person only."""
        if answer is None:
            return
        if deed.clicked is not None and self.chat.find(deed.clicked):
            self.chat.replace(deed.clicked, answer)
            return
        place = deed.event.place
        only_for = "" if place.private else deed.event.who.user
        self.chat.post(place.address, BOT, answer, only_for=only_for)

    async def perform(
        self, deed: Deed | None, dispatch: Callable[[Event], Awaitable[Message | None]]
    ) -> None:
        """Have an event handled and show its answer."""
        if deed is not None:
            self.answer(deed, await dispatch(deed.event))

    def _base(self, user: str, conversation: str) -> tuple[str, Who, Place, str]:
        return (
            f"{self._run}-{next(self._numbers)}",
            Who(self.name, self.workspace, user),
            Place(conversation, private=is_private(conversation)),
            private_chat(user),
        )


def _decode(wire: str) -> Action:
    try:
        return Action.decode(wire)
    except StaleAction:
        return Expired()


def filled_in(card: Message, fields: Fields) -> dict[str, tuple[str, ...]]:
    """One entry for each input of the card, () when left empty; nothing that it did not ask."""
    return {ask.name: _values(ask, fields.get(ask.name, ())) for ask in card.all(Ask)}


def _values(ask: Ask, values: tuple[str, ...]) -> tuple[str, ...]:
    match ask.kind:
        case Kind.CHOICE:
            return tuple(raw for raw, _ in ask.options if raw in values)[:1]
        case Kind.CHOICES:
            return tuple(raw for raw, _ in ask.options if raw in values)
        case Kind.TEXT | Kind.LONG_TEXT | Kind.DATE | Kind.NUMBER:
            return tuple(value for value in values if value.strip())[:1]
