"""What the bot says: a summary line and a stack of parts, drawn by each platform its own way.

Labels and bodies are mark-up (`bot.core.markup`); `value`s are what people typed and stay raw.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter

from bot.core.actions import Action
from bot.core.charts import Chart


@dataclass(frozen=True)
class Heading:
    text: str
    type: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Text:
    body: str
    type: Literal["text"] = "text"


@dataclass(frozen=True)
class Note:
    """Small print: why we ask, who will read it, how far you are."""

    body: str
    type: Literal["note"] = "note"


@dataclass(frozen=True)
class Fields:
    """Label and value, side by side; both are mark-up."""

    rows: tuple[tuple[str, str], ...]
    type: Literal["fields"] = "fields"


@dataclass(frozen=True)
class Picture:
    """A chart as data, drawn when it is sent; `alt` says the same in words.

    `adds` is what of that stands nowhere else in the message, for where a picture can have no words
    of its own; None is all of it.
    """

    chart: Chart
    alt: str
    adds: str | None = None

    @property
    def beside(self) -> str:
        """The words to show beside the picture, or in its place."""
        return self.alt if self.adds is None else self.adds

    type: Literal["picture"] = "picture"


class Kind(StrEnum):
    """How an answer is given."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True)
class Ask:
    """An input. It comes back in `Click.fields` under its name, whichever button was clicked."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    options: tuple[tuple[str, str], ...] = ()  # (raw value, label)
    value: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    type: Literal["ask"] = "ask"


class Style(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True)
class Button:
    label: str
    wire: str
    style: Style = Style.PLAIN
    type: Literal["button"] = "button"


def button(label: str, action: Action, style: Style = Style.PLAIN) -> Button:
    return Button(label, action.encode(), style)


@dataclass(frozen=True)
class Rule:
    """A thin line between two matters on one card."""

    type: Literal["rule"] = "rule"


@dataclass(frozen=True)
class File:
    """Words to keep, as they are; `instead` is mark-up that stands there where a platform hands over
    no files."""

    name: str
    words: str
    instead: str
    type: Literal["file"] = "file"


Part = Annotated[
    Heading | Text | Note | Fields | Picture | File | Ask | Button | Rule,
    Field(discriminator="type"),
]
P = TypeVar("P")


@dataclass(frozen=True)
class Message:
    """`summary` is the notification, the screen reader's line and the fallback (mark-up).

    A `form` asks several things at once: where the platform can, it opens in a window of its own,
    elsewhere it stands where the person acted. What it means is the same.
    """

    summary: str
    parts: tuple[Part, ...] = ()
    form: bool = False

    def to_json(self) -> str:
        return _codec.dump_json(self).decode()

    @staticmethod
    def from_json(data: str) -> Message:
        return _codec.validate_json(data)

    def all(self, kind: type[P]) -> tuple[P, ...]:
        """Every part of one kind, in order."""
        return tuple(part for part in self.parts if isinstance(part, kind))


_codec = TypeAdapter(Message)


def say(text: str, *parts: Part) -> Message:
    """A message whose first line is also its summary."""
    return Message(summary=text, parts=(Text(text), *parts))


def together(summary: str, messages: tuple[Message, ...]) -> Message:
    """Several cards in one message, a line between them, so that they ping a person once."""
    parts: list[Part] = []
    for message in messages:
        if parts:
            parts.append(Rule())
        parts.extend(message.parts)
    return Message(summary, tuple(parts))
