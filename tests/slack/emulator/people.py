"""The people of a story: what they do in Slack, and what stands on their screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.cards.questions import Choose, Reply
from bot.core.actions import Action
from bot.core.questions import Values
from bot.platforms.slack import blocks
from bot.platforms.slack.inputs import safe, unsafe
from tests.backstage import until
from tests.slack.emulator import like_slack
from tests.slack.emulator.config import APP, BOT, CHANNEL, TEAM, Member
from tests.slack.rules import Json, options_of, shown, state, walk

if TYPE_CHECKING:
    from tests.slack.emulator.story import Slack

Meaning = type[Action] | Action | str  # of a button: what it does, or what it says


class Colleague:
    """One person in front of Slack."""

    def __init__(self, slack: Slack, member: Member) -> None:
        self._slack, self.member, self.id = slack, member, member.id
        self.dm = slack.dm(member.id)

    # --- what stands on the screen ---

    @property
    def messages(self) -> list[Json]:
        """What the bot said to this person, newest last; a message that changed is new again."""
        found = [m for where in (self.dm, CHANNEL) for m in self._slack.messages(where)]
        seen = [
            m
            for m in found
            if m["user"] == BOT
            and m.get("ephemeral_to", self.id) == self.id
            and (m["channel"] == self.dm or "ephemeral_to" in m)
        ]
        return sorted(seen, key=_changed)

    @property
    def card(self) -> Json:
        return self.messages[-1]

    def sees(self, words: str) -> Json:
        """Wait until a message has these words."""

        def found() -> Json | None:
            return next((m for m in reversed(self.messages) if words in read(m)), None)

        return until(found, lambda: f"{self.member.name} does not see {words!r}:\n{self.screen}")

    @property
    def screen(self) -> str:
        return "\n---\n".join(map(read, self.messages))

    # --- in the chat ---

    def types(self, text: str, where: str = "") -> None:
        """Send words or a command; in the private chat, unless a channel is named."""
        where, before = where or self.dm, self.messages[-1:]
        name, _, rest = text.partition(" ")
        if name.startswith("/"):
            self._does("command", channel=where, user=self.id, command=name, text=rest)
        else:
            self._does("message", channel=where, user=self.id, text=text)
        if where == self.dm and self._slack.answers:
            until(lambda: self.messages[-1:] != before, lambda: f"no answer to {text!r}")

    def clicks(self, meaning: Meaning, **fields: str | Values) -> None:
        """Press a button of the newest message that has it, with these words in the inputs."""
        message, button = self.finds(meaning)
        self.clicks_on(message, button, **fields)

    def clicks_on(self, message: Json, button: Json, **fields: str | Values) -> None:
        self._slack.between.typed[self.id] = filled_in(message["blocks"], fields)
        self._does(
            "interact",
            channel=message["channel"],
            messageTs=message["ts"],
            user=self.id,
            action=button,
        )

    def finds(self, meaning: Meaning) -> tuple[Json, Json]:
        """Wait for a button that means this: its message, and itself."""

        def found() -> tuple[Json, Json] | None:
            pairs = (
                (m, b) for m in reversed(self.messages) for b in buttons(m.get("blocks") or [])
            )
            return next((pair for pair in pairs if means(pair[1], meaning)), None)

        return until(found, lambda: f"{self.member.name} finds no {meaning}:\n{self.screen}")

    def answers(self, given: Mapping[str, Values], key: str) -> None:
        """Answer the question on the newest card that has one by its buttons or inputs. A word said
        in a channel, that the conversation goes on in private, may come before or after it."""
        card = next(m for m in reversed(self.messages) if buttons(m.get("blocks") or []))
        for button in buttons(card["blocks"]):
            action = blocks.action_of(button)
            if isinstance(action, Choose) and action.value in given[key]:
                return self.clicks_on(card, button)
        return self.clicks(Reply, **{key: given[key]})

    # --- in the Home tab and in a modal ---

    @property
    def home(self) -> Json:
        return self._slack.between.homes[self.id]

    def opens_home(self) -> Json:
        self._does("open-home", user=self.id)
        until(lambda: self.id in self._slack.between.homes, lambda: "no Home tab")
        return self.home

    def clicks_at_home(self, meaning: Meaning) -> None:
        [button, *_] = [b for b in buttons(self.home["blocks"]) if means(b, meaning)]
        frame = {"t": "block_action", "channel": "", "messageTs": "", "appId": APP}
        self._slack.does(lambda w: w.page("log", **frame, user=self.id, action=button))

    @property
    def modal(self) -> Json:
        """Wait for the form that is open."""
        return until(lambda: next(reversed(self._slack.modals), None), lambda: "no form is open")

    def clicks_in_modal(self, meaning: Meaning, **fields: str | Values) -> None:
        view = self.modal
        [button, *_] = [b for b in buttons(view["blocks"]) if means(b, meaning)]
        values = filled_in(view["blocks"], fields)
        payload = like_slack.click_in_view(view, TEAM, self.id, button, values)
        self._slack.delivers(payload)

    @property
    def offers_in_modal(self) -> list[Action]:
        return [blocks.action_of(button) for button in buttons(self.modal["blocks"])]

    def closes_modal(self) -> None:
        self._slack.does(lambda w: w.page("view", t="view_close", user=self.id))

    def submits(self, **fields: str | Values) -> dict[str, str]:
        """Send the open form; what is wrong with it, if anything, by block."""
        values = filled_in(self.modal["blocks"], fields)
        heard = self._slack.does(
            lambda w: w.page("view|view_errors", t="view_submit", user=self.id, values=values)
        )
        errors: dict[str, str] = heard.get("errors") or {}
        return errors

    def _does(self, path: str, **body: Any) -> None:
        self._slack.does(lambda workspace: workspace.control(path, **body))


def filled_in(drawn: list[Json], fields: Mapping[str, str | Values]) -> Json:
    """What stands in the inputs, those named as given; Slack sends each of them."""
    left = {name: (v,) if isinstance(v, str) else v for name, v in fields.items()}
    names = _names(drawn)
    assert set(left) <= names, f"{set(left) - names} is not among {names}"
    values: Json = state(drawn, lambda element: _given(element, left))["values"]
    return values


def asked(message: Json) -> set[str]:
    """The neutral names of a message's inputs."""
    return _names(message["blocks"])


