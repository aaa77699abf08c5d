"""Commands for whoever connects Slack: its manifest, and the keys that seal its tokens."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import terminal
from bot.settings.slack import address
from storage import slack_tokens
from storage.sealing import Seal, WrongKey, new_key

keys = typer.Typer(
    help="The keys under which tokens are stored: `new` and `rotate`.", no_args_is_help=True
)
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
    """Seal every stored token anew, with the first key.

    Put a new key before the old one in KOPPEL_SECRET_KEYS, restart Koppel, run this, and take the
    old key out. It happens as a whole or not at all.

    Example: `koppel keys rotate`
    """
    settings = terminal.settings(database_url=database)
    if not settings.secret_keys:
        terminal.stop("KOPPEL_SECRET_KEYS is not set: there is no key to seal with.", 2)
    seal = Seal([key.get_secret_value() for key in settings.secret_keys])
    with terminal.opened(settings.database) as opened:
        try:
            with opened.transaction() as session:
                count = slack_tokens.reseal(session, seal)
        except WrongKey as error:
            with opened.look() as session:
                whose = ", ".join(slack_tokens.unopenable(session, seal))
            terminal.stop(f"{error} Workspaces: {whose}. Nothing was changed.")
    typer.echo(f"{count} secrets are now sealed with the first key.")


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
