"""What went wrong at Slack, in the kinds the outbox knows.

Slack itself says of `internal_error` and `fatal_error` that part of the work may be done: such an
answer leaves a doubt, as a connection that broke does. The codes are those of Slack's reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog
from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError, InvalidURL
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.platform import Refused, Scope, TryLater, Unreachable, Unsure, Why

KINDS: Final = (SlackClientError, ClientError, OSError)  # a TimeoutError is an OSError
_BEFORE_SENDING = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)
_SHORTLY, _MOVING = timedelta(seconds=30), timedelta(minutes=10)
_LEAST, _MOST = timedelta(seconds=1), timedelta(days=1)
_POINTER = re.compile(r"json-pointer:([\w/]+)")
_CODE = re.compile(r"[a-z_]{1,60}")

_LATER = {
    "ratelimited": _SHORTLY,
    "rate_limited": _SHORTLY,
    # Slack moves a workspace into an organisation: nobody need do anything, it passes.
    "org_login_required": _MOVING,
    "team_added_to_org": _MOVING,
}
_UNREACHABLE = {
    **dict.fromkeys(
        ("user_disabled", "user_not_found", "users_not_found", "channel_not_found"), Why.GONE
    ),
    "is_archived": Why.ARCHIVED,
    "not_in_channel": Why.NOT_INVITED,
    "no_permission": Why.NOT_INVITED,
    "cannot_dm_bot": Why.CLOSED,
    "invalid_user_combination": Why.CLOSED,
    **dict.fromkeys(
        (
            "messages_tab_disabled",
            "user_not_visible",
            "user_is_restricted",
            "user_is_ultra_restricted",
            "ekm_access_denied",
            "enterprise_is_restricted",
            "access_denied",
            "accesslimited",
            "not_allowed",
        ),
        Why.NOT_ALLOWED,
    ),
}
_REFUSED = frozenset(
    (
        "account_inactive",
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "not_authed",
        "not_allowed_token_type",
        "team_access_not_granted",
    )
)
_MISDRAWN = frozenset(
    (
        "msg_too_long",
        "msg_blocks_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "no_text",
    )
)
_PASSING = frozenset(("internal_error", "fatal_error", "service_unavailable", "request_timeout"))
log = structlog.get_logger()


class NotArrived(Exception):
    """It did not arrive; another try may do better."""


class Misdrawn(Exception):
    """Slack does not take the message as it was drawn."""


def code(error: Exception) -> str:
    """What Slack calls the failure; "" when it does not say."""
    found = _answer(error).get("error")
    return found if isinstance(found, str) and _CODE.fullmatch(found) else ""


def read(error: Exception, *, channel: bool = False) -> Exception:
    """What a call that posts came to, as the outbox understands it; logs what an administrator or a
    developer must mend, never a token nor what people wrote."""
    if not isinstance(error, SlackApiError):
        lost = isinstance(error, ClientError | OSError) and not isinstance(error, _BEFORE_SENDING)
        return Unsure(type(error).__name__) if lost else NotArrived(type(error).__name__)
    found = code(error)
    _tell(error, found)
    if _status(error) == 429 or found in _LATER:
        return TryLater(_wait(error, _LATER.get(found, _SHORTLY)), Scope.WORKSPACE)
    if found in _MISDRAWN:
        return Misdrawn(found)
    if found in _REFUSED:
        return Refused(found)
    why = Why.NOT_ALLOWED if found.startswith("restricted_action") else _UNREACHABLE.get(found)
    if why:
        # Slack does not say of a private channel that it exists to whom is not in it.
        return Unreachable(Why.NOT_INVITED if channel and why is Why.GONE else why)
    return _unclear(_status(error), found)


def unposted(error: Exception, *, channel: bool = False) -> Exception:
    """The same of a call that posts nothing, which leaves no doubt."""
    failure = read(error, channel=channel)
    return NotArrived(str(failure)) if isinstance(failure, Unsure | Misdrawn) else failure


def passes(error: Exception) -> bool:
    """Whether it is a disturbance that goes by, and no answer."""
    found = code(error)
    return not found or found in _PASSING


def _unclear(status: int, found: str) -> Exception:
    if found == "service_unavailable" or status == 503:
        return NotArrived(found or str(status))
    # A scope that is missing stops this message, not the workspace: the token is good.
    doubtful = not found or found in ("internal_error", "fatal_error") or status >= 500
    return (Unsure if doubtful else NotArrived)(found or str(status))


def _tell(error: SlackApiError, found: str) -> None:
    answer = _answer(error)
    if found == "missing_scope":
        needed = str(answer.get("needed", ""))[:200]
        log.error("slack.scope_missing", needed=needed)
    elif found in _MISDRAWN:
        metadata = answer.get("response_metadata")
        log.error("slack.misdrawn", code=found, at=_POINTER.findall(str(metadata))[:5])
    else:
        log.warning("slack.failed", code=found, status=_status(error))


def _answer(error: Exception) -> Mapping[str, object]:
    """What Slack answered; {} when that was no JSON (the SDK then hands over something else)."""
    data = getattr(getattr(error, "response", None), "data", None)
    if data is None:
        data = getattr(error, "response", None)
    return data if isinstance(data, Mapping) else {}


def _status(error: SlackApiError) -> int:
    response = error.response
    found = getattr(response, "status_code", None) or getattr(response, "status", None)
    return found if isinstance(found, int) else 200


def _wait(error: SlackApiError, otherwise: timedelta) -> timedelta:
    headers = getattr(error.response, "headers", None) or {}
    said = str(headers.get("Retry-After", ""))
    wait = timedelta(seconds=int(said)) if re.fullmatch(r"\d{1,6}", said) else otherwise
    return min(max(wait, _LEAST), _MOST)
