"""Where an address of ours is at Slack: which conversation, and who we are in it."""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.platform import Refused, TryLater, Unreachable, Why, members_of
from bot.platforms.slack import failures

EVENT = "koppel_delivery"  # what the metadata of our messages is called
MOST_KNOWN = 5_000
DAYS_BACK = 7  # further than a delivery is tried, or a process that died stays down
_ID = re.compile(r"#?([CGD][A-Z0-9]{7,})")  # a name is never in capitals
_PAGES = 20
_ASK_AGAIN = timedelta(minutes=1)


def channel_of(address: str) -> str:
    """What chat.postMessage takes: an id as it is, a channel's name as Slack spells it."""
    found = _ID.fullmatch(address)
    return found[1] if found else address.lower() if address.startswith("#") else address


def is_channel(address: str) -> bool:
    """Whether it is a place that somebody may invite the bot to."""
    return channel_of(address)[:1] in ("#", "C", "G")


def is_direct(address: str) -> bool:
    """Whether it is the chat of one person and the bot, which is the only one we may read."""
    return address[:1] in ("U", "W", "D") and not members_of(address)


class Places:
    """Remembers which conversation belongs to an address; forgets what was not used for long."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    def known(self, workspace: str, address: str) -> str:
        """The conversation, or else what stands for it."""
        key = workspace, address
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key, channel_of(address))

    def remember(self, workspace: str, address: str, channel: str) -> None:
        if channel and channel != address:
            self._known[workspace, address] = channel
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)

    def forget(self, workspace: str, address: str) -> None:
        self._known.pop((workspace, address), None)

    async def open(self, client: AsyncWebClient, workspace: str, address: str) -> str:
        """The conversation with these people, opened when need be."""
        known = self.known(workspace, address)
        if known != address or address.startswith("D"):
            return known
        users = members_of(address) or (address,)
        try:
            answer = await client.conversations_open(users=",".join(users))
        except failures.KINDS as error:
            raise failures.unposted(error) from error
        channel = str((answer.get("channel") or {}).get("id") or "")
        if not channel:
            raise failures.NotArrived("no conversation")
        self.remember(workspace, address, channel)
        return channel

    async def find(self, client: AsyncWebClient, workspace: str, name: str) -> str:
        """The id of a channel that the bot is in; raises Unreachable when it is in none so called.

        Slack takes a name for a public channel; for a private one its reference does not promise it.
        """
        cursor = ""
        for _ in range(_PAGES):
            try:
                page = await client.users_conversations(
                    types="public_channel,private_channel",
                    limit=200,
                    cursor=cursor or None,
                )
            except failures.KINDS as error:
                raise failures.unposted(error, channel=True) from error
            for channel in page.get("channels") or ():
                if f"#{channel.get('name', '')}" == name:
                    self.remember(workspace, name, str(channel["id"]))
                    return str(channel["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        raise Unreachable(Why.NOT_INVITED)

    async def has_arrived(self, client: AsyncWebClient, channel: str, key: str, now: float) -> bool:
        """Whether our message with this key stands in a direct chat.

        When Slack cannot tell just now, TryLater: the message waits, for what made the doubt often
        makes this fail too. When it never will, False: once too often is better than never.
        """
        try:
            me = await client.auth_test()
            page = await client.conversations_history(
                channel=channel,
                include_all_metadata=True,
                limit=100,
                oldest=str(now - DAYS_BACK * 86_400),
            )
        except failures.KINDS as error:
            failure = failures.unposted(error)
            no_right = failures.code(error) == "missing_scope"
            if isinstance(failure, TryLater) or (isinstance(failure, Refused) and not no_right):
                raise failure from error
            if failures.passes(error):
                raise TryLater(_ASK_AGAIN) from error
            return False
        ours = {me.get("bot_id"), me.get("user_id")} - {None, ""}
        return any(
            _key(message) == key and {message.get("bot_id"), message.get("user")} & ours
            for message in page.get("messages") or ()
        )


def _key(message: dict[str, object]) -> object:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT:
        return None
    payload = metadata.get("event_payload")
    return payload.get("key") if isinstance(payload, dict) else None
