"""What the commands share: how they stop, wait for a database and show how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import select

from bot import check
from bot.settings import Settings, SettingsError, load, mask, normalised
from storage import keys, opening, schema
from storage.database import Database
from storage.models import Organisation
from storage.outages import Away

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="Another database than KOPPEL_DATABASE_URL, such as sqlite:///data/trial.db.",
    ),
]
Advance = Callable[[str, int, int], None]  # what is being done, how far it is, of how many


def stop(words: str, code: int = 1) -> NoReturn:
    """Say why and end; 2 stands for a mistake in settings or in how a command is used."""
    typer.echo(words, err=True)
    raise typer.Exit(code)


def settings(**given: Any) -> Settings:
    """The settings, or the end of the command with everything that is wrong in them."""
    try:
        return load(**given)
    except SettingsError as error:
        stop(str(error), 2)


def database_url(given: str) -> str:
    """A database URL from the command line, as the rest of Koppel wants it."""
    try:
        return normalised(given)
    except ValueError as error:
        stop(f"--database: {error}.", 2)


@contextmanager
def talking_to(url: str) -> Iterator[None]:
    """A database that does not answer ends the command with one line."""
    try:
        yield
    except DatabaseError as error:
        if type(error) not in (
            OperationalError,
            DatabaseError,
            Away,
        ):  # the others are our own mistakes
            raise
        stop(f"The database {mask(url)} does not answer: {check.reason(error, url)}.")
    except schema.NewerSchema as error:
        stop(str(error))
    except keys.KeyTrouble as error:
        stop(str(error), 2)


def bring_up_to_date(settings: Settings) -> None:
    """The tables of an SQLite file are brought up to date here; those of a server by `migrate`. The
    keys must fit."""
    url = settings.database
    with talking_to(url):
        database = Database(url)
        try:
            if database.is_sqlite:
                schema.upgrade(url)
            elif not schema.is_known(schema.revision(database.engine)):
                raise schema.NewerSchema
            elif not schema.is_current(database.engine):
                stop(
                    f"The tables of {mask(url)} are not those of this version of Koppel. "
                    "Make a backup, then run: koppel migrate"
                )
        finally:
            database.close()
        opening.opened(url, settings.keys, settings.erased).close()


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """A database whose tables are up to date, closed in the end."""
    bring_up_to_date(settings)
    seal = keys.seal_of(settings.database, settings.keys)
    database = Database(settings.database, seal, settings.erased)
    try:
        with talking_to(settings.database):
            yield database
    finally:
        database.close()


def must_be_empty(settings: Settings) -> None:
    """A playground gets its tables here; a database that is in use is no playground."""
    url = settings.database
    with talking_to(url):
        schema.upgrade(url)
        database = opening.opened(url, settings.keys, settings.erased)
        try:
            with database.look() as session:
                used = session.exec(select(Organisation.id)).first() is not None
        finally:
            database.close()
    if used:
        stop(f"{mask(url)} is in use: invented people belong in an empty database.", 2)


@contextmanager
def progress(*, shown: bool = True) -> Iterator[Advance]:
    """A bar on a terminal; elsewhere nothing, so that files and pipes stay clean."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    off = not (shown and console.is_terminal)
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=off) as bars:
        tasks = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield advance


def lines(figures: Mapping[str, object], indent: str = "") -> Iterator[str]:
    """Figures as lines for people; figures within figures are set in."""
    for name, figure in figures.items():
        words = name.replace("_", " ")
        if isinstance(figure, Mapping):
            yield f"{indent}{words}:"
            yield from lines(figure, indent + "  ")
        else:
            yield f"{indent}{words}: {figure}"
