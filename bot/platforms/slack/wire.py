"""What Slack sends, read as what people do. Nothing here asks or answers; every id is Slack's own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.events import Click, Command, HomeOpened, Place, Typed, Who
from bot.platforms.slack import blocks

NAME = "slack"
Body = Mapping[str, Any]
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^<>]*)?>")
_SHORT = {"n": "nonce", "c": "channel", "t": "ts", "r": "response_url"}


@dataclass(frozen=True)
class Origin:
    """Where a modal came from: a message (by its channel and time), or nowhere that can change.

    `nonce` is the one its inputs were drawn with.
    """

    nonce: str = ""
    channel: str = ""
    ts: str = ""
    response_url: str = ""

    def pack(self) -> str:
        packed = {short: getattr(self, name) for short, name in _SHORT.items()}
        return json.dumps({short: value for short, value in packed.items() if value})

    @staticmethod
    def unpack(packed: str) -> Origin:
        """What was packed; nothing when this is not ours."""
        try:
            found = json.loads(packed)
            return Origin(**{_SHORT[short]: str(value) for short, value in found.items()})
        except (ValueError, KeyError, AttributeError):
            return Origin()


def workspace(body: Body) -> str:
    """The workspace that something happened in; of a channel that several share, the one that has
    the bot."""
    [ours, *_] = body.get("authorizations") or [{}]
    team = body.get("team")
    found = (
        (body.get("view") or {}).get("app_installed_team_id")
        or ours.get("team_id")
        or body.get("team_id")
        or (team.get("id") if isinstance(team, Mapping) else team)
    )
    user = body.get("user")
    if not found and isinstance(user, Mapping):
        found = user.get("team_id")  # an organisation-wide install names no team
    return str(found or "")


def command(body: Body) -> Command:
    """A slash command: the first word is ours, the rest its arguments. Whether others read along
    only Slack knows."""
    name, _, args = unescaped(str(body.get("text") or "")).strip().partition(" ")
    user, channel = str(body["user_id"]), str(body["channel_id"])
    return Command(
        str(body["trigger_id"]),
        Who(NAME, workspace(body), user),
        Place(channel, private=False),
        user,
        name=name,
        args=args.strip(),
    )


def mention(body: Body) -> Command | None:
    """What somebody said to the bot in a channel, its own name aside; None when it was an app."""
    event = body["event"]
    if not _is_person(event):
        return None
    words = words_of(_MENTION.sub(" ", str(event.get("text") or ""), count=1))
    name, _, args = words.strip().partition(" ")
    base = _event(body, str(event["user"]), str(event["channel"]), private=False)
    return Command(*base, name=name, args=args.strip())


def typed(body: Body) -> Typed | None:
    """Words in the private chat with the bot; None for all else that is called a message."""
    event = body["event"]
    if not _is_person(event) or event.get("channel_type") != "im":
        return None
    if event.get("subtype") not in (None, "file_share", "thread_broadcast"):
        return None
    base = _event(body, str(event["user"]), str(event["channel"]), private=True)
    return Typed(*base, text=words_of(str(event.get("text") or "")).strip())


def _is_person(event: Body) -> bool:
    """Whether these words are somebody's own, and not an app's."""
    return bool(event.get("user")) and not event.get("bot_id") and not event.get("app_id")


def home_opened(body: Body) -> HomeOpened | None:
    """A look at the Home tab; None for the other tabs."""
    event = body["event"]
    if event.get("tab", "home") != "home":
        return None
    return HomeOpened(*_event(body, str(event["user"]), str(event["user"]), private=True))


def _event(body: Body, user: str, channel: str, *, private: bool) -> tuple[str, Who, Place, str]:
    who = Who(NAME, workspace(body), user)
    return str(body["event_id"]), who, Place(channel, private=private), user


def look(who: Who, id: str) -> HomeOpened:
    """The Home tab drawn anew, because something has changed."""
    return HomeOpened(id, who, Place(who.user), who.user)


def click(body: Body) -> Click | None:
    """A press on a button; None for anything else in which a person can click.

    The bot's cards stand in private chats with it, in modals and on the Home tab, and in channels;
    an ephemeral one may stand anywhere, also between two colleagues.
    """
    [action, *_] = body.get("actions") or [{}]
    if action.get("type") != "button":
        return None
    state = body.get("state") or (body.get("view") or {}).get("state")
    user = str(body["user"]["id"])
    channel = str((body.get("channel") or {}).get("id") or user)
    hidden = (body.get("container") or {}).get("is_ephemeral")
    # One press is one trigger; Slack sends the same again when it is in doubt.
    id = str(body.get("trigger_id") or action.get("action_ts") or "")
    return Click(
        id,
        Who(NAME, workspace(body), user),
        Place(channel, private=channel == user or (channel.startswith("D") and not hidden)),
        user,
        action=blocks.action_of(action),
        fields=blocks.fields(state),
    )


def submission(body: Body) -> tuple[Click, Origin]:
    """A modal sent: what its Submit means, and where the modal came from."""
    view = body["view"]
    action, packed = blocks.submitted(str(view.get("private_metadata") or ""))
    user = str(body["user"]["id"])
    event = Click(
        str(body.get("trigger_id") or f"{view.get('id')}:{view.get('hash')}"),
        Who(NAME, workspace(body), user),
        Place(user),
        user,
        action=action,
        fields=blocks.fields(view.get("state")),
    )
    return event, Origin.unpack(packed)


def origin_of(view: Body) -> Origin:
    """Where an open modal came from."""
    return Origin.unpack(blocks.submitted(str(view.get("private_metadata") or ""))[1])


def unescaped(text: str) -> str:
    """The three signs that Slack writes as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def words_of(text: str) -> str:
    """What somebody typed, without the angle brackets that Slack puts around links and names."""
    return unescaped(_LINK.sub(_said, text))


def _said(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if label:
        return str(label)
    if target.startswith("!"):
        return "@" + target[1:].partition("^")[0]
    return str(target).removeprefix("mailto:").removeprefix("#")
