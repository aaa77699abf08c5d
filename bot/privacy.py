"""Commands for whoever answers for people's data: what is held of somebody, and who was erased."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from bot import terminal
from bot.cards.own_data_told import as_json, readable
from bot.content import standard
from bot.texts import translator
from storage import erasures, own_data
from storage.models import Person

erased = typer.Typer(help="Who was erased: `apply` the list again.", no_args_is_help=True)


@erased.callback()
def _group() -> None:
    """It has commands of its own, also while there is but one."""


@erased.command()
def apply(database: terminal.DatabaseOption = None) -> None:
    """Erase again whoever a backup brought back.

    Every start does so by itself; this is for a look before. The list is KOPPEL_ERASURES_FILE, or
    the file beside an SQLite database. It holds numbers only.

    Example: `koppel erasures apply`
    """
    settings = terminal.settings(database_url=database)
    with terminal.opened(settings) as opened:
        with opened.look() as session:
            ours = erasures.own_mark(session)
        listed = {one.person for one in erasures.read(opened.erasures) if one.mark == ours}
    typer.echo(f"On the list: {len(listed)}. None of them is in the database.")


def hand_over(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose data.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", file_okay=False, help="Where to write.")],
    database: terminal.DatabaseOption = None,
) -> None:
    """Write what is held of somebody to two files, to read and as JSON, for them alone.

    The same as `/mentor my-data`, for who asks by letter, or works in Teams, where the bot can hand
    over no file. Only their owner may read the files.

    Example: `koppel own-data noor@example.com --out noor`
    """
    settings = terminal.settings(database_url=database)
    with terminal.opened(settings) as opened, opened.look() as session:
        found = session.exec(select(Person).where(Person.email == email.strip().lower())).all()
        if len(found) != 1:
            terminal.stop(f"{len(found)} people have this e-mail address; it must be one.", 2)
        held = own_data.held(session, found[0], standard())
        t = translator(found[0].locale)
        files = {"my-data.txt": readable(t, held, standard()), "my-data.json": as_json(held)}
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, words in files.items():
        path = out / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(words, encoding="utf-8")
        typer.echo(path)
