"""The people of a story: what they do in Teams, and what stands on their screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.questions import Choose, Reply
from bot.core.actions import Action
from bot.core.questions import Values
from bot.platforms.teams import cards, inputs
from tests.backstage import Loop, until
from tests.teams import rules
from tests.teams.playground.client import CARD, Client
from tests.teams.playground.config import CHANNEL, Json

Meaning = type[Action] | Action | str  # of a button: what it does, or what it says
ANSWERED = "answered"  # the frame that we add where the page itself puts an answer in its place


@dataclass(frozen=True)
class Seen:
    """A message of the bot, as it stands on the screen now."""

    id: str
    conversation: str
    message: Json

    @property
    def card(self) -> Json:
        found = [
            each["content"] for each in self.message["attachments"] if each["contentType"] == CARD
        ]
        return found[0] if found else {}

    @property
    def reads(self) -> str:
        return rules.shown(self.card) if self.card else str(self.message.get("text"))

    @property
    def pictures(self) -> list[Json]:
        return [found for found in rules.walk(self.card) if found.get("type") == "Image"]


class Colleague:
    """One person in front of their Playground."""

    def __init__(self, loop: Loop, client: Client) -> None:
        self._loop, self._client = loop, client
        self.member = client.sitting
        self.id, self.chat = self.member.aad, self.member.personal
        self.address = client.address

    # --- what stands on the screen ---

    @property
    def frames(self) -> list[Json]:
        """All that the page was told, oldest first."""
        return [*self._client.frames]

    @property
    def all(self) -> Sequence[Seen]:
        """What the bot said, newest last; a message that changed is new again."""
        found: dict[str, Seen] = {}
        for frame in self.frames:
            message, where = frame.get("message") or {}, frame.get("actionConversationId", "")
            if str((message.get("from") or {}).get("id")).startswith("28:"):
                id = str(message["messageId"])
                found.pop(id, None)
                found[id] = Seen(id, where, message)
        return [*found.values()]

    @property
    def messages(self) -> list[Seen]:
        """What stands in the chat with the bot."""
        return [each for each in self.all if each.conversation == self.chat]

    @property
    def in_channel(self) -> list[Seen]:
        return [each for each in self.all if each.conversation.startswith(CHANNEL)]

    @property
    def card(self) -> Seen:
        return self.messages[-1]

    @property
    def screen(self) -> str:
        return "\n---\n".join(each.reads for each in self.all)

    def sees(self, words: str) -> Seen:
        """Wait until a message has these words."""

        def found() -> Seen | None:
            return next((each for each in reversed(self.all) if words in each.reads), None)

        return until(found, lambda: f"{self.member.name} does not see {words!r}:\n{self.screen}")

    # --- in the chat ---

    def installs(self, where: str = "") -> None:
        """Add the app, and be welcomed."""
        self._answered(lambda: self._client.install(where or self.chat), wait=not where)

    def types(self, text: str) -> None:
        """Send words in the private chat, and wait for the answer."""
        self._answered(lambda: self._client.say(self.chat, text))

    def mentions(self, text: str) -> None:
        """Say something to the bot in the channel."""
        self._loop(lambda: self._client.say(CHANNEL, text, mention=True))

    def removes(self) -> None:
        """Take the app out of one's own chat."""
        here = {"id": self.chat, "conversationType": "personal"}
        self.happens(here, type="installationUpdate", action="remove")

    def happens(self, where: Json, **about: Any) -> None:
        self._loop(lambda: self._client.mock(where, **about))

    def _answered(self, deed: Any, *, wait: bool = True) -> None:
        before = len(self._client.frames)
        self._loop(deed)
        if wait:
            until(
                lambda: len(self._client.frames) > before,
                lambda: f"{self.member.name} gets no answer:\n{self.screen}",
            )

    # --- on a card ---

    def clicks(self, meaning: Meaning, **fields: str | Values) -> Json:
        """Press a button of the newest message that has it, with these words in the inputs."""
        seen, button = self.finds(meaning)
        return self.clicks_on(seen, button, **fields)

    def clicks_on(self, seen: Seen, button: Json, **fields: str | Values) -> Json:
        """Press this button; gives what the client was answered, which stands on the card now."""
        values = filled_in(seen.card, fields)
        where = seen.conversation

        async def press() -> Json:
            answer = await self._client.execute(where, seen.id, button, values)
            if answer.get("type") == CARD:
                told = [{"contentType": CARD, "content": answer["value"]}]
                message = {**seen.message, "attachments": told}
                frame = {"action": ANSWERED, "actionConversationId": where, "message": message}
                self._client.frames.append(frame)
            return answer

        return self._loop(press)

    def submits(self, meaning: Meaning, **fields: str | Values) -> None:
        """The same in a client that knows no Action.Execute; the answer comes as a message."""
        seen, button = self.finds(meaning)
        older = button["fallback"]
        values = {**older["data"], **filled_in(seen.card, fields)}
        self._answered(lambda: self._client.submit(seen.conversation, seen.id, values))

    def finds(self, meaning: Meaning) -> tuple[Seen, Json]:
        """Wait for a button that means this: its message, and itself."""

        def found() -> tuple[Seen, Json] | None:
            pairs = ((each, b) for each in reversed(self.all) for b in rules.buttons(each.card))
            return next((pair for pair in pairs if means(pair[1], meaning)), None)

        return until(found, lambda: f"{self.member.name} finds no {meaning}:\n{self.screen}")

    def answers(self, given: Mapping[str, Values], key: str) -> None:
        """Answer the question on the newest card by its buttons or inputs."""
        for button in rules.buttons(self.card.card):
            action = action_of(button)
            if isinstance(action, Choose) and action.value in given[key]:
                self.clicks_on(self.card, button)
                return
        self.clicks(Reply, **{key: given[key]})


def action_of(button: Json) -> Action:
    return cards.clicked(button["data"])[0]


def means(button: Json, meaning: Meaning) -> bool:
    if isinstance(meaning, str):
        return bool(button["title"] == meaning)
    action = action_of(button)
    return action == meaning or (isinstance(meaning, type) and isinstance(action, meaning))


def asked(card: Json) -> dict[str, Json]:
    """The inputs of a card, by neutral name."""
    named = ((inputs.name_of(found), found) for found in rules.walk(card))
    return {inputs.unsafe(name): found for name, found in named if name is not None}


def filled_in(card: Json, fields: Mapping[str, str | Values]) -> dict[str, str]:
    """What a client sends of the inputs, those named as given; nothing of an empty one."""
    found = asked(card)
    assert set(fields) <= set(found), f"{set(fields) - set(found)} is not among {set(found)}"
    sent = {}
    for name, element in found.items():
        given = fields.get(name)
        sent[element["id"]] = (
            element.get("value", "")
            if given is None
            else _typed(element, (given,) if isinstance(given, str) else given)
        )
    return {id: value for id, value in sent.items() if value}


def _typed(element: Json, given: Values) -> str:
    if element["type"] != "Input.ChoiceSet":
        return ", ".join(given)
    offered = [choice["value"] for choice in element["choices"]]
    chosen = [wire for wire in offered if inputs.unsafe(wire).removeprefix("=") in given]
    assert len(chosen) == len(given), (given, offered)
    return ",".join(chosen)
