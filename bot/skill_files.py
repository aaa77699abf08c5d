"""`koppel skills`: an organisation's own skills, from a file and to one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import terminal
from bot.roster import NotReadable, vocabulary
from bot.roster.vocabulary import Vocabulary
from storage import exporting
from storage import roster as rosters
from storage import vocabulary as stored
from storage.roster import Unclear

skills = typer.Typer(
    help="The organisation's own skills: `import` and `export`.", no_args_is_help=True
)

OrganisationOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Whose skills, where there are several.")
]


@skills.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    language: Annotated[
        str, typer.Option(metavar="nl|en", help="Of ESCO's labels, if the file's name is silent.")
    ] = "",
    organisation: OrganisationOption = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="When letters come out wrong: cp850.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look, and write nothing.")] = False,
    database: terminal.DatabaseOption = None,
) -> None:
    """Add or change the skills that your organisation has names of its own for.

    Columns in English or Dutch: key, English, Dutch, abbreviations; or those of ESCO. Good lines are
    kept and bad ones named with the reason; the same file again changes nothing. Ends with 1 when
    something in it could not be taken over. docs/import.md tells all.

    Example: `koppel skills import skills.csv --dry-run`
    """
    if language not in ("", *vocabulary.LANGUAGES):
        terminal.stop("--language: write nl or en.", 2)
    settings = terminal.settings(database_url=database)
    try:
        read = vocabulary.parse(
            file.read_bytes(), encoding=encoding, language=language, name=file.name
        )
    except (NotReadable, OSError) as error:
        terminal.stop(f"{file.name}: {error}", 2)
    name = organisation or settings.organisation
    with terminal.opened(settings) as opened:
        changing = opened.rehearsal() if dry_run else opened.transaction()
        try:
            with changing as session:
                whose = rosters.organisation(session, name, must_match=organisation is not None)
                outcome = stored.bring_up_to_date(session, whose.id, read.lines)
        except Unclear as error:
            terminal.stop(str(error), 2)
    _tell(file, read, outcome, dry_run)


def _tell(file: Path, read: Vocabulary, outcome: stored.Outcome, dry_run: bool) -> None:
    typer.echo(
        f"{file.name}: {read.records} lines with skills, "
        f"in {read.encoding}, separated by a {read.delimiter}"
    )
    problems = sorted([*read.problems, *outcome.problems], key=lambda problem: problem.line)
    for problem in problems:
        typer.echo(f"✗ {problem}")
    typer.echo(
        f"Added {outcome.added}, changed {outcome.changed}, unchanged {outcome.unchanged}. "
        "Skills that are not in the file are left as they are."
    )
    if dry_run:
        typer.echo("This was a look only: nothing was written.")
    if problems:
        raise typer.Exit(1)


@skills.command("export")
def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write.")],
    organisation: OrganisationOption = None,
    semicolons: Annotated[
        bool, typer.Option("--semicolons", help="For a spreadsheet that wants them.")
    ] = False,
    database: terminal.DatabaseOption = None,
) -> None:
    """Write the organisation's own skills to a CSV file, as `import` takes them.

    Example: `koppel skills export skills.csv`
    """
    settings = terminal.settings(database_url=database)
    name = organisation or settings.organisation
    with terminal.opened(settings) as opened:
        try:
            with opened.rehearsal() as session:
                whose = rosters.organisation(session, name, must_match=organisation is not None)
                table = stored.table(session, whose.id)
        except Unclear as error:
            terminal.stop(str(error), 2)
    exporting.write_file(table, file, ";" if semicolons else ",")
    typer.echo(f"{file}: {len(table.rows)} skills")
