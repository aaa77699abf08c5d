"""What Slack does and local-slack does not: refusals, what an account says of itself, true payloads."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from jsonschema import ValidationError
from slack_sdk.errors import SlackObjectFormationError

from tests.slack.rules import check_message, check_view

Json = dict[str, Any]
BLOCKS = ("chat.postMessage", "chat.update", "chat.postEphemeral")
VIEWS = ("views.open", "views.update", "views.push", "views.publish")
LONGEST = 40_000  # characters of a message's text
_MENTION = re.compile(r"(<@[UW]\w+>)")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def refusal(method: str, args: Json) -> str:
    """What is wrong with a call, or "". Only calls made for people are looked into."""
    try:
        if method in BLOCKS and args.get("blocks"):
            flags = {"unfurl_links": False, "unfurl_media": False}
            drawn = {key: args.get(key) for key in ("text", "blocks")} | flags
            check_message(drawn)
            sent = {key: args.get(key) for key in flags}
            assert method != "chat.postMessage" or sent == flags, sent
        elif method in VIEWS:
            check_view(args["view"])
        elif method in BLOCKS:
            assert 0 < len(args.get("text") or "") <= LONGEST, "no_text"
    except (AssertionError, ValidationError, SlackObjectFormationError) as error:
        return str(error) or repr(error)
    return ""


def account(user: Json, about: Mapping[str, Any]) -> Json:
    """A user as Slack describes it; `about` has what the story says of them."""
    profile = user["profile"] | about.get("profile", {})
    usual = {"locale": "en-US", "is_owner": False, "is_restricted": False, "tz_label": ""}
    ultra = {"is_ultra_restricted": False, "is_app_user": False, "updated": 1_700_000_000}
    return {**user, **usual, **ultra, **about, "profile": profile}


def command(form: dict[str, str]) -> dict[str, str]:
    """A slash command does not tell the name of a private place."""
    secret = {"D": "directmessage", "G": "privategroup"}.get(form["channel_id"][:1])
    return form | ({"channel_name": secret} if secret else {})


def event(envelope: Json) -> Json:
    """What people type arrives escaped, with a few things more."""
    happened = dict(envelope["event"])
    if happened["type"] in ("message", "app_mention") and "text" in happened:
        happened["text"] = escaped(happened["text"])
        happened |= {"team": envelope["team_id"], "client_msg_id": f"msg-{happened['ts']}"}
    return {**envelope, "event": happened, "event_context": "4-ey"}


def escaped(words: str) -> str:
    pieces = _MENTION.split(words)
    return "".join(p if _MENTION.fullmatch(p) else p.translate(_ESCAPED) for p in pieces)


def click(payload: Json, state: Json, home: Json | None) -> Json:
    """A click brings what stands in the inputs; in the Home tab it brings the view and no channel."""
    values = {"values": state}
    if not payload["channel"]["id"]:
        view = {**(home or {}), "state": values}
        place = {"container": {"type": "view", "view_id": view.get("id")}, "view": view}
        gone = ("channel", "message", "response_url", "container", "state")
        return {key: value for key, value in payload.items() if key not in gone} | place
    message = payload.get("message") or {}
    hidden = message.get("subtype") == "ephemeral"
    container = {**payload["container"], "is_ephemeral": hidden}
    if hidden:  # nobody but that person has it, so neither does the payload
        payload = {key: value for key, value in payload.items() if key != "message"}
    return {**payload, "state": values, "container": container}


def click_in_view(view: Json, team: str, user: str, button: Json, values: Json) -> Json:
    """A click in a modal, which local-slack's own page cannot do."""
    now = f"{time.time():.6f}"
    return {
        "type": "block_actions",
        "team": {"id": team, "domain": "waterkant"},
        "user": {"id": user, "team_id": team},
        "api_app_id": view["app_id"],
        "token": "verification-token",
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": f"{now}.view",
        "view": {**view, "state": {"values": values}},
        "actions": [{**button, "action_ts": now}],
    }


def echo(envelope: Json, message: Json) -> Json:
    """The bot's own words in a direct message come back to it as an event, too."""
    said = {key: message.get(key) for key in ("user", "bot_id", "app_id", "text", "ts", "channel")}
    happened = {"type": "message", **said, "channel_type": "im", "event_ts": message["ts"]}
    return {**envelope, "event": happened, "event_id": f"Ev{message['ts']}"}


def envelope(team: str, app: str, id: str, happened: Json) -> Json:
    """An event on its way, as Slack wraps it."""
    who = {"enterprise_id": None, "team_id": team, "user_id": "U0BOT", "is_bot": True}
    return {
        "token": "verification-token",
        "team_id": team,
        "api_app_id": app,
        "event": happened,
        "type": "event_callback",
        "event_id": id,
        "event_time": 1_772_442_000,
        "authorizations": [{**who, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }
