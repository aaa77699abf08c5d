"""The command line: `koppel`, or `python -m bot`."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import check as checking
from bot import connecting, importing, keeping, privacy, skill_files, terminal
from storage import exporting, schema

app = typer.Typer(
    name="koppel",
    help="Koppel: a mentoring programme that lives in your chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

app.add_typer(connecting.keys, name="keys")
app.add_typer(connecting.manifests, name="manifest")
app.add_typer(skill_files.skills, name="skills")
for command in (keeping.backup, keeping.restore, keeping.hold, keeping.release):
    app.command()(command)
app.add_typer(privacy.erased, name="erasures")
app.command("own-data")(privacy.hand_over)


def main() -> None:
    """Run one command; the console script `koppel`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that lacks a sign shows a "?"
            stream.reconfigure(errors="replace")
    app()


@app.command()
def run(
    host: Annotated[
        str | None, typer.Option(help="Where to listen, instead of KOPPEL_HOST.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Instead of KOPPEL_PORT; 0 is any free one."),
    ] = None,
    database: terminal.DatabaseOption = None,
) -> None:
    """Start Koppel and keep it running.

    Without any setting this is the simulated workspace: a page on this machine where you act
    as anyone in an invented company, with a clock to wind forward.

    Example: `koppel run --port 8080`
    """
    settings = terminal.settings(host=host, port=port, database_url=database)
    terminal.bring_up_to_date(settings)
    from bot.app import serve

    serve(settings)


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=2, max=100_000, help="How many take part.")] = 40,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How long it goes on.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    start: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="The first day.", show_default="2026-01-05"
        ),
    ] = datetime(2026, 1, 5),  # noqa: DTZ001 - typer wants a datetime; only its date is used
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="An empty database to play in, instead of a passing one."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object only.")] = False,
) -> None:
    """Play a whole mentoring round with invented people, as fast as it goes.

    They join, are matched, reviewed and announced, and weeks of check-ins and surveys pass,
    through the same code as in real life. Ends with 1 when a message was lost or sent twice.

    Example: `koppel simulate --people 200 --weeks 12 --json`
    """
    url = terminal.database_url(database) if database else None
    keys: tuple[str, ...] = ()
    if url:
        settings = terminal.settings(database_url=url)
        terminal.must_be_empty(settings)
        keys = settings.keys
    from bot.simulation import simulate as play

    with terminal.progress(shown=not as_json) as advance:
        report = play(
            people=people,
            weeks=weeks,
            seed=seed,
            start=start.date(),
            database=url,
            secret_keys=keys,
            progress=advance,
        )
    figures = report.as_dict()
    typer.echo(json.dumps(figures) if as_json else "\n".join(terminal.lines(figures)))
    if report.lost or report.messages.duplicate:
        raise typer.Exit(1)


@app.command()
def check(database: terminal.DatabaseOption = None) -> None:
    """Look whether everything is in place, and say what to do where it is not.

    One line for each thing, with no password in any; ends with 1 when something is wrong.

    Example: `koppel check`
    """
    good = True
    for finding in checking.findings(database_url=database):
        typer.echo(f"{'✓' if finding.good else '✗'} {finding.words}")
        good = good and finding.good
    if not good:
        raise typer.Exit(1)


@app.command()
def migrate(database: terminal.DatabaseOption = None) -> None:
    """Bring the tables of the database up to date; doing so twice does no harm.

    Needed before the first run on PostgreSQL and after each new version; with an SQLite file
    `koppel run` does it by itself. Make a backup first: there is no way back to an older version.

    Example: `koppel migrate --database postgresql://koppel:secret@localhost/koppel`
    """
    settings = terminal.settings(database_url=database)
    with terminal.talking_to(settings.database):
        changed = schema.upgrade(settings.database)
    words = "is now" if changed else "already was"
    typer.echo(f"The database {words} up to date (step {schema.head()}).")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose people these are.")
    ] = None,
    workspace: Annotated[
        str | None,
        typer.Option(metavar="PLATFORM:ID", help="Where the chat ids belong: slack:T024BE7LD."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="When letters come out wrong: cp850, mac_roman."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look, and write nothing.")] = False,
    database: terminal.DatabaseOption = None,
) -> None:
    """Add or change people from a CSV file.

    Any separator and encoding, columns in any order with English or Dutch names; e-mail or chat id
    must be among them. Good lines are kept and bad ones named with the reason; the same file again
    changes nothing; whoever is not in it is left as they are. Ends with 1 when something in it
    could not be taken over. docs/import.md tells all.

    Example: `koppel import people.csv --dry-run`
    """
    settings = terminal.settings(database_url=database)
    importing.import_people(
        settings,
        file,
        organisation=organisation,
        workspace=workspace,
        encoding=encoding,
        dry_run=dry_run,
    )


@app.command()
def export(
    programme: Annotated[str, typer.Option(metavar="SLUG", help="The word behind /mentor join.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", file_okay=False, help="Where to write.")],
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="When several have such a programme.")
    ] = None,
    semicolons: Annotated[
        bool,
        typer.Option("--semicolons", help="For a spreadsheet that wants them (Excel in Dutch)."),
    ] = False,
    database: terminal.DatabaseOption = None,
) -> None:
    """Write a programme's facts and figures to CSV files, for its coordinators.

    Who takes part, who is in a mentorship, check-ins (answered or not, met or not), and the figures
    of closed surveys. Never what people wrote, whom they avoid, or a single survey answer.
    docs/import.md names every column.

    Example: `koppel export --programme leadership --out leadership-2026`
    """
    settings = terminal.settings(database_url=database)
    with terminal.opened(settings) as opened, opened.look() as session:
        found = exporting.find(session, programme, organisation)
        if len(found) != 1:
            terminal.stop(exporting.which(session, found), 2)
        tables = exporting.tables(session, found[0])
    for path in exporting.write(tables, out, ";" if semicolons else ","):
        typer.echo(path)


if __name__ == "__main__":
    main()
