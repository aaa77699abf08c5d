"""Activities as Teams sends them, after Microsoft's documentation; people are invented.

What Microsoft's own test client really sent stands in `activities/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

Json = dict[str, Any]
TENANT = "11111111-1111-1111-1111-111111111111"
SERVICE = "https://smba.example/emea/"
BOT: Json = {"id": "28:koppel", "name": "Koppel"}
TEAM, CHANNEL = "19:team@thread.tacv2", "19:mentoring@thread.tacv2"
_NUMBERS = count(1_700_000_000_000)


@dataclass(frozen=True)
class Someone:
    """An account: `word` names it in ids."""

    word: str
    name: str
    number: int
    locale: str = "nl-NL"
    zone: str = "Europe/Amsterdam"

    @property
    def user(self) -> str:
        """As the directory knows them."""
        return f"00000000-0000-0000-0000-{self.number:012}"

    @property
    def member(self) -> str:
        """As the connector knows them."""
        return f"29:{self.word}"

    @property
    def chat(self) -> str:
        """Their own chat with the bot."""
        return f"a:{self.word}"


NOOR = Someone("noor", "Noor de Vries", 1)
THOMAS = Someone("thomas", "Thomas Bakker", 2)
PRIYA = Someone("priya", "Priya Nair", 3, "en-GB", "Europe/London")


def _by(who: Someone, kind: str, service: str, **more: Any) -> Json:
    return {
        "type": kind,
        "id": str(next(_NUMBERS)),
        "timestamp": "2026-11-23T09:00:00.123Z",
        "localTimestamp": "2026-11-23T10:00:00.123+01:00",
        "localTimezone": who.zone,
        "serviceUrl": service,
        "channelId": "msteams",
        "from": {"id": who.member, "name": who.name, "aadObjectId": who.user},
        "recipient": dict(BOT),
        "entities": [
            {"type": "clientInfo", "locale": who.locale, "country": "NL", "platform": "Web"}
        ],
        "locale": who.locale,
        **more,
    }


def _personal(who: Someone) -> Json:
    return {
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": who.chat},
        "channelData": {"tenant": {"id": TENANT}},
    }


def _channel(conversation: str = CHANNEL) -> Json:
    return {
        "conversation": {
            "isGroup": True,
            "conversationType": "channel",
            "tenantId": TENANT,
            "id": conversation,
        },
        "channelData": {
            "teamsChannelId": CHANNEL,
            "teamsTeamId": TEAM,
            "channel": {"id": CHANNEL},
            "team": {"id": TEAM},
            "tenant": {"id": TENANT},
        },
    }


def message(who: Someone, text: str, *, service: str = SERVICE, **more: Any) -> Json:
    """Words in the private chat."""
    return _by(who, "message", service, textFormat="plain", text=text, **_personal(who)) | more


def mention(
    who: Someone, text: str, *, thread: str = "", service: str = SERVICE, **more: Any
) -> Json:
    """Words to the bot in a channel."""
    said = _by(who, "message", service, textFormat="plain", text=f"<at>Koppel</at> {text}")
    said |= _channel(f"{CHANNEL};messageid={thread}" if thread else CHANNEL)
    said["entities"].append({"type": "mention", "mentioned": dict(BOT), "text": "<at>Koppel</at>"})
    return said | more


def execute(
    who: Someone, data: Json, card: str = "1", *, service: str = SERVICE, **more: Any
) -> Json:
    """A click on a button of a card, from a client of today."""
    value = {
        "action": {"type": "Action.Execute", "title": "?", "verb": "act", "data": data},
        "trigger": "manual",
    }
    said = _by(who, "invoke", service, name="adaptiveCard/action", value=value, replyToId=card)
    return said | _personal(who) | {"id": f"f:{said['id']}"} | more


def submit(
    who: Someone, data: Json, card: str = "1", *, service: str = SERVICE, **more: Any
) -> Json:
    """The same click, from an older client."""
    said = _by(who, "message", service, value=data, replyToId=card)
    return said | _personal(who) | more


def installed(who: Someone, action: str = "add", *, service: str = SERVICE, **more: Any) -> Json:
    """Somebody adds the bot to their own chat, or takes it out (`remove`)."""
    return _by(who, "installationUpdate", service, action=action, **_personal(who)) | more


def in_team(who: Someone, action: str = "add", *, service: str = SERVICE, **more: Any) -> Json:
    """Somebody adds the bot to a team, or takes it out."""
    said = _by(who, "installationUpdate", service, action=action, **_channel(TEAM))
    said["channelData"]["channel"] = {"id": TEAM}
    return said | more


def update(
    who: Someone,
    what: str = "",
    *,
    service: str = SERVICE,
    channel: Json | None = None,
    **more: Any,
) -> Json:
    """Somebody came or went in a team, or a channel is not what it was (`what`)."""
    said = _by(who, "conversationUpdate", service, **_channel(TEAM))
    said["channelData"] |= {"eventType": what} if what else {}
    said["channelData"] |= {"channel": channel} if channel else {}
    return said | more
