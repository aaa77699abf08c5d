"""Every way in which Slack fails is told to the outbox as what it is."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import (
    ClientConnectorError,
    ClientOSError,
    ClientPayloadError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
    ServerTimeoutError,
)
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from structlog.testing import capture_logs

from bot.core.platform import Refused, TryLater, Unreachable, Unsure, Why
from bot.platforms.slack.failures import Misdrawn, NotArrived, code, passes, read, unposted
from tests.slack.fake_slack import BROKEN, DROPPED, FakeSlack, Outcome, limited

refusal: Any = SlackApiError  # whose constructor has no types
KEY = ConnectionKey("slack.com", 443, True, True, None, None, None)
GONE, CLOSED, ARCHIVED = Why.GONE, Why.CLOSED, Why.ARCHIVED
NOT_INVITED, NOT_ALLOWED = Why.NOT_INVITED, Why.NOT_ALLOWED


def answered(error: str, status: int = 200, headers: Any = None, **more: Any) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data={"ok": False, "error": error, **more},
        headers=headers or {},
        status_code=status,
    )
    made: SlackApiError = refusal("The request to the Slack API failed.", response)
    return made


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("user_disabled", GONE),
        ("user_not_found", GONE),
        ("users_not_found", GONE),
        ("channel_not_found", GONE),
        ("is_archived", ARCHIVED),
        ("not_in_channel", NOT_INVITED),
        ("no_permission", NOT_INVITED),
        ("cannot_dm_bot", CLOSED),
        ("messages_tab_disabled", NOT_ALLOWED),
        ("user_not_visible", NOT_ALLOWED),
        ("restricted_action", NOT_ALLOWED),
        ("restricted_action_read_only_channel", NOT_ALLOWED),
        ("restricted_action_thread_only_channel", NOT_ALLOWED),
        ("ekm_access_denied", NOT_ALLOWED),
        ("not_allowed", NOT_ALLOWED),
    ],
)
def test_a_place_where_nothing_arrives_is_unreachable_for_a_reason(error: str, why: Why) -> None:
    failure = read(answered(error))
    assert isinstance(failure, Unreachable)
    assert failure.why is why


def test_a_channel_that_cannot_be_found_is_one_we_were_not_invited_to() -> None:
    failure = read(answered("channel_not_found"), channel=True)
    assert isinstance(failure, Unreachable)
    assert failure.why is NOT_INVITED
    archived = read(answered("is_archived"), channel=True)
    assert isinstance(archived, Unreachable)
    assert archived.why is ARCHIVED


@pytest.mark.parametrize(
    "error",
    [
        "account_inactive",
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "not_authed",
        "team_access_not_granted",
    ],
)
def test_a_workspace_that_does_not_let_us_in_refuses(error: str) -> None:
    assert isinstance(read(answered(error)), Refused)


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (answered("ratelimited", 429, {"Retry-After": "17"}), 17),
        (answered("ratelimited", 429), 30),
        (answered("", 429, {"Retry-After": "soon"}), 30),
        (answered("ratelimited", 429, {"Retry-After": "0"}), 1),
        (answered("ratelimited", 429, {"Retry-After": "-5"}), 30),
        (answered("ratelimited", 429, {"Retry-After": "999999"}), 86_400),
        (answered("rate_limited"), 30),
        (answered("org_login_required"), 600),
        (answered("team_added_to_org"), 600),
    ],
)
def test_a_platform_that_asks_to_wait_is_waited_for(failure: SlackApiError, seconds: int) -> None:
    later = read(failure)
    assert isinstance(later, TryLater)
    assert later.wait == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (answered("internal_error"), Unsure),
        (answered("fatal_error"), Unsure),
        (answered("", 500), Unsure),
        (answered("", 502), Unsure),
        (answered(""), Unsure),
        (answered("service_unavailable"), NotArrived),
        (answered("", 503), NotArrived),
        (answered("request_timeout"), NotArrived),
        (answered("invalid_arguments"), NotArrived),
        (answered("something_new"), NotArrived),
        (refusal("no JSON", SimpleNamespace(status=200, headers={})), Unsure),
        (SlackRequestError("not sent"), NotArrived),
        (ClientConnectorError(KEY, OSError("refused")), NotArrived),
        (ConnectionTimeoutError(), NotArrived),
        (ServerTimeoutError(), Unsure),
        (ServerDisconnectedError(), Unsure),
        (ClientOSError(104, "reset"), Unsure),
        (ClientPayloadError(), Unsure),
        (TimeoutError(), Unsure),
        (ConnectionResetError(), Unsure),
        (answered("msg_too_long"), Misdrawn),
        (answered("msg_blocks_too_long"), Misdrawn),
        (answered("invalid_blocks"), Misdrawn),
    ],
)
def test_a_doubt_is_told_from_what_surely_did_not_arrive(
    failure: Exception, kind: type[Exception]
) -> None:
    assert type(read(failure)) is kind
    assert type(unposted(failure)) is NotArrived  # what posts nothing leaves no doubt


def test_what_an_administrator_must_mend_is_logged_and_what_people_wrote_is_not() -> None:
    told = ["[ERROR] too long: «my secret» [json-pointer:/blocks/3/text]"]
    with capture_logs() as logs:
        read(answered("missing_scope", needed="im:write", provided="chat:write"))
        read(answered("invalid_blocks", response_metadata={"messages": told}))
        read(answered("something_new", text="my secret"))
        read(answered("my secret <b>"))
    assert [entry["log_level"] for entry in logs] == ["error", "error", "warning", "warning"]
    assert logs[0]["needed"] == "im:write"
    assert logs[1]["at"] == ["/blocks/3/text"]
    assert "secret" not in str(logs)


def test_the_sdk_itself_fails_in_ways_that_are_recognised() -> None:
    async def fail(outcome: Outcome) -> Exception:
        async with FakeSlack("T1") as slack:
            slack.script("chat.postMessage", outcome)
            client = slack.client("T1")
            client.retry_handlers = []
            try:
                await client.chat_postMessage(channel="U1", text="hi")
            except Exception as error:
                return error
        raise AssertionError

    assert isinstance(read(asyncio.run(fail(limited(5)))), TryLater)
    assert isinstance(read(asyncio.run(fail(BROKEN))), Unsure)
    assert isinstance(read(asyncio.run(fail(DROPPED))), Unsure)
    assert isinstance(read(asyncio.run(fail(Outcome("token_revoked")))), Refused)
    assert passes(asyncio.run(fail(BROKEN)))
    assert code(asyncio.run(fail(Outcome("is_archived")))) == "is_archived"


def test_a_server_that_nobody_reaches_got_nothing() -> None:
    async def fail() -> Exception:
        async with FakeSlack("T1") as slack:
            client = slack.client("T1")
        client.retry_handlers = []
        try:
            await client.chat_postMessage(channel="U1", text="hi")
        except Exception as error:
            return error
        raise AssertionError

    assert type(read(asyncio.run(fail()))) is NotArrived


def test_a_scope_that_is_missing_stops_a_message_and_not_the_workspace() -> None:
    assert isinstance(read(answered("missing_scope", needed="mpim:write")), NotArrived)
