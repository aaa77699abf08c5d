"""Lists of commands and rights, and manifests, made from the router: `python -m bot.reference`."""

from __future__ import annotations

from pathlib import Path

from bot import rights
from bot.platforms.slack import manifest
from bot.platforms.teams import manifest as teams_manifest
from bot.texts import Translator, translator
from handlers.router import Audience, Entry
from handlers.routes import ROOMS, router

FOLDER = Path(__file__).parent.parent / "docs"
MANIFEST = FOLDER.parent / "manifest" / "slack.json"
TEAMS = FOLDER.parent / "manifest" / "teams"
# A bot and an address that nobody has: `koppel manifest teams` fills in your own.
NOBODYS = teams_manifest.App("00000000-0000-0000-0000-000000000000", "https://koppel.example.com")
FILES = {"en": "commands.md", "nl": "opdrachten.md"}
TITLES = {"en": "Commands", "nl": "Opdrachten"}
INTRODUCTIONS = {
    "en": (
        "Type a command anywhere. What is personal is answered in your private chat with Koppel;"
        " there a command works without `/mentor` too. In Teams there is no slash: write `join` in"
        " the private chat, or `@Koppel join` in a channel."
    ),
    "nl": (
        "Typ een opdracht waar je maar wilt. Wat persoonlijk is, beantwoordt Koppel in jullie"
        " privéchat; daar werkt een opdracht ook zonder `/mentor`. In Teams is er geen slash: schrijf"
        " `meedoen` in de privéchat, of `@Koppel meedoen` in een kanaal."
    ),
}
HEADERS = {
    "en": ("Command", "Also", "What it does"),
    "nl": ("Opdracht", "Ook", "Wat het doet"),
}


def commands(language: str) -> str:
    """Every command in a table by role, as Markdown."""
    t = translator(language)
    lines = [f"# {TITLES[language]}", "", INTRODUCTIONS[language]]
    for audience in Audience:
        rows = [_row(t, entry) for entry in _in_order() if entry.access.audience is audience]
        if rows:
            header = HEADERS[language]
            lines += ["", f"## {_for(t, audience)}", ""]
            lines += [_line(*header), _line(*["---"] * len(header)), *rows]
    return "\n".join(lines) + "\n"


def _for(t: Translator, audience: Audience) -> str:
    match audience:
        case Audience.EVERYONE:
            return t("For everyone")
        case Audience.COORDINATORS:
            return t("For coordinators")
        case Audience.ADMINISTRATORS:
            return t("For administrators")


def _in_order() -> list[Entry]:
    """As the rooms stand in `handlers.routes`, whichever was imported first."""
    rooms = [room.__name__ for room in ROOMS]
    return sorted(router.commands.values(), key=lambda entry: rooms.index(entry.run.__module__))


def _row(t: Translator, entry: Entry) -> str:
    command = f"`/mentor {entry.name} {entry.args}".rstrip() + "`"
    also = ", ".join(f"`{alias}`" for alias in entry.aliases)
    return _line(command.replace("|", "\\|"), also, t(entry.summary))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def write(folder: Path = FOLDER) -> None:
    for language, name in FILES.items():
        (folder / name).write_text(commands(language), encoding="utf-8", newline="\n")
    for language, name in rights.FILES.items():
        (folder / name).write_text(rights.table(language), encoding="utf-8", newline="\n")
    MANIFEST.write_text(slack(), encoding="utf-8", newline="\n")
    TEAMS.mkdir(exist_ok=True)
    for name, content in teams().items():
        (TEAMS / name).write_bytes(content)


def slack() -> str:
    """The manifest that works without an address of one's own: Socket Mode."""
    return manifest.text(manifest.manifest(router))


def teams() -> dict[str, bytes]:
    """What is in the package for Teams, by name."""
    return teams_manifest.files(router, NOBODYS)


if __name__ == "__main__":
    write()
