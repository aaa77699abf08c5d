"""What Slack is told about the app, made from the router and from what the code really uses."""

from __future__ import annotations

import json
from typing import Any

from bot.platforms.slack import scopes
from handlers.router import Audience, Router

NAME = "Koppel"
_DESCRIPTION = "Mentoring in your chat: people join, are matched, meet, and learn from each other."
_LONG = (
    "Koppel runs your mentoring programmes where people already talk. They join with /mentor and a "
    "short conversation, in English or Dutch; the bot works out the best pairs; a coordinator reviews "
    "and announces them; and from then on Koppel asks, at the right hour, how it goes. It reads what "
    "is said to Koppel itself, and never what people say to each other."
)
_HINTED = ("join", "status", "profile", "pause", "help")


def manifest(
    router: Router, url: str = "", *, socket: bool = False, rotation: bool = False
) -> dict[str, Any]:
    """The manifest of an app: over HTTP at `url`, or over Socket Mode; `url` is also where whoever
    installs it comes back."""
    events = {} if socket or not url else {"request_url": f"{url}{scopes.REQUESTS}"}
    command = {} if socket or not url else {"url": f"{url}{scopes.REQUESTS}"}
    redirects = {"redirect_urls": [f"{url}{scopes.REDIRECT}"]} if url else {}
    return {
        "display_information": {
            "name": NAME,
            "description": _DESCRIPTION,
            "long_description": _LONG,
            "background_color": "#0b5f57",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                {
                    "command": scopes.COMMAND,
                    **command,
                    "description": "Join a mentoring programme, see where you are, ask for help",
                    "usage_hint": _hint(router),
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {**redirects, "scopes": {"bot": list(scopes.BOT)}},
        "settings": {
            "event_subscriptions": {**events, "bot_events": list(scopes.EVENTS)},
            "interactivity": {"is_enabled": True, **events},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket or not url,
            "token_rotation_enabled": rotation,
        },
    }


def text(found: dict[str, Any]) -> str:
    """A manifest as Slack takes it, under its tab JSON or YAML alike."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _hint(router: Router) -> str:
    """What may stand behind the command, of what everybody may use."""
    known = [router.commands[name] for name in _HINTED]
    assert all(entry.access.audience is Audience.EVERYONE for entry in known)
    return f"[{' | '.join(entry.name for entry in known)}]"
