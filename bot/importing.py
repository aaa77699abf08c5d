"""`koppel import`: a file in, what became of it in plain lines out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer
from sqlalchemy.exc import IntegrityError

from bot import roster, terminal
from bot.platforms.local.chat import private_chat
from bot.roster import NotReadable, Roster
from bot.settings import Settings
from storage import roster as stored
from storage.database import Database
from storage.roster import Defaults, Outcome, Unclear


def import_people(
    settings: Settings,
    file: Path,
    *,
    organisation: str | None,
    workspace: str | None,
    encoding: str | None,
    dry_run: bool,
) -> None:
    """Bring the people up to date, tell what happened, and end with 1 when a line was refused."""
    place = _place(workspace)
    try:
        read = roster.parse(file.read_bytes(), encoding)
    except (NotReadable, OSError) as error:
        terminal.stop(f"{file.name}: {error}", 2)
    _tell_what_was_read(file, read)
    with terminal.opened(settings) as database:
        try:
            outcome = _store(settings, database, read, organisation, place, dry_run)
        except Unclear as error:
            terminal.stop(str(error), 2)
        except IntegrityError:
            terminal.stop("Somebody was added in the meantime. Nothing was kept; import it again.")
    outcome.problems.extend(read.problems)
    _tell_what_happened(outcome, len(read.refused) + outcome.refused, dry_run)
    if outcome.problems:
        raise typer.Exit(1)


def _store(
    settings: Settings,
    database: Database,
    read: Roster,
    organisation: str | None,
    place: tuple[str, str] | None,
    dry_run: bool,
) -> Outcome:
    changing = database.rehearsal() if dry_run else database.transaction()
    with terminal.progress() as advance, changing as session:
        whose = stored.organisation(
            session, organisation or settings.organisation, must_match=organisation is not None
        )
        workspace = stored.workspace(session, whose, place)
        return stored.bring_up_to_date(
            session,
            read.rows,
            whose,
            workspace,
            address=_address(workspace.platform if workspace else ""),
            defaults=Defaults(
                settings.default_locale, settings.default_time_zone, settings.default_country
            ),
            progress=lambda done: advance("people", done, len(read.rows)),
        )


def _place(workspace: str | None) -> tuple[str, str] | None:
    """«slack:T024BE7LD» as the platform and its own id."""
    if workspace is None:
        return None
    platform, _, external = workspace.partition(":")
    if not platform or not external:
        terminal.stop("--workspace: write a platform and its id, such as slack:T024BE7LD.", 2)
    return platform.lower(), external


def _address(platform: str) -> Callable[[str], str]:
    """Where a chat id gets private messages: elsewhere than in the simulation, at the id itself."""
    return private_chat if platform == "local" else str


def _tell_what_was_read(file: Path, read: Roster) -> None:
    typer.echo(
        f"{file.name}: {read.records} lines with people, "
        f"in {read.encoding}, separated by a {read.delimiter}"
    )
    typer.echo(f"Columns: {', '.join(read.columns.values())}")
    if read.ignored:
        typer.echo(f"Not understood, and left out: {', '.join(read.ignored)}")


def _tell_what_happened(outcome: Outcome, refused: int, dry_run: bool) -> None:
    for problem in sorted(outcome.problems, key=lambda problem: problem.line):
        typer.echo(f"✗ {problem}")
    for appointed in outcome.appointed:
        typer.echo(f"Appointed: {appointed}")
    typer.echo(
        f"Added {outcome.added}, changed {outcome.changed}, unchanged {outcome.unchanged}, "
        f"refused {refused}. Whoever is not in the file is left as they are."
    )
    if dry_run:
        typer.echo("This was a look only: nothing was written.")
