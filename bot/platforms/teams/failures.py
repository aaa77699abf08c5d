"""What went wrong at Teams' connector, in the kinds the outbox knows.

The codes are those of Microsoft's page "Messages in bot conversations" (status codes from bot
conversational APIs); `MessageWritesBlocked` is of the page on proactive messages, where it stands
as a subCode within JSON within a message. A 502 may come after the message was taken: it leaves a
doubt, as a connection that broke does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final, NamedTuple

import structlog
from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError, InvalidURL

from bot.core.platform import Refused, Scope, TryLater, Unreachable, Unsure, Why

KINDS: Final = (ClientError, OSError)  # a TimeoutError is an OSError
PASSING: Final = frozenset((412, 429, 502, 503, 504))  # which Microsoft says to ask again after
_BEFORE_SENDING = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)
_SHORTLY = timedelta(seconds=30)
_LEAST, _MOST = timedelta(seconds=1), timedelta(days=1)
_CODE = re.compile(r"[A-Za-z][A-Za-z ]{0,59}")
_DEEPEST = 4  # JSON within a message within JSON …

_TAKEN_OUT = frozenset(  # by the person, or of the team
    (
        "MessageWritesBlocked",
        "ConversationBlockedByUser",
        "BotDisabledByUser",
        "BotNotInConversationRoster",
        "ForbiddenOperationException",
    )
)
_NOT_ALLOWED = frozenset(("BotDisabledByAdmin", "NotEnoughPermissions", "TenantNoPermission"))
_KNOWN = _TAKEN_OUT | _NOT_ALLOWED | {"ConversationNotFound"}
log = structlog.get_logger()


class Answer(NamedTuple):
    """What Teams said to a request."""

    status: int
    text: str = ""
    retry_after: str = ""

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300


class NotArrived(Exception):
    """It did not arrive; another try may do better."""


class Misdrawn(Exception):
    """Teams does not take the message as it was drawn."""


class TooBig(Misdrawn):
    """Teams takes no message as large as this."""


class Throttled(TryLater):
    """Too much for one conversation, or for the whole tenant."""

    def __init__(self, wait: timedelta, *, tenant: bool) -> None:
        super().__init__(wait, Scope.WORKSPACE if tenant else Scope.CONVERSATION)
        self.tenant = tenant


def code(answer: Answer) -> str:
    """What Teams calls the failure, as exactly as it says; "" when it does not say."""
    found = [*_codes(answer.text, _DEEPEST)]
    return next((each for each in found if each in _KNOWN), found[0] if found else "")


def read(failure: Answer | Exception, *, channel: bool = False) -> Exception:
    """What a request that posts came to, as the outbox understands it; logs what an administrator or
    a developer must mend, never a token nor what people wrote."""
    if isinstance(failure, Exception):
        lost = isinstance(failure, KINDS) and not isinstance(failure, _BEFORE_SENDING)
        return (Unsure if lost else NotArrived)(type(failure).__name__)
    found = code(failure)
    said = found or str(failure.status)
    _tell(failure.status, found)
    match failure.status:
        case 401:
            return Refused(said)
        case 403 | 404:
            return _kept_out(found, failure.status, channel)
        case 413:
            return TooBig(said)
        case 400:
            return Misdrawn(said)
        case 429:
            return Throttled(wait(failure) or _SHORTLY, tenant="tenant" in failure.text.lower())
        case 412 | 503:
            return NotArrived(said)
    # A proxy that answers in Teams' place may say anything, and a 5xx may come after the deed.
    doubtful = failure.well or failure.status >= 500 or failure.status == 408
    return (Unsure if doubtful else NotArrived)(said)


def unposted(failure: Answer | Exception, *, channel: bool = False) -> Exception:
    """The same of a request that posts nothing, which leaves no doubt."""
    found = read(failure, channel=channel)
    return NotArrived(str(found)) if isinstance(found, Unsure | Misdrawn) else found


def wait(answer: Answer) -> timedelta | None:
    """How long Teams asks to wait; None when it does not say."""
    if not re.fullmatch(r"\d{1,6}", answer.retry_after):
        return None
    return min(max(timedelta(seconds=int(answer.retry_after)), _LEAST), _MOST)


def _kept_out(found: str, status: int, channel: bool) -> Exception:
    if found in _TAKEN_OUT:
        return Unreachable(Why.NOT_INVITED if channel else Why.CLOSED)
    if found in _NOT_ALLOWED:
        return Unreachable(Why.NOT_ALLOWED)
    if found == "ConversationNotFound":
        return Unreachable(Why.GONE)
    return NotArrived(found or str(status))


def _tell(status: int, found: str) -> None:
    if status == 401:
        log.error("teams.refused", code=found, see="the bot's id and secret")
    elif found == "InvalidBotApiHost":
        log.error("teams.wrong_host", see="a government tenant has a service address of its own")
    elif status in (400, 413):
        log.error("teams.misdrawn", code=found, status=status)
    else:
        log.warning("teams.failed", code=found, status=status)


def _codes(found: object, deepest: int) -> Iterator[str]:
    """Every code there is, the innermost first: what stands around it says less."""
    if isinstance(found, str):
        found = _json(found)
    if not isinstance(found, Mapping) or not deepest:
        return
    for key in ("error", "message"):
        yield from _codes(found.get(key), deepest - 1)
    for key in ("subCode", "code"):
        if isinstance(word := found.get(key), str) and _CODE.fullmatch(word):
            yield word


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
