"""What a programme asks and tells: data files, both languages side by side.

A value, not an import: tests and programmes may bring their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.messages import Kind
from bot.core.questions import Choice, Question, Readers, Reads, Wording

FOLDER = Path(__file__).parent
_LANGUAGES = ("en", "nl")


@dataclass(frozen=True)
class Starters:
    """Conversation starters; `about` names the interest they fit, or nothing for everyone."""

    about: str
    wording: Wording


@dataclass(frozen=True)
class Content:
    intake: tuple[Question, ...]
    programme: tuple[Question, ...]
    rules: tuple[Question, ...]
    weights: tuple[Question, ...]
    pulse: tuple[Question, ...]
    wishing: tuple[Question, ...]
    starters: tuple[Starters, ...]


@cache
def standard(folder: Path = FOLDER) -> Content:
    """The content that comes with the product."""
    return Content(
        intake=questions(folder / "intake.toml"),
        programme=questions(folder / "programme.toml"),
        rules=questions(folder / "rules.toml"),
        weights=questions(folder / "weights.toml"),
        pulse=questions(folder / "pulse.toml"),
        wishing=questions(folder / "wishing.toml"),
        starters=tuple(
            Starters(entry.get("about", ""), _wording(entry))
            for entry in _read(folder / "starters.toml")["starters"]
        ),
    )


@cache
def told_in_confidence(key: str) -> bool:
    """Whether an answer to this question is kept sealed; of a question that nobody knows it is."""
    named = [q for each in fields(Content) for q in getattr(standard(), each.name)]
    asked = [q for q in named if isinstance(q, Question) and q.key == key]
    return not asked or any(question.in_confidence for question in asked)


def questions(path: Path) -> tuple[Question, ...]:
    """A questionnaire from its file; ValueError names the entry that cannot be read."""
    return tuple(_question(entry, path) for entry in _read(path)["questions"])


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _question(entry: dict[str, Any], path: Path) -> Question:
    try:
        return Question(
            key=entry["key"],
            kind=Kind(entry["kind"]),
            wording=_wording(entry),
            label=_wording(entry.get("label", {})),
            why=_wording(entry.get("why", {})),
            example=_wording(entry.get("example", {})),
            readers=Readers(entry.get("readers", "coordinators")),
            reads=Reads(entry.get("reads", "as_typed")),
            choices=tuple(Choice(c["value"], _wording(c)) for c in entry.get("choices", ())),
            required=entry.get("required", False),
            required_if=_condition(entry.get("required_if", {})),
            only_if=_condition(entry.get("only_if", {})),
            **{
                k: entry[k]
                for k in ("max_length", "max_chosen", "minimum", "maximum")
                if k in entry
            },
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path.name}: question {entry.get('key', '?')}: {error}") from error


def _condition(entry: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in entry.items()}


def _wording(entry: Mapping[str, Any]) -> Wording:
    return {language: entry[language] for language in _LANGUAGES if language in entry}
