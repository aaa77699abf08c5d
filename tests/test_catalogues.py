"""What the bot says: every sentence is in every language, with the same blanks and mark-up."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from bot.core.dates import read_date
from bot.core.markup import plain, spans
from bot.texts import LANGUAGES, SOURCE, translator
from handlers.routes import router
from tests.sentences import (
    ANY,
    MARKED_BEFORE,
    NAMES,
    ROOMS,
    ROOT,
    catalogue_of,
    path_of,
    said,
    template,
)

SAID = said()
TEMPLATE = template()
CATALOGUES = {language: catalogue_of(language) for language in LANGUAGES if language != SOURCE}
OTHERS = pytest.mark.parametrize("language", CATALOGUES)
SHOWING = ("Button", "Fields", "Heading", "Note", "Picture", "Text", "button", "say")
SHOWN = ("alt", "body", "error", "hint", "label", "rows", "summary", "text")
LONGEST_BUTTON = 25  # characters, blanks apart


def forms(words: object) -> tuple[str, ...]:
    """One form, or those of a plural."""
    if isinstance(words, str):
        return (words,)
    return tuple(str(form) for form in words) if isinstance(words, (list, tuple)) else ()


def entries(catalogue: Catalog) -> list[Message]:
    return [entry for entry in catalogue if entry.id]


def everything(language: str) -> list[str]:
    """All that can be said in this language."""
    if language == SOURCE:
        return [form for entry in entries(TEMPLATE) for form in forms(entry.id)]
    return [form for entry in entries(CATALOGUES[language]) for form in forms(entry.string)]


def pairs(language: str) -> list[tuple[str, str]]:
    """Each form of a translation beside its English."""
    found = []
    for entry in entries(CATALOGUES[language]):
        english = forms(entry.id)
        translated = forms(entry.string)
        found += [(english[min(n, len(english) - 1)], form) for n, form in enumerate(translated)]
    return found


def blanks(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def spelled_out(given: ast.expr) -> list[str]:
    """What stands in the code as it is, ready to be read."""
    parts = given.values if isinstance(given, ast.JoinedStr) else [given]
    words = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
    return [one for one in words if re.search(r"[^\W\d_]{2}", one)]


@cache
def in_the_code() -> tuple[tuple[str, ast.AST], ...]:
    return tuple(_nodes())


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


@OTHERS
def test_every_sentence_is_in_the_catalogue_and_nothing_else_is(language: str) -> None:
    known = {forms(entry.id) for entry in entries(CATALOGUES[language])}
    assert known == {forms(entry.id) for entry in entries(TEMPLATE)}, "run: make texts"
    assert not CATALOGUES[language].obsolete


@OTHERS
def test_every_sentence_is_translated_and_none_awaits_a_second_look(language: str) -> None:
    catalogue = CATALOGUES[language]
    needed = {str: 1, tuple: catalogue.num_plurals}
    assert [
        entry.id
        for entry in entries(catalogue)
        if entry.fuzzy
        or len(forms(entry.string)) != needed[type(entry.id)]
        or not all(forms(entry.string))
    ] == []


@OTHERS
def test_a_catalogue_holds_no_dates_line_numbers_or_names(language: str) -> None:
    lines = path_of(language).read_text("utf-8").splitlines()
    assert [
        line for line in lines if re.match(r'"(POT|PO|Last|Report|Generated)|#:.*:\d', line)
    ] == []


def test_every_sentence_stands_where_it_is_said_or_was_marked_before() -> None:
    loose = [one for one in SAID if not one.words and one.source not in MARKED_BEFORE]
    assert [f"{one.place}:{one.line} {one.source}" for one in loose] == []


def test_a_card_shows_no_words_that_cannot_be_translated() -> None:
    loose = []
    for place, node in in_the_code():
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in SHOWING:
            given = [*node.args, *(k.value for k in node.keywords if k.arg in SHOWN)]
            loose += [f"{place} {words}" for one in given for words in spelled_out(one)]
    assert [words for words in loose if not words.endswith((" Nederlands", " English"))] == []


def test_a_translator_is_called_by_the_names_that_the_search_for_sentences_knows() -> None:
    wrong = []
    for place, node in in_the_code():
        named = []
        match node:
            case ast.arg(arg=name, annotation=ast.Name(id="Translator")):
                named = [name]
            case ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id="translator"))):
                named = [ast.unparse(target)]
        wrong += [f"{place} {name}" for name in named if name.split(".")[-1] not in NAMES]
    assert wrong == []


def test_what_a_sentence_leaves_blank_is_filled_in_where_it_is_said() -> None:
    wrong = []
    for one in SAID:
        asked = set[str]().union(*(blanks(form) for form in one.words))
        if one.words and ANY not in one.values and asked != one.values:
            wrong.append(f"{one.place}:{one.line} {sorted(asked ^ one.values)}")
    assert wrong == []


@OTHERS
def test_a_translation_leaves_the_same_blanks(language: str) -> None:
    assert [pair for pair in pairs(language) if blanks(pair[0]) != blanks(pair[1])] == []


@OTHERS
def test_a_translation_has_the_same_mark_up(language: str) -> None:
    def styles(words: str) -> Counter[tuple[bool, bool]]:
        return Counter((s.bold, s.italic) for s in spans(words) if s.bold or s.italic)

    assert [pair for pair in pairs(language) if styles(pair[0]) != styles(pair[1])] == []


@OTHERS
def test_a_translation_begins_and_ends_like_the_sentence(language: str) -> None:
    def edges(words: str) -> tuple[str, str]:
        bare = words.strip()
        end = re.sub("[?!]", ".", bare[-1]) if bare[-1] in ".:?!…" else ""
        return words.replace(bare, "|"), end

    assert [pair for pair in pairs(language) if edges(pair[0]) != edges(pair[1])] == []


@OTHERS
def test_a_translation_names_the_same_commands(language: str) -> None:
    def commands(words: str) -> list[str]:
        return sorted(re.findall(r"“/?mentor[^”]*?(?= [^a-z”]|”)", words))

    assert [pair for pair in pairs(language) if commands(pair[0]) != commands(pair[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_no_straight_quotes_three_dots_or_doubled_spaces(language: str) -> None:
    wrong = re.compile(r"[\"'`]|\.\.\.|\s\s|\s[.,;:?!…]")
    assert [words for words in everything(language) if wrong.search(words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_come_in_pairs(language: str) -> None:
    odd = [words for words in everything(language) if re.sub(r"[^“”]", "", words).replace("“”", "")]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_is_short(language: str) -> None:
    t = translator(language)
    long = []
    for place, node in in_the_code():
        match node:
            case ast.Call(
                func=ast.Name(id="button") | ast.Attribute(attr="Offer"),
                args=[ast.Call(func=called, args=[ast.Constant(value=str(words))]), *_],
            ) if ast.unparse(called).split(".")[-1] in NAMES:
                label = re.sub(r"\{\w+\}", "", plain(t(words)))
                if len(label) > LONGEST_BUTTON:
                    long.append(f"{place} {label}")
    assert long == []


@OTHERS
def test_what_help_says_about_each_command_is_translated(language: str) -> None:
    summaries = {entry.summary for entry in router.commands.values()}
    assert summaries <= {
        form for entry in entries(CATALOGUES[language]) for form in forms(entry.id)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bot_understands_the_words_it_gives_as_an_example(language: str) -> None:
    t, today = translator(language), date(2026, 3, 2)
    pauses = t("Until when? For example: “pause until 1 March” or “pause 2 weeks”.")
    for example in re.findall(r"“(.*?)”", pauses):
        command, _, until = example.partition(" ")
        named = router.named(command)
        assert named and named.name == "pause" and read_date(until, today), example
    dates = t("For example: 1 March, or in two weeks").partition(": ")[2]
    for example in re.split(r", (?:or|of) ", dates):
        assert read_date(example, today), example
