"""Whether this installation can run, one finding at a time, each with what to do about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.messages.pofile import read_po
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import content, texts
from bot.finding import Finding
from bot.settings import Settings, SettingsError, load, mask
from storage import keys, schema
from storage.database import beside

_PATIENCE = 5  # seconds for a database server to answer


def findings(**given: Any) -> Iterator[Finding]:
    """Everything worth knowing before `koppel run`, as it is found."""
    try:
        settings = load(**given)
    except SettingsError as error:
        yield from (Finding(False, problem) for problem in error.problems)
    else:
        yield Finding(True, "settings: all are valid")
        yield _platforms(settings)
        yield from _database(settings)
        yield from _chats(settings)
    yield _catalogues()
    yield _content()
    yield _time_zones()


def reason(error: Exception, url: str) -> str:
    """Why a database does not answer: the first line of what it says, without the password."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    words = said[0] if said else type(error).__name__
    password = make_url(url).password
    return words.replace(str(password), "***") if password else words


def _platforms(settings: Settings) -> Finding:
    where = " and ".join(settings.platforms_configured) or "the simulated workspace"
    return Finding(True, f"platform: {where}")


def _chats(settings: Settings) -> Iterator[Finding]:
    """What Slack and Microsoft say; their libraries take half a second each to load."""
    if settings.slack:
        from bot.platforms.slack import checkup as slack

        yield from slack.findings(settings)
    if settings.teams:
        from bot.platforms.teams import checkup as teams

        yield from teams.findings(settings)


def _installed(engine: Engine, settings: Settings) -> Iterator[Finding]:
    if not settings.platforms_configured:
        return
    from bot.platforms import employers
    from bot.platforms.slack import checkup as slack
    from bot.platforms.teams import checkup as teams

    with Session(engine) as session:
        if settings.slack:
            yield from slack.installed(session, settings)
        if settings.teams:
            yield from teams.installed(session, settings)
        yield from employers.findings(session, settings)


def _database(settings: Settings) -> Iterator[Finding]:
    url = settings.database
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database or "")
        folder = _folder(file)
        yield folder
        if not folder.good:
            return
        if not file.exists():
            yield Finding(True, f"database: {file} is made at the first run")
            return
    options = {} if parsed.get_backend_name() == "sqlite" else {"connect_timeout": _PATIENCE}
    engine = create_engine(url, hide_parameters=True, connect_args=options)
    try:
        yield from _schema(engine, settings)
    finally:
        engine.dispose()


def _folder(file: Path) -> Finding:
    """Whether an SQLite file, and the two that stand beside it while it is open, can be written."""
    folder = file.parent
    there = folder
    while not there.exists():
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding(
            False, f"data folder: {folder} cannot be written; give Koppel's user that right"
        )
    if file.exists() and not (file.is_file() and os.access(file, os.R_OK | os.W_OK)):
        return Finding(
            False, f"data folder: {file} cannot be written; give Koppel's user that right"
        )
    return Finding(True, f"data folder: {folder} can be written")


def _schema(engine: Engine, settings: Settings) -> Iterator[Finding]:
    url = settings.database
    try:
        step = schema.revision(engine)
    except SQLAlchemyError as error:
        yield Finding(
            False,
            f"database: {mask(url)} does not answer ({reason(error, url)}); "
            "see that it runs and that KOPPEL_DATABASE_URL is right",
        )
        return
    yield Finding(True, f"database: {mask(url)} answers")
    if not schema.is_known(step):
        yield Finding(False, f"tables: {schema.NewerSchema()}")
    elif step != schema.head():
        yield Finding(False, "tables: not those of this version; run `koppel migrate`")
    else:
        yield Finding(True, f"tables: those of this version (step {step})")
        yield _keys(settings)
        yield from _installed(engine, settings)


def _keys(settings: Settings) -> Finding:
    """Whether the keys open what is stored; none is made and nothing is sealed by looking."""
    file = beside(settings.database, keys.KEYS)
    try:
        if keys.fit(settings.database, settings.keys):
            return Finding(True, "keys: they open what is stored in confidence")
    except keys.KeyTrouble as error:
        return Finding(False, f"keys: {error}")
    if settings.keys or file is None:
        return Finding(True, "keys: nothing is sealed yet; the first run does it")
    return Finding(True, f"keys: {file} is made at the first run; keep a copy of it elsewhere")


def _catalogues() -> Finding:
    wrong = [
        f"{language}: {len(missing)} texts, such as “{missing[0]}”"
        for language in texts.LANGUAGES
        if language != texts.SOURCE and (missing := _untranslated(language))
    ]
    if wrong:
        words = f"texts: not translated: {'; '.join(wrong)}; install Koppel anew"
        return Finding(False, words)
    return Finding(True, f"texts: complete in {', '.join(texts.LANGUAGES)}")


def _untranslated(language: str) -> list[str]:
    """The texts of a catalogue that have no translation, or one that lost a placeholder."""
    path = texts.LOCALES / language / "LC_MESSAGES" / "koppel.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    missing = []
    for message in catalogue:
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        words = [message.string] if isinstance(message.string, str) else [*(message.string or [""])]
        wanted = _placeholders(sources[-1])
        complete = all(words) and all(_placeholders(each) <= wanted for each in words)
        if sources[0] and (message.fuzzy or not complete or _placeholders(words[-1]) != wanted):
            missing.append(sources[0])
    return missing


@cache
def _placeholders(words: str) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(words) if name is not None)
    except ValueError:  # an unmatched brace
        return frozenset({words})


def _content() -> Finding:
    try:
        content.standard()
    except (OSError, ValueError, KeyError) as error:
        return Finding(False, f"content: {error}; install Koppel anew")
    return Finding(True, "content: every questionnaire can be read")


def _time_zones() -> Finding:
    try:
        ZoneInfo("Europe/Amsterdam")
        known = len(available_timezones())
    except (KeyError, OSError):
        known = 0
    if known < 300:  # there are some 600; far fewer is a broken package
        return Finding(False, "time zones: the database is missing; install the package tzdata")
    return Finding(True, f"time zones: {known} are known")
