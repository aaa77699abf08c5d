"""Commands for whoever connects Slack or Teams: their manifests, and the keys that seal tokens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot import terminal
from bot.settings.slack import address
from bot.settings.teams import is_guid
from storage import closing, slack_tokens
from storage import keys as stored_keys
from storage.sealing import WrongKey, new_key

keys = typer.Typer(
    help="The keys under which what is confidential is stored: `new` and `rotate`.",
    no_args_is_help=True,
)
_LONGEST_PUBLISHER = 32
_HOST = re.compile(r"([\w-]+\.)+[a-z][\w-]+", re.IGNORECASE)  # a name, and no number

manifests = typer.Typer(
    help="What a chat platform wants to know about the app.", no_args_is_help=True
)


@keys.callback()
@manifests.callback()
def _group() -> None:
    """Each has commands of its own, also while there is but one."""


@keys.command()
def new() -> None:
    """Print a fresh key for KOPPEL_SECRET_KEYS.

    Example: `koppel keys new`
    """
    typer.echo(new_key())


@keys.command()
def rotate(
    database: Annotated[
        str | None,
        typer.Option(
            "--database", metavar="URL", help="Another database than KOPPEL_DATABASE_URL."
        ),
    ] = None,
) -> None:
    """Seal everything that is stored sealed anew, with the first key.

    Put a new key before the old one in KOPPEL_SECRET_KEYS, or on the first line of the file beside
    an SQLite database; restart Koppel, run this, and take the old key out. It happens as a whole or
    not at all.

    Example: `koppel keys rotate`
    """
    settings = terminal.settings(database_url=database)
    with terminal.opened(settings) as opened:
        seal = stored_keys.seal_of(settings.database, settings.keys)
        try:
            with opened.transaction() as session:
                count = closing.renew_all(session, seal) + slack_tokens.reseal(session, seal)
        except WrongKey as error:
            with opened.look() as session:
                whose = ", ".join(slack_tokens.unopenable(session, seal))
            of_whom = f" Workspaces: {whose}." if whose else ""
            terminal.stop(f"{error}{of_whom} Nothing was changed.")
    typer.echo(f"Sealed with the first key: {count}.")


@manifests.command()
def slack(
    url: Annotated[
        str, typer.Option(metavar="URL", help="Where Slack reaches this server, with https://.")
    ] = "",
    socket: Annotated[
        bool, typer.Option("--socket", help="Socket Mode all the same; --url is for installing.")
    ] = False,
    rotation: Annotated[
        bool,
        typer.Option(
            "--rotation", help="Tokens expire after twelve hours; there is no way back. OAuth only."
        ),
    ] = False,
) -> None:
    """Print the manifest of the Slack app: over HTTP at --url, without it over Socket Mode.

    It is JSON, which Slack takes under both tabs. docs/install-slack.md tells what to do with it.

    Example: `koppel manifest slack --url https://koppel.example.com > slack.json`
    """
    from bot.platforms.slack import manifest
    from handlers.routes import router

    try:
        where = address(url) if url else ""
    except ValueError:
        terminal.stop("--url: this must be an address such as https://koppel.example.com.", 2)
    typer.echo(
        manifest.text(manifest.manifest(router, where, socket=socket, rotation=rotation)), nl=False
    )


@manifests.command()
def teams(
    url: Annotated[
        str, typer.Option(metavar="URL", help="Where Teams reaches this server; KOPPEL_PUBLIC_URL.")
    ] = "",
    app_id: Annotated[
        str, typer.Option(metavar="GUID", help="The Microsoft App ID of the bot; TEAMS_APP_ID.")
    ] = "",
    out: Annotated[
        Path, typer.Option(metavar="PATH", help="Where to write: a folder, or a file.zip.")
    ] = Path(),
    publisher: Annotated[
        str, typer.Option(metavar="NAME", help="Who offers the app; KOPPEL_ORGANISATION.")
    ] = "",
    website: Annotated[
        str, typer.Option(metavar="URL", help="A page about Koppel in your organisation.")
    ] = "",
    privacy: Annotated[
        str, typer.Option(metavar="URL", help="Your page on what happens with people's data.")
    ] = "",
    terms: Annotated[str, typer.Option(metavar="URL", help="Your page of terms of use.")] = "",
    version: Annotated[
        str, typer.Option(metavar="N.N.N", help="To replace an app of the same version.")
    ] = "",
) -> None:
    """Write the package of the Teams app: a zip with its manifest and icons.

    It goes to the Teams admin centre as it is. What you do not name comes from the settings.
    docs/install-teams.md tells what to do with it.

    Example: `koppel manifest teams --url https://koppel.example.com`
    """
    from bot.platforms.teams import manifest
    from handlers.routes import router

    if not (url and app_id):
        settings = terminal.settings()
        url = url or settings.public_url
        app_id = app_id or (settings.teams.app_id if settings.teams else "")
        publisher = publisher or settings.organisation
    if not app_id:
        terminal.stop("Name the bot: set TEAMS_APP_ID, or give its id with --app-id.", 2)
    if not is_guid(app_id):
        terminal.stop("--app-id: this must be the Microsoft App ID of the bot, a GUID.", 2)
    if not url:
        terminal.stop("Name the address: set KOPPEL_PUBLIC_URL, or give it with --url.", 2)
    if len(publisher) > _LONGEST_PUBLISHER:
        terminal.stop(f"--publisher: Teams takes {_LONGEST_PUBLISHER} characters at most.", 2)
    if version and not re.fullmatch(r"\d{1,5}(\.\d{1,5}){2}", version):
        terminal.stop("--version: this must be three numbers, such as 1.2.3.", 2)
    app = manifest.App(
        app_id.lower(),
        _on_the_internet("--url", url),
        website=_on_the_internet("--website", website),
        privacy=_on_the_internet("--privacy", privacy),
        terms=_on_the_internet("--terms", terms),
        version=version,
        **({"publisher": publisher} if publisher else {}),
    )
    _write(out, manifest.package(router, app))


def _on_the_internet(option: str, url: str) -> str:
    """An https address that Microsoft's servers and people's clients can reach."""
    try:
        parts = urlsplit(url)
        if url and not (parts.scheme == "https" and _HOST.fullmatch(parts.hostname or "")):
            raise ValueError
        return address(url) if url else ""
    except ValueError:
        terminal.stop(f"{option}: this must be an address such as https://koppel.example.com.", 2)


def _write(out: Path, package: bytes) -> None:
    file = out if out.suffix == ".zip" and not out.is_dir() else out / "koppel-teams.zip"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(package)
    except OSError as error:
        terminal.stop(f"--out: {file} cannot be written ({error.strerror}).", 2)
    typer.echo(file)
