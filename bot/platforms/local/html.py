"""Draws a message as HTML. Everything that is not a tag written here is escaped by markupsafe."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, groupby
from typing import assert_never

from markupsafe import Markup

from bot.core.markup import Span, plain, spans
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
    Style,
    Text,
)

_BULLET = "• "
_MANY = 7  # more choices than this fold into a list to choose from
_LONG = 8  # on a card with more questions than this every choice folds
_GAP = Markup(" ")


@dataclass(frozen=True)
class Frame:
    """What the page knows about the message it shows; `picture` gives the address of the nth."""

    id: str
    version: int
    picture: Callable[[int], str]
    choose: str  # stands in a list where nothing is chosen yet


def render(message: Message, frame: Frame) -> Markup:
    """The whole message: a form when there is something to press or fill in."""
    if not message.parts:
        return Markup('<div class="plain">{}</div>').format(_paragraphs(message.summary))
    body = Markup("").join(_Drawing(message, frame).blocks())
    acts = any(isinstance(part, Ask | Button) for part in message.parts)
    rich = acts or any(
        isinstance(part, Fields | File | Picture | Heading) for part in message.parts
    )
    name = Markup("card" if rich else "plain")
    if not acts:
        return Markup('<div class="{}">{}</div>').format(name, body)
    return Markup(
        '<form class="{}" id="{}" data-version="{}" aria-label="{}" novalidate>{}</form>'
    ).format(name, frame.id, frame.version, plain(message.summary), body)


def _file(file: File) -> Markup:
    """It travels within the page: nothing stays anywhere that somebody else might open."""
    words = base64.b64encode(file.words.encode()).decode()
    address = f"data:text/plain;charset=utf-8;base64,{words}"
    link = Markup('<p class="file"><a href="{}" download="{}">{}</a></p>')
    return link.format(address, file.name, file.name)


class _Drawing:
    """One message being drawn: numbers its inputs, buttons and pictures as it goes."""

    def __init__(self, message: Message, frame: Frame) -> None:
        self._message, self._frame = message, frame
        self._inputs, self._buttons, self._pictures = count(), count(), count()
        choices = [ask for ask in message.all(Ask) if ask.kind is Kind.CHOICE]
        self._many = 0 if len(choices) > _LONG else _MANY
        buttons = message.all(Button)
        primary = (n for n, button in enumerate(buttons) if button.style is Style.PRIMARY)
        harmless = (n for n, button in enumerate(buttons) if button.style is not Style.DANGER)
        self._enter = next(iter((*primary, *harmless)), None)

    def blocks(self) -> Iterator[Markup]:
        for together, parts in groupby(
            self._message.parts, key=lambda part: isinstance(part, Button)
        ):
            drawn = [self._draw(part) for part in parts]
            if together:
                yield Markup('<div class="buttons">{}</div>').format(_GAP.join(drawn))
            else:
                yield from drawn

    def _draw(self, part: Part) -> Markup:  # noqa: C901 - one case for each part
        match part:
            case Heading(text=text):
                return Markup("<h3>{}</h3>").format(_inline(spans(text)))
            case Text(body=body):
                return _paragraphs(body)
            case Note(body=body):
                return Markup('<div class="note">{}</div>').format(_paragraphs(body))
            case Fields(rows=rows):
                return Markup("<dl>{}</dl>").format(Markup("").join(map(_row, rows)))
            case Picture(alt=alt):
                source = self._frame.picture(next(self._pictures))
                return Markup('<img class="picture" src="{}" alt="{}">').format(source, plain(alt))
            case File():
                return _file(part)
            case Ask():
                return self._ask(part)
            case Button():
                return self._button(part)
            case Rule():
                return Markup("<hr>")
            case _:
                assert_never(part)

    def _button(self, button: Button) -> Markup:
        number = next(self._buttons)
        kind = "submit" if number == self._enter else "button"
        return Markup('<button type="{}" class="button {}" data-button="{}">{}</button>').format(
            kind, button.style.value, number, _inline(spans(button.label))
        )

    def _ask(self, ask: Ask) -> Markup:
        id = f"{self._frame.id}-{next(self._inputs)}"
        beside = [
            Markup('<p class="{}" id="{}-{}"{}>{}</p>').format(
                name, id, name, Markup(' role="alert"' if name == "error" else ""), _inline(said)
            )
            for name, words in (("hint", ask.hint), ("error", ask.error))
            if (said := spans(words))
        ]
        told = " ".join(
            f"{id}-{name}" for name, words in (("hint", ask.hint), ("error", ask.error)) if words
        )
        about = Markup(' aria-describedby="{}"').format(told) if told else Markup("")
        if ask.error:
            about += Markup(' aria-invalid="true"')
        label, after = _inline(spans(ask.label)), Markup("").join(beside)
        if ask.kind is Kind.CHOICES or (ask.kind is Kind.CHOICE and len(ask.options) <= self._many):
            return Markup(
                '<fieldset class="ask"{}><legend>{}</legend><div class="options">{}</div>{}'
                "</fieldset>"
            ).format(about, label, _boxes(ask, id), after)
        return Markup('<div class="ask"><label for="{}">{}</label>{}{}</div>').format(
            id, label, self._input(ask, Markup(' id="{}"{}').format(id, about)), after
        )

    def _input(self, ask: Ask, attributes: Markup) -> Markup:
        value = ask.value[0] if ask.value else ""
        attributes = Markup(' name="{}"{}').format(f"f.{ask.name}", attributes)
        match ask.kind:
            case Kind.LONG_TEXT:
                # The first line break after the tag is the parser's, so that one typed stays.
                return Markup('<textarea rows="4"{}>\n{}</textarea>').format(attributes, value)
            case Kind.CHOICE | Kind.CHOICES:
                return Markup("<select{}>{}</select>").format(
                    attributes, _options(ask, self._frame.choose)
                )
            case Kind.DATE if _is_date(value):
                return Markup('<input type="date"{} value="{}">').format(attributes, value)
            case Kind.NUMBER:
                return Markup('<input type="text" inputmode="numeric"{} value="{}">').format(
                    attributes, value
                )
            case Kind.TEXT | Kind.DATE:
                return Markup('<input type="text"{} value="{}" autocomplete="off">').format(
                    attributes, value
                )
            case _:
                assert_never(ask.kind)


def _boxes(ask: Ask, id: str) -> Markup:
    kind = "checkbox" if ask.kind is Kind.CHOICES else "radio"
    return Markup("").join(
        Markup(
            '<label class="option"><input type="{}" name="{}" value="{}" id="{}-{}"{}> '
            "<span>{}</span></label>"
        ).format(
            kind, f"f.{ask.name}", raw, id, number, _if(raw in ask.value, "checked"),
            _inline(spans(label)),
        )
        for number, (raw, label) in enumerate(ask.options)
    )  # fmt: skip


def _options(ask: Ask, choose: str) -> Markup:
    return Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            raw, _if(raw in ask.value, "selected"), plain(label)
        )
        for raw, label in (("", choose), *ask.options)
    )


def _if(condition: bool, attribute: str) -> Markup:
    return Markup(" {}").format(attribute) if condition else Markup("")


def _is_date(value: str) -> bool:
    """Whether a date input could show this; it would drop anything else that was typed."""
    try:
        return not value or date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _row(row: tuple[str, str]) -> Markup:
    label, value = row
    return Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
        _inline(spans(label)), _paragraphs(value)
    )


def _inline(run: Iterable[Span]) -> Markup:
    drawn = Markup("")
    for span in run:
        words = Markup("{}").format(span.text)
        if span.italic:
            words = Markup("<em>{}</em>").format(words)
        drawn += Markup("<strong>{}</strong>").format(words) if span.bold else words
    return drawn


def _paragraphs(markup: str) -> Markup:
    """Lines stay lines, an empty line parts paragraphs, lines that start with a bullet a list."""
    blocks = []
    for kind, lines in groupby(_lines(markup), key=_kind):
        if kind == "item":
            items = (Markup("<li>{}</li>").format(_inline(_unbulleted(line))) for line in lines)
            blocks.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
        elif kind == "words":
            blocks.append(Markup("<p>{}</p>").format(Markup("<br>").join(map(_inline, lines))))
    return Markup("").join(blocks)


def _lines(markup: str) -> list[list[Span]]:
    lines: list[list[Span]] = [[]]
    for span in spans(markup):
        first, *rest = span.text.split("\n")
        lines[-1].append(replace(span, text=first))
        lines += [[replace(span, text=words)] for words in rest]
    return [[span for span in line if span.text] for line in lines]


def _kind(line: list[Span]) -> str:
    if not any(span.text.strip() for span in line):
        return "empty"
    return "item" if line[0].text.startswith(_BULLET) else "words"


def _unbulleted(line: list[Span]) -> list[Span]:
    return [replace(line[0], text=line[0].text.removeprefix(_BULLET)), *line[1:]]
