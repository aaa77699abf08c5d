"""A workspace's token is at hand, refreshed in time, once, and refused when it is no more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from slack_sdk.errors import SlackTokenRotationError
from sqlalchemy import func, select

from bot.core.platform import Refused, TryLater
from bot.platforms.slack import tokens as room
from bot.platforms.slack.tokens import Authorize, OneToken, StoredTokens
from bot.settings import Settings, SlackSettings
from storage.database import Database
from storage.models.slack import slack_bots
from tests.slack.fake_api import FakeSlack, Fields
from tests.slack.installing import installation, several

REFRESHED = {
    "ok": True,
    "token_type": "bot",
    "access_token": "xoxb-T1-second",
    "refresh_token": "xoxe-2-T1",
    "expires_in": 43200,
}
HOUR = 3600


def stored(settings: Settings, database: Database) -> StoredTokens:
    found = room.tokens(settings, database)
    assert isinstance(found, StoredTokens)
    return found


def asked(
    slack: FakeSlack, database: Database, *, expires_in: int | None, times: int = 1
) -> list[str]:
    """What several who ask at once are given, for a workspace whose token expires then."""
    settings = several(slack.url)

    async def ask() -> list[str]:
        await room.installations(settings, database).async_save(installation(expires_in=expires_in))
        tokens = stored(settings, database)
        return list(await asyncio.gather(*(tokens.token("T1") for _ in range(times))))

    return asyncio.run(ask())


@pytest.mark.parametrize("expires_in", [None, 3 * HOUR])
def test_a_token_that_is_good_for_a_while_is_given_as_it_is(
    expires_in: int | None, slack: FakeSlack, database: Database
) -> None:
    assert asked(slack, database, expires_in=expires_in) == ["xoxb-T1-first"]
    assert slack.calls == []


@pytest.mark.parametrize("expires_in", [HOUR, -HOUR])
def test_a_token_that_expires_soon_is_refreshed_once_however_many_ask(
    expires_in: int, slack: FakeSlack, database: Database
) -> None:
    slack.answers["oauth.v2.access"] = REFRESHED
    assert asked(slack, database, expires_in=expires_in, times=5) == ["xoxb-T1-second"] * 5
    ((method, fields),) = slack.calls
    assert method == "oauth.v2.access"
    assert (fields["grant_type"], fields["refresh_token"]) == ("refresh_token", "xoxe-1-T1")
    tokens = stored(several(slack.url), database)
    assert asyncio.run(tokens.token("T1")) == "xoxb-T1-second"
    assert len(slack.calls) == 1
    with database.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(slack_bots)).scalar() == 1


def test_when_another_process_was_first_its_token_is_used(
    slack: FakeSlack, database: Database
) -> None:
    settings = several(slack.url)

    def too_late(_: Fields) -> dict[str, Any]:
        newer = installation(expires_in=12 * HOUR, bot_token="xoxb-by-another", installed_at=2e9)
        room.installations(settings, database)._writing.save(newer)  # we are on Slack's event loop
        return {"ok": False, "error": "invalid_refresh_token"}

    slack.answers["oauth.v2.access"] = too_late
    assert asked(slack, database, expires_in=-HOUR) == ["xoxb-by-another"]


@pytest.mark.parametrize("error", ["invalid_refresh_token", "ratelimited"])
def test_a_token_that_cannot_be_refreshed_yet_is_used_as_long_as_it_is_good(
    error: str, slack: FakeSlack, database: Database
) -> None:
    slack.answers["oauth.v2.access"] = {"ok": False, "error": error}
    assert asked(slack, database, expires_in=HOUR) == ["xoxb-T1-first"]


@pytest.mark.parametrize(
    ("error", "raised"),
    [("invalid_refresh_token", Refused), ("internal_error", SlackTokenRotationError)],
)
def test_an_expired_token_that_slack_does_not_refresh_is_refused_unless_it_may_pass(
    error: str, raised: type[Exception], slack: FakeSlack, database: Database
) -> None:
    slack.answers["oauth.v2.access"] = {"ok": False, "error": error}
    with pytest.raises(raised):
        asked(slack, database, expires_in=-HOUR)


def test_without_a_network_an_expired_token_is_tried_again_later(
    slack: FakeSlack, database: Database
) -> None:
    slack.url = "http://127.0.0.1:9/api/"
    assert asked(slack, database, expires_in=HOUR) == ["xoxb-T1-first"]
    with pytest.raises(aiohttp.ClientError):
        asked(slack, database, expires_in=-HOUR)


def test_a_workspace_without_the_bot_is_refused(slack: FakeSlack, database: Database) -> None:
    tokens = stored(several(slack.url), database)
    with pytest.raises(Refused):
        asyncio.run(tokens.token("T1"))


def test_a_workspace_that_removes_the_bot_during_a_refresh_stays_forgotten(
    slack: FakeSlack, database: Database
) -> None:
    slack.answers["oauth.v2.access"] = REFRESHED
    settings = several(slack.url)

    async def both() -> None:
        await room.installations(settings, database).async_save(installation(expires_in=HOUR))
        tokens = stored(settings, database)
        refreshing = asyncio.create_task(tokens.token("T1"))
        async with asyncio.timeout(10):
            while not slack.calls:
                await asyncio.sleep(0.001)
        await tokens.forget("T1")
        await refreshing
        with pytest.raises(Refused):
            await tokens.token("T1")

    asyncio.run(both())


def test_one_workspace_has_the_token_of_the_settings(database: Database) -> None:
    settings = Settings()
    settings._slack = SlackSettings(bot_token=SecretStr("xoxb-1"), app_token=SecretStr("xapp-1"))
    tokens = room.tokens(settings, database)
    assert isinstance(tokens, OneToken)
    with pytest.raises(TryLater):
        asyncio.run(tokens.token("T1"))
    tokens.workspace = "T1"  # as Slack told
    assert asyncio.run(tokens.token("T1")) == "xoxb-1"
    asyncio.run(tokens.forget("T1"))
    assert asyncio.run(tokens.token("T1")) == "xoxb-1"
    with pytest.raises(Refused):
        asyncio.run(tokens.token("T2"))


def test_bolt_learns_who_the_bot_is_without_a_call_to_slack(
    slack: FakeSlack, database: Database
) -> None:
    settings = several(slack.url)
    asyncio.run(room.installations(settings, database).async_save(installation("T1", "E1")))
    authorize = Authorize(stored(settings, database))

    def of(team: str | None) -> Any:
        context: Any = None
        return asyncio.run(
            authorize(context=context, enterprise_id="E1", team_id=team, user_id="UNOOR")
        )

    found = of("T1")
    assert (found.bot_token, found.bot_user_id, found.bot_id) == ("xoxb-T1-first", "U0BOT", "B1")
    assert (found.team_id, found.enterprise_id) == ("T1", "E1")
    assert of("T2") is None
    assert of(None) is None
    assert slack.calls == []


def test_nothing_secret_is_logged_even_when_everything_else_is(
    slack: FakeSlack, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    slack.answers["oauth.v2.access"] = REFRESHED
    look: Callable[[], list[str]] = lambda: [record.getMessage() for record in caplog.records]  # noqa: E731
    with caplog.at_level("DEBUG"):
        asked(slack, database, expires_in=HOUR)
    assert not any("xox" in line or "geheim" in line for line in look())
