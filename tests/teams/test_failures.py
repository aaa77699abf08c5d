"""Every way in which Teams fails is told to the outbox as what it is.

The codes are those of Microsoft's table of status codes from bot conversational APIs
(learn.microsoft.com, "Messages in bot conversations"); the body of `MessageWritesBlocked` is the
example of the page on proactive messages.
"""

from __future__ import annotations

import json
from datetime import timedelta

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
from structlog.testing import capture_logs

from bot.core.platform import Refused, Unreachable, Unsure, Why
from bot.platforms.teams.failures import (
    Answer,
    Misdrawn,
    NotArrived,
    Throttled,
    TooBig,
    code,
    read,
    unposted,
)
from tests.teams.fake_connector import BLOCKED

KEY = ConnectionKey("smba.trafficmanager.net", 443, True, True, None, None, None)
GONE, CLOSED = Why.GONE, Why.CLOSED
NOT_INVITED, NOT_ALLOWED = Why.NOT_INVITED, Why.NOT_ALLOWED


def answered(status: int, code: str = "", retry_after: str = "", message: str = "") -> Answer:
    said = {"error": {"code": code, "message": message or "as Teams says it"}}
    return Answer(status, json.dumps(said) if code else "", retry_after)


@pytest.mark.parametrize(
    ("answer", "person", "channel"),
    [
        (Answer(403, BLOCKED.body()), CLOSED, NOT_INVITED),
        (answered(403, "ConversationBlockedByUser"), CLOSED, NOT_INVITED),
        (answered(403, "ForbiddenOperationException"), CLOSED, NOT_INVITED),
        (answered(403, "BotNotInConversationRoster"), CLOSED, NOT_INVITED),
        (answered(403, "BotDisabledByAdmin"), NOT_ALLOWED, NOT_ALLOWED),
        (answered(403, "NotEnoughPermissions"), NOT_ALLOWED, NOT_ALLOWED),
        (answered(404, "ConversationNotFound"), GONE, GONE),
    ],
)
def test_a_place_where_nothing_arrives_is_unreachable_for_a_reason(
    answer: Answer, person: Why, channel: Why
) -> None:
    for why, failure in ((person, read(answer)), (channel, read(answer, channel=True))):
        assert isinstance(failure, Unreachable)
        assert failure.why is why


def test_what_stands_deep_inside_says_more_than_what_stands_around_it() -> None:
    inside = json.dumps({"subCode": "MessageWritesBlocked"})
    assert code(answered(403, "Forbidden", message=inside)) == "MessageWritesBlocked"
    assert code(answered(403, "Forbidden")) == "Forbidden"


@pytest.mark.parametrize(
    ("answer", "seconds", "tenant"),
    [
        (answered(429, "Throttled", "17"), 17, False),
        (answered(429, "Throttled"), 30, False),
        (answered(429, "Throttled", "soon"), 30, False),
        (answered(429, "Throttled", "0"), 1, False),
        (answered(429, "Throttled", "-5"), 30, False),
        (answered(429, "Throttled", "999999"), 86_400, False),
        (answered(429, "Throttled", "4", "Too many requests of this tenant."), 4, True),
        (Answer(429, "<html>", "9"), 9, False),
    ],
)
def test_a_platform_that_asks_to_wait_is_waited_for(
    answer: Answer, seconds: int, tenant: bool
) -> None:
    later = read(answer)
    assert isinstance(later, Throttled)
    assert (later.wait, later.tenant) == (timedelta(seconds=seconds), tenant)
    assert isinstance(unposted(answer), Throttled)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (answered(401, "BotNotRegistered"), Refused),
        (Answer(401, "Unauthorized"), Refused),
        (answered(403, "InvalidBotApiHost"), NotArrived),
        (Answer(403), NotArrived),
        (answered(404, "ActivityNotFoundInConversation"), NotArrived),
        (Answer(404, "<html>"), NotArrived),
        (Answer(302), NotArrived),
        (answered(400, "BadSyntax"), Misdrawn),
        (answered(400, "Bad Argument"), Misdrawn),
        (answered(413, "MessageSizeTooBig"), TooBig),
        (Answer(413, "<html>too large</html>"), TooBig),
        (answered(412, "PreconditionFailed"), NotArrived),
        (Answer(503), NotArrived),
        (answered(500, "ServiceError"), Unsure),
        (answered(502, "ServiceError"), Unsure),
        (Answer(504), Unsure),
        (Answer(408), Unsure),
        (Answer(200, "<html>please log in</html>"), Unsure),
        (ClientConnectorError(KEY, OSError("refused")), NotArrived),
        (ConnectionTimeoutError(), NotArrived),
        (ServerTimeoutError(), Unsure),
        (ServerDisconnectedError(), Unsure),
        (ClientOSError(104, "reset"), Unsure),
        (ClientPayloadError(), Unsure),
        (TimeoutError(), Unsure),
        (ConnectionResetError(), Unsure),
        (ValueError(), NotArrived),
    ],
)
def test_a_doubt_is_told_from_what_surely_did_not_arrive(
    failure: Answer | Exception, kind: type[Exception]
) -> None:
    assert type(read(failure)) is kind
    plain = kind if kind is Refused else NotArrived
    assert type(unposted(failure)) is plain  # what posts nothing leaves no doubt


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", "{", "\0", "[" * 100_000),
        *('{"error": "no"}', '{"error": {"code": 7}}', '{"error": {"code": "my secret <b>"}}'),
        '{"error":' * 500 + "1" + "}" * 500,
    ],
)
def test_rubbish_has_no_code(text: str) -> None:
    assert code(Answer(403, text)) == ""
    assert type(read(Answer(403, text))) is NotArrived


def test_what_an_administrator_must_mend_is_logged_and_what_people_wrote_is_not() -> None:
    with capture_logs() as logs:
        read(answered(401, "BotNotRegistered"))
        read(answered(403, "InvalidBotApiHost"))
        read(answered(400, "BadSyntax", message="«my secret» is no card"))
        read(answered(403, "SomethingNew", message="my secret"))
    assert [entry["log_level"] for entry in logs] == ["error", "error", "error", "warning"]
    assert logs[0]["code"] == "BotNotRegistered"
    assert "secret" not in str(logs[1:])
