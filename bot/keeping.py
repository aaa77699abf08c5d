"""Commands that keep what Koppel remembers: a copy, the way back, and letting go of what was held."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import terminal
from storage import backups, holding

ON_A_SERVER = "docs/operating.md tells how PostgreSQL is backed up."


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write; it must not be there yet.")],
    database: terminal.DatabaseOption = None,
) -> None:
    """Copy the database to a file while Koppel runs.

    The copy is whole, checked, and for this user only to read. The keys of what is sealed are not
    in it: keep those too, in another place. For an SQLite file; docs/operating.md tells how
    PostgreSQL is backed up.

    Example: `koppel backup backups/koppel-monday.db`
    """
    settings = terminal.settings(database_url=database)
    try:
        backups.copy(settings.database, file)
    except backups.BackupError as error:
        _stop(error)
    typer.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A backup.")],
    database: terminal.DatabaseOption = None,
) -> None:
    """Put a backup back. Koppel must be stopped.

    Much of what waits in it may have been sent since, so nothing leaves by itself until you say
    `koppel release`; people who act are answered all the while. Whoever was erased since is erased
    again at the next start. The database of until now is kept beside it.

    Example: `koppel restore backups/koppel-monday.db`
    """
    settings = terminal.settings(database_url=database)
    try:
        before, held = backups.put_back(file, settings.database, datetime.now(UTC))
    except backups.BackupError as error:
        _stop(error)
    typer.echo(f"The backup is back; {held} messages are held until `koppel release`.")
    if before:
        typer.echo(f"What was there until now is in {before}.")


def hold(database: terminal.DatabaseOption = None) -> None:
    """Let nothing leave by itself, after a backup was put back on a PostgreSQL server.

    `koppel restore` does this for an SQLite file. Koppel must be stopped.

    Example: `koppel hold`
    """
    settings = terminal.settings(database_url=database)
    with terminal.opened(settings) as opened, opened.transaction() as session:
        if holding.since(session) is not None:
            terminal.stop("Everything is held already.")
        messages = holding.begin(session, datetime.now(UTC))
    typer.echo(f"{messages} messages are held until `koppel release`.")


def release(
    drop: Annotated[
        bool, typer.Option("--drop", help="Do not send the messages that are held.")
    ] = False,
    database: terminal.DatabaseOption = None,
) -> None:
    """Let messages and questions leave again, after a backup was put back.

    Look first which of them people have had; `--drop` sends none of those that waited.

    Example: `koppel release --drop`
    """
    settings = terminal.settings(database_url=database)
    with terminal.opened(settings) as opened, opened.transaction() as session:
        if holding.since(session) is None:
            terminal.stop("Nothing is held.")
        messages = holding.release(session, datetime.now(UTC), drop=drop)
    typer.echo(
        f"{messages} messages {'were dropped' if drop else 'leave now'}; the clock runs again."
    )


def _stop(error: backups.BackupError) -> NoReturn:
    more = f" {ON_A_SERVER}" if isinstance(error, backups.OnServer) else ""
    terminal.stop(f"{error}{more}")
