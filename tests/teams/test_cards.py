"""Every card of the product, in every language and with the worst of names, is one Teams takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.core.actions import Action
from bot.core.markup import plain
from bot.core.messages import Ask, Button, Fields, Heading, Message, Note, Picture, Text
from bot.platforms.teams import cards
from bot.texts import LANGUAGES, Translator
from tests.gallery import gallery
from tests.teams.rules import as_teams_reads, buttons, check_message, sent, shown, texts

WORDS = (
    "Noor de Vries",
    "<at>Noor</at> *_R&D_* [x](https://evil.example) `x`\n> y",
    "1. {{TIME(2017-02-14T06:08:39Z)}}",
    "é👍🏽" * 40,
    "word " * 400,
)


def _cards(words: str, language: str) -> dict[str, Message]:
    t = Translator(language)
    return {
        f"{name} {number}": sample(t, words)
        for name, samples in gallery().items()
        for number, sample in enumerate(samples)
    }


@pytest.mark.parametrize("words", WORDS, ids=("name", "marks", "clock", "emoji", "long"))
@pytest.mark.parametrize("language", LANGUAGES)
def test_teams_takes_every_card_and_reads_nothing_into_it(language: str, words: str) -> None:
    for name, card in _cards(words, language).items():
        drawn = cards.message(card, nonce="n", lang=language)
        try:
            check_message(drawn)
            for text in texts(drawn["attachments"][0]["content"]):
                as_teams_reads(text)
        except Exception as error:
            raise AssertionError(f"{name}: {drawn}") from error


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_and_input_of_every_card_comes_back(language: str) -> None:
    for name, card in _cards("Noor de Vries", language).items():
        drawn = cards.card(card, nonce="n")
        pressed, meant = buttons(drawn), card.all(Button)
        assert [found["title"] for found in pressed] == [plain(b.label) for b in meant], name
        asked = {ask.name for ask in card.all(Ask)}
        for which, button in enumerate(meant):
            for value in sent(drawn, which):
                action, fields = cards.clicked(value)
                assert action == Action.decode(button.wire), name
                assert set(fields) == asked, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_any_card_is_lost(language: str) -> None:
    for name, card in _cards("Noor de Vries", language).items():
        there = set(shown(cards.card(card, nonce="n")).replace("\u200b", "").split())
        assert set(_words(card)) <= there, name


def _words(card: Message) -> Iterator[str]:
    for part in card.parts:
        match part:
            case Heading(text=words) | Text(body=words) | Note(body=words) | Picture(beside=words):
                yield from plain(words).split()
            case Fields(rows=rows):
                yield from (word for row in rows for cell in row for word in plain(cell).split())
            case Ask(label=label, hint=hint, error=error, options=options):
                said = (label, hint, error, *(label for _, label in options))
                yield from (word for words in said for word in plain(words).split())
            case Button(label=label):
                yield from plain(label).split()
