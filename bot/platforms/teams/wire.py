"""What Teams sends, read as what people do. Nothing here asks or answers; every id is Teams' own."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from bot.core.events import Click, Command, Place, Typed, Who
from bot.platforms.teams import cards
from bot.platforms.teams.drawing import VERB
from bot.platforms.teams.names import NAME
from storage.models import ConversationKind
from storage.teams import Reference

Body = Mapping[str, Any]
_KINDS = {
    "personal": ConversationKind.PERSONAL,
    "groupChat": ConversationKind.GROUP,
    "channel": ConversationKind.CHANNEL,
}
_THREAD = ";messageid="
_FIRM = "\xa0"  # the space that Teams' editor makes of some
_AT = re.compile(r"</?at\b[^<>]*>", re.IGNORECASE)
_BOTS = "28:"  # how the ids of bots begin


def tenant(body: Body) -> str:
    """The tenant in which something happened."""
    told = _part(_part(body, "channelData"), "tenant").get("id")
    return str(told or _part(body, "conversation").get("tenantId") or "").lower()


def account(person: Body) -> str:
    """Who somebody is, whichever bot asks: the id of the directory, which activities and lists of
    members call differently, else the one made for us."""
    directory = person.get("aadObjectId") or person.get("objectId")
    return str(directory or "").lower() or str(person.get("id") or "")


def is_bot(person: Body) -> bool:
    return str(person.get("id") or "").startswith(_BOTS) or person.get("role") == "bot"


def who(body: Body) -> Who | None:
    """The account that acts; None when that is a bot, or nobody."""
    person = _part(body, "from")
    found = account(person)
    return Who(NAME, tenant(body), found) if found and not is_bot(person) else None


def conversation(body: Body) -> str:
    """The chat or channel, without the message of a thread."""
    return str(_part(body, "conversation").get("id") or "").partition(_THREAD)[0]


def thread(body: Body) -> str:
    """The message of a channel under which something was said."""
    found = str(_part(body, "conversation").get("id") or "").partition(_THREAD)[2]
    return found or (str(body.get("id") or "") if kind(body) is ConversationKind.CHANNEL else "")


def channel(body: Body) -> str:
    """The channel that an update is about; "" when it is about a team or a chat."""
    return str(_part(_part(body, "channelData"), "channel").get("id") or "")


def kind(body: Body) -> ConversationKind:
    """What sort of conversation it is. A team has channels, and Teams does not always say so."""
    told = _KINDS.get(str(_part(body, "conversation").get("conversationType") or ""))
    team = _part(_part(body, "channelData"), "team")
    return told or (ConversationKind.CHANNEL if team else ConversationKind.GROUP)


def reference(body: Body) -> Reference:
    """How to speak here later; what is not told is empty."""
    data, sort = _part(body, "channelData"), kind(body)
    person = _part(body, "from")
    mine = sort is ConversationKind.PERSONAL and not is_bot(person)
    channel = _part(data, "channel")
    here = conversation(body)
    return Reference(
        here,
        sort,
        str(body.get("serviceUrl") or ""),
        bot=str(_part(body, "recipient").get("id") or ""),
        user=account(person) if mine else "",
        member=str(person.get("id") or "") if mine else "",
        team=str(_part(data, "team").get("id") or "") if sort is ConversationKind.CHANNEL else "",
        name=str(channel.get("name") or "") if channel.get("id") == here else "",
    )


def typed(body: Body) -> Typed | None:
    """Words in the private chat; None when there are none, as with a picture or a click."""
    acting = who(body)
    if acting is None or kind(body) is not ConversationKind.PERSONAL or _is_click(body):
        return None
    return Typed(*_event(body, acting), text=words(body)) if words(body) else None


def mention(body: Body) -> Command | None:
    """What somebody said to the bot in a channel or group chat, its own name aside."""
    acting = who(body)
    if acting is None or kind(body) is ConversationKind.PERSONAL or _is_click(body):
        return None
    said = re.sub(r"^/?mentor\b", "", words(body), flags=re.IGNORECASE).strip()
    name, _, args = said.partition(" ")
    return Command(*_event(body, acting), name=name, args=args.strip())


def submitted(body: Body) -> Click | None:
    """A click as an older client sends it: a message with values, and all of them strings."""
    acting = who(body)
    if acting is None or not _is_click(body):
        return None
    action, fields = cards.clicked(body["value"])
    return Click(*_event(body, acting), action=action, fields=fields)


def executed(body: Body) -> Click | None:
    """A click on a card: its answer takes the card's place. Elsewhere than in a private chat that
    says nothing private: it may come late, or with pictures, and then all can read it."""
    acting = who(body)
    if acting is None or body.get("name") != "adaptiveCard/action":
        return None
    value = _part(body, "value")
    ours = _part(value, "action").get("verb") == VERB
    action, fields = cards.clicked(value if ours else None)
    return Click(*_event(body, acting), action=action, fields=fields)


def welcomed(body: Body) -> Typed | None:
    """Somebody has the bot in their own chat now: as if they asked for it, they see what it is and
    what it can do."""
    acting = who(body)
    if acting is None or kind(body) is not ConversationKind.PERSONAL:
        return None
    return Typed(*_event(body, acting), text="/mentor home")


def words(body: Body) -> str:
    """What was typed, without the bot's own name, as it was meant: Teams writes some as HTML."""
    text = str(body.get("text") or "")
    ours = str(_part(body, "recipient").get("id") or "")
    for entity in body.get("entities") or ():
        if not isinstance(entity, Mapping) or entity.get("type") != "mention":
            continue
        if _part(entity, "mentioned").get("id") == ours and entity.get("text"):
            text = text.replace(str(entity["text"]), " ")
    return html.unescape(_AT.sub("", text)).replace(_FIRM, " ").strip()


def members(body: Body, which: str) -> list[Body]:
    """Who came (`membersAdded`) or went (`membersRemoved`), bots left out."""
    found = body.get(which) or ()
    return [each for each in found if isinstance(each, Mapping) and not is_bot(each)]


def is_about_us(body: Body, which: str) -> bool:
    """Whether the bot itself is among those who came or went."""
    ours = _part(body, "recipient").get("id")
    found = body.get(which) or ()
    return any(isinstance(each, Mapping) and each.get("id") == ours for each in found)


def _is_click(body: Body) -> bool:
    return isinstance(body.get("value"), Mapping)


def _event(body: Body, acting: Who) -> tuple[str, Who, Place, str]:
    here, private = conversation(body), kind(body) is ConversationKind.PERSONAL
    # Ids of messages are unique in their conversation only.
    id = f"{here}:{body.get('id') or ''}"
    return id, acting, Place(here, private=private, whispers=private), acting.user


def _part(whole: Body, name: str) -> Body:
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}
