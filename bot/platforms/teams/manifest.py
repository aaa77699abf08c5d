"""What Teams is told about the app, made from the router: the package that an admin uploads.

The schema is 1.22: the one that Microsoft's pages on Teams call current, and old enough for every
cloud. What later ones add (agents, connectors, prompts) we have no use for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.platforms.teams import icons
from bot.texts import LANGUAGES, SOURCE, Translator, translator
from handlers.router import Entry, Router

SCHEMA = "1.22"
_NAME = "Koppel"
_WHERE = "https://developer.microsoft.com/json-schemas/teams"
# The most useful first: Teams shows ten at most, to everybody alike.
_OFFERED: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("personal",),
        (
            *("join", "home", "status", "profile", "pause", "help"),
            *("programme", "match", "review", "digest"),
        ),
    ),
    (("team", "groupChat"), ("join", "status", "help", "match", "review", "digest")),
)


@dataclass(frozen=True)
class App:
    """What the manifest says beside what the code knows."""

    bot: str  # the Microsoft App ID
    url: str  # where Teams reaches us
    publisher: str = _NAME
    website: str = ""  # each of these three: the url, unless there is a better page
    privacy: str = ""
    terms: str = ""
    version: str = ""  # another than Koppel's own

    @property
    def id(self) -> str:
        """The same for the same bot, so that a new package updates the app."""
        return str(uuid5(UUID(self.bot), _NAME))


def files(router: Router, app: App) -> dict[str, bytes]:
    """What is in the package, by name."""
    others = [language for language in LANGUAGES if language != SOURCE]
    return {
        "manifest.json": _json(manifest(router, app)),
        **{f"{each}.json": _json(translation(router, each)) for each in others},
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }


def package(router: Router, app: App) -> bytes:
    """The zip that Teams takes; the same for the same input."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, content in files(router, app).items():
            file.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return out.getvalue()


def manifest(router: Router, app: App) -> dict[str, Any]:
    """In English; what it says in other languages stands in files beside it."""
    t = translator(SOURCE)
    return {
        "$schema": f"{_WHERE}/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": app.version or version("koppel"),
        "id": app.id,
        "developer": {
            "name": app.publisher,
            "websiteUrl": app.website or app.url,
            "privacyUrl": app.privacy or app.url,
            "termsOfUseUrl": app.terms or app.url,
        },
        "name": {"short": _NAME, "full": _full_name(t)},
        "description": {"short": _short(t), "full": _long(t)},
        "localizationInfo": {
            "defaultLanguageTag": SOURCE,
            "additionalLanguages": [
                {"languageTag": each, "file": f"{each}.json"}
                for each in LANGUAGES
                if each != SOURCE
            ],
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": icons.COLOUR,
        "bots": [
            {
                "botId": app.bot,
                "scopes": ["personal", "team", "groupChat"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": list(_command_lists(router, t)),
            }
        ],
        "defaultInstallScope": "personal",
        "validDomains": [urlsplit(app.url).hostname],
    }


def translation(router: Router, language: str) -> dict[str, str]:
    """What the manifest says, in another language, by where it says so."""
    t = translator(language)
    commands = {
        f"bots[0].commandLists[{row}].commands[{place}].{part}": words
        for row, listed in enumerate(_command_lists(router, t))
        for place, command in enumerate(listed["commands"])
        for part, words in command.items()
    }
    return {
        "$schema": f"{_WHERE}/v{SCHEMA}/MicrosoftTeams.Localization.schema.json",
        "name.short": _NAME,
        "name.full": _full_name(t),
        "description.short": _short(t),
        "description.full": _long(t),
        **commands,
    }


def _command_lists(router: Router, t: Translator) -> Iterator[dict[str, Any]]:
    for scopes, names in _OFFERED:
        entries = [router.commands[name] for name in names]
        yield {"scopes": list(scopes), "commands": [_command(entry, t) for entry in entries]}


def _command(entry: Entry, t: Translator) -> dict[str, str]:
    """The title is what lands in the message when somebody picks it."""
    summary = t(entry.summary)
    other = t.language != SOURCE and entry.aliases
    return {
        "title": entry.aliases[0] if other else entry.name,
        "description": summary[0].upper() + summary[1:],
    }


def _full_name(t: Translator) -> str:
    return t("Koppel: mentoring in your chat")


def _short(t: Translator) -> str:
    return t("Mentoring in your chat: join, be matched, meet, and learn from each other.")


def _long(t: Translator) -> str:
    return t(
        "Koppel runs your mentoring programmes where people already talk. They join in a short "
        "conversation, in English or Dutch; Koppel works out the best pairs; a coordinator reviews "
        "and announces them; and from then on Koppel asks, at the right hour, how it goes. Say “join” "
        "to begin. Koppel reads what is said to Koppel itself, and never what people say to each "
        "other."
    )


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