def _names(drawn: list[Json]) -> set[str]:
    return {name for found in walk(drawn) if (name := _name(found))}


def _name(element: Json) -> str:
    kind, _, rest = str(element.get("action_id", "")).partition(":")
    return unsafe(rest.partition(":")[2]) if kind == "ask" else ""


def _given(element: Json, fields: Mapping[str, Values]) -> Json | None:
    if _name(element) not in fields:
        return None
    values = fields[_name(element)]
    match element["type"]:
        case "plain_text_input":
            return {"value": ", ".join(values) or None}
        case "datepicker":
            return {"selected_date": values[0] if values else None}
    chosen = [o for o in options_of(element) if o["value"] in map(safe, values)]
    if element["type"] in ("checkboxes", "multi_static_select"):
        return {"selected_options": chosen}
    assert len(chosen) == len(values), (values, options_of(element))
    return {"selected_option": chosen[0] if chosen else None}


def buttons(drawn: list[Json]) -> Iterator[Json]:
    """The buttons, as a click sends them."""
    for block in drawn:
        for found in block.get("elements", ()):
            if found["type"] == "button":
                yield {**found, "block_id": block["block_id"]}


def means(button: Json, meaning: Meaning) -> bool:
    if isinstance(meaning, str):
        return bool(button["text"]["text"] == meaning)
    action = blocks.action_of(button)
    return action == meaning or (isinstance(meaning, type) and isinstance(action, meaning))


def read(message: Json) -> str:
    return shown(message["blocks"]) if message.get("blocks") else str(message.get("text"))


def _changed(message: Json) -> tuple[int, int]:
    seconds, _, number = message.get("edited", message)["ts"].partition(".")
    return int(seconds), int(number)
