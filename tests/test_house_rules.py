"""The rules of the house that no tool checks by itself: sizes, names, buttons, cards, documents."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import get_type_hints

import pytest

import bot.cards
from bot import reference
from bot.cards import problems
from bot.core.actions import Action, Expired, RunCommand
from bot.core.answers import Wrong
from bot.core.messages import Ask, Button, Message
from bot.platforms.local import html, screen
from bot.texts import LANGUAGES, Translator, translator
from handlers.routes import ROOMS, router
from tests.gallery import Sample, gallery
from tests.samples import problem

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for room in ("bot", "handlers", "scheduler", "storage")
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
)
LONGEST_FILE, LONGEST_FUNCTION = 300, 40  # lines
EMPTY_NAMES = re.compile(r"(Manager|Service|Helper|Utils?)(s?)$", re.IGNORECASE)
LONGEST_WIRE = 2000  # characters: what Slack lets a button carry
PLAIN = "Noor Visser"
HOSTILE = (
    PLAIN,
    "**Bob** _x_ `y` ~z~ *s*",
    "<!channel> <@U1> <b>&amp;</b> \"quoted\" 'too'",
    "back\\slash\\",
    "=1+1 {name} {0} %s",
    "مرحبا 👩🏽‍💻 日本",
    "x" * 80,
)


def drawn_as_page(message: Message) -> str:
    """What can be read on the page, tags taken out; values of inputs left in."""
    markup = str(html.render(message, html.Frame("m", 1, lambda n: f"/picture/{n}", "choose")))
    values = re.findall(r'value="([^"]*)"', markup)
    return unescape(" ".join([re.sub(r"<[^>]*>", "", markup), *values]))


RENDERERS: dict[str, Callable[[Message], str]] = {"screen": screen.draw, "page": drawn_as_page}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for path in SOURCES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, kinds):
                yield name_of(path), node


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


# --- sizes and names ---


def test_a_file_fits_in_the_head() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_a_function_fits_on_a_screen() -> None:
    """What happens in it, that is; a command's options may take a page of their own."""
    long = []
    for place, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        steps = node.body[1:] if ast.get_docstring(node) else node.body
        if steps and (steps[-1].end_lineno or 0) - steps[0].lineno + 1 > LONGEST_FUNCTION:
            long.append(f"{place} {node.name}")
    assert long == []


def test_nothing_is_called_by_an_empty_name() -> None:
    classes = [f"{place} {node.name}" for place, node in nodes(ast.ClassDef)]  # type: ignore[attr-defined]
    files = [name_of(path).removesuffix(".py") for path in SOURCES]
    # Somebody's manager is a person, and no empty name.
    found = [name for name in (*classes, *files) if EMPTY_NAMES.search(name)]
    assert found == ["bot/roster/managers"]


def test_nobody_prints() -> None:
    called = [
        place
        for place, node in nodes(ast.Call)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    ]
    assert called == []


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    silent = [name_of(path) for path in SOURCES if not ast.get_docstring(parsed(path))]
    assert silent == []


# --- buttons ---


def test_every_button_has_a_handler() -> None:
    handled = set(router.actions) | {RunCommand, Expired}
    ours = {kind for kind in Action.known.values() if kind.__module__.startswith("bot.")}
    made = ours - {kind for kind in ours if kind.__subclasses__()}  # what others are kinds of
    assert made - handled == set()
    assert set(router.actions) <= ours


def test_every_action_comes_back_as_it_left_however_large() -> None:
    largest = {int: 2**31 - 1, bool: True, str: "🎉" * 80}
    for kind in Action.known.values():
        fields = {name: type_ for name, type_ in get_type_hints(kind).items() if name != "known"}
        action = kind(**{name: largest[type_] for name, type_ in fields.items()})
        assert Action.decode(action.encode()) == action
        assert len(action.encode()) <= LONGEST_WIRE


def test_every_room_with_commands_is_in_the_list_that_help_and_docs_follow() -> None:
    rooms = {room.__name__ for room in ROOMS}
    assert {entry.run.__module__ for entry in router.commands.values()} <= rooms


def test_no_two_commands_answer_to_the_same_word() -> None:
    words = [w for entry in router.commands.values() for w in (entry.name, *entry.aliases)]
    assert len(set(words)) == len(words)
    assert all(word == word.casefold() for word in words)


# --- cards ---


def card_functions() -> dict[str, Callable[..., Message]]:
    """Every public function of `bot.cards` that makes a message."""
    found: dict[str, Callable[..., Message]] = {}
    for info in pkgutil.iter_modules(bot.cards.__path__):
        module: ModuleType = importlib.import_module(f"bot.cards.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and get_type_hints(function).get("return") is Message:
                found[f"{info.name}.{name}"] = function
    return found


def test_every_card_hangs_in_the_gallery_and_nothing_else_does() -> None:
    assert set(gallery()) == set(card_functions())


@pytest.mark.parametrize("name", gallery())
def test_every_card_is_drawn_everywhere_with_peoples_words_as_they_wrote_them(name: str) -> None:
    for sample in gallery()[name]:
        for language in LANGUAGES:
            drawn_everywhere(sample, translator(language))


def drawn_everywhere(sample: Sample, t: Translator) -> None:
    shown = {name: PLAIN in draw(sample(t, PLAIN)) for name, draw in RENDERERS.items()}
    for words in HOSTILE:
        card = sample(t, words)
        assert card.summary
        assert Message.from_json(card.to_json()) == card
        for name, draw in RENDERERS.items():
            drawn = draw(card)
            assert drawn
            assert not shown[name] or words in drawn or words[:60] in drawn, (name, drawn)
        buttons_mean_something(card)
        inputs_hold_what_there_is(card)


def buttons_mean_something(card: Message) -> None:
    for button in card.all(Button):
        assert len(button.wire) <= LONGEST_WIRE
        action = Action.decode(button.wire)
        if isinstance(action, RunCommand):
            assert router.named(action.name), action
        else:
            assert type(action) in router.actions
        assert button.label.strip()


def inputs_hold_what_there_is(card: Message) -> None:
    names = [ask.name for ask in card.all(Ask)]
    assert len(set(names)) == len(names)
    for ask in card.all(Ask):
        assert ask.label
        assert not ask.options or set(ask.value) <= {raw for raw, _ in ask.options}


@pytest.mark.parametrize("name", gallery())
def test_every_card_speaks_two_languages_and_asks_for_no_slash_that_only_slack_has(
    name: str,
) -> None:
    for sample in gallery()[name]:
        one, other = (screen.draw(sample(translator(language), PLAIN)) for language in LANGUAGES)
        assert one != other or "Nederlands" in one  # the card that asks which language
        assert "/mentor" not in one + other


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_is_told_in_words(language: str) -> None:
    for wrong in Wrong:
        told = problems.wrong(translator(language), problem(wrong, "«it»"))
        assert told.endswith((".", "?")), told
        assert "{" not in told


# --- documents ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_commands_is_up_to_date(language: str) -> None:
    path = reference.FOLDER / reference.FILES[language]
    assert path.read_text("utf-8") == reference.commands(language), "run: make docs"
