"""Every card of the product, in every language and with the worst of names, is one Slack takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.actions import Action
from bot.core.markup import plain
from bot.core.messages import Ask, Button, Fields, Heading, Message, Note, Picture, Text
from bot.platforms.slack import blocks
from bot.texts import LANGUAGES, Translator
from tests.slack.rules import as_slack_reads, check_message, check_view, shown, state, texts, walk

WORDS = ("Noor de Vries", "<!channel> *_R&D_* `x`\n> y", "é👍🏽" * 40, "word " * 400)


def _cards(words: str, language: str) -> dict[str, Message]:
    gallery: Any = pytest.importorskip("tests.gallery")
    t = Translator(language)
    return {
        f"{name} {number}": sample(t, words)
        for name, samples in gallery.gallery().items()
        for number, sample in enumerate(samples)
    }


@pytest.mark.parametrize("words", WORDS, ids=("name", "marks", "emoji", "long"))
@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_every_card_and_reads_nothing_into_it(language: str, words: str) -> None:
    for name, card in _cards(words, language).items():
        drawn = blocks.message(card, nonce="n")
        try:
            check_message(drawn)
            check_view(blocks.view(card, nonce="n", title=card.summary))
            for text in texts(drawn["blocks"]):
                as_slack_reads(text)
        except Exception as error:
            raise AssertionError(f"{name}: {drawn}") from error


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_and_input_of_every_card_comes_back(language: str) -> None:
    for name, card in _cards("Noor de Vries", language).items():
        drawn = blocks.message(card, nonce="n")["blocks"]
        pressed = [found for found in walk(drawn) if found.get("type") == "button"]
        buttons = card.all(Button)
        assert [blocks.action_of(found) for found in pressed] == [
            Action.decode(button.wire) for button in buttons
        ], name
        assert [found["text"]["text"] for found in pressed] == [
            plain(button.label) for button in buttons
        ], name
        asked = {ask.name for ask in card.all(Ask)}
        assert set(blocks.fields(state(drawn, lambda _: None))) == asked, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_any_card_is_lost(language: str) -> None:
    for name, card in _cards("Noor de Vries", language).items():
        there = set(shown(blocks.message(card, nonce="n")["blocks"]).replace("\u200b", "").split())
        assert set(_words(card)) <= there, name


def _words(card: Message) -> Iterator[str]:
    for part in card.parts:
        match part:
            case Heading(text=words) | Text(body=words) | Note(body=words) | Picture(alt=words):
                yield from plain(words).split()
            case Fields(rows=rows):
                yield from (word for row in rows for cell in row for word in plain(cell).split())
            case Ask(label=label, hint=hint, error=error, options=options):
                said = (label, hint, error, *(label for _, label in options))
                yield from (word for words in said for word in plain(words).split())
            case Button(label=label):
                yield from plain(label).split()
