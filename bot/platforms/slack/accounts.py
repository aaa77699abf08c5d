"""Reads accounts as Slack describes them; every field may be missing, null or empty."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.news import Account, Kind
from bot.core.platform import TryLater
from bot.platforms.pace import Sleep
from bot.platforms.slack import failures
from bot.platforms.slack.limits import one_line
from bot.platforms.slack.wire import unescaped

PAGE = 200
APART = 3.0  # seconds between two pages: Slack allows twenty a minute
MOST_WAITS = 10  # for one page
_LONGEST = 200  # characters of a name or a title
_SLACKBOT = "USLACKBOT"

Json = Mapping[str, Any]


def account(user: Json, workspace: str) -> Account:
    """What a user object of users.info, users.list, user_change or team_join tells."""
    profile = _part(user, "profile")
    return Account(
        user=str(user.get("id") or ""),
        name=_words(profile, "real_name")
        or _words(user, "real_name")
        or _words(profile, "display_name")
        or _words(user, "name"),
        email=_words(profile, "email"),
        locale=_words(user, "locale").replace("_", "-").partition("-")[0].lower(),
        time_zone=_words(user, "tz"),
        function=_words(profile, "title"),
        kind=_kind(user, workspace),
        active=not user.get("deleted"),
        owner=bool(user.get("is_primary_owner")),
    )


async def everyone(
    client: AsyncWebClient, workspace: str, *, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[list[Account]]:
    """Every account of the workspace, page by page, no faster than Slack allows; what goes wrong is
    raised as the SDK does."""
    seen = {cursor := ""}
    while True:
        page = await _page(client, cursor, sleep)
        members = page.get("members") or ()
        yield [account(user, workspace) for user in members if user.get("id")]
        cursor = _part(page, "response_metadata").get("next_cursor") or ""
        if cursor in seen:  # the end, or Slack goes round in circles
            return
        seen.add(cursor)
        await sleep(APART)


async def _page(client: AsyncWebClient, cursor: str, sleep: Sleep) -> Json:
    for waits in range(MOST_WAITS + 1):
        try:
            answer = await client.users_list(limit=PAGE, include_locale=True, cursor=cursor or None)
        except failures.KINDS as error:
            failure = failures.unposted(error)
            if not isinstance(failure, TryLater) or waits == MOST_WAITS:
                raise
            await sleep(failure.wait.total_seconds())
        else:
            return answer.data if isinstance(answer.data, dict) else {}
    raise AssertionError


def _kind(user: Json, workspace: str) -> Kind:
    if user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == _SLACKBOT:
        return Kind.BOT
    if _is_stranger(user, workspace):
        return Kind.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Kind.GUEST
    return Kind.EMPLOYEE


def _is_stranger(user: Json, workspace: str) -> bool:
    """Of another organisation. In an Enterprise Grid an account has one home workspace and may work
    in several of the same organisation."""
    grid = _part(user, "enterprise_user")
    if workspace in (grid.get("teams") or ()) or workspace == grid.get("enterprise_id"):
        return False
    home = user.get("team_id") or _part(user, "profile").get("team")
    return bool(user.get("is_stranger")) or (bool(home) and home != workspace)


def _part(whole: Json, name: str) -> Json:
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


def _words(whole: Json, name: str) -> str:
    """A field as it was typed, on one line. Slack escapes three characters."""
    found = whole.get(name)
    words = found if isinstance(found, str) else ""
    return one_line(unescaped(words), _LONGEST, "")
