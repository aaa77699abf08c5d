"""An installation of Koppel that several workspaces can install, as the tests of it need one."""

from __future__ import annotations

import time
from typing import Any

from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation

from bot.settings import Settings, SlackSettings

KEY = "SGVlbCBnZWhlaW0sIHplZ3QgaGV0IG5pZW1hbmQhISE="
OTHER_KEY = "RWVuIGFuZGVyZSBzbGV1dGVsLCAzMiBsZXR0ZXJzISE="


def several(api_url: str = "http://127.0.0.1:9/api/", **slack: Any) -> Settings:
    """Settings for OAuth."""
    settings = Settings(
        public_url="https://koppel.example.com",
        secret_keys=(SecretStr(KEY),),
    )
    settings._slack = SlackSettings(
        client_id="12.34",
        client_secret=SecretStr("client-geheim"),
        signing_secret=SecretStr("signing-geheim"),
        api_url=api_url,
        **slack,
    )
    return settings


def installation(
    team: str = "T1", enterprise: str | None = None, *, expires_in: int | None = None, **more: Any
) -> Installation:
    """What a workspace gives the bot."""
    expiring: dict[str, Any] = {}
    if expires_in is not None:
        expiring = {
            "bot_refresh_token": f"xoxe-1-{team}",
            "bot_token_expires_at": int(time.time()) + expires_in,
        }
    values: dict[str, Any] = {
        "app_id": "A1",
        "enterprise_id": enterprise,
        "team_id": team,
        "team_name": "Waterkant",
        "bot_token": f"xoxb-{team}-first",
        "bot_id": "B1",
        "bot_user_id": "U0BOT",
        "bot_scopes": "chat:write,commands",
        "user_id": "UNOOR",
        **expiring,
        **more,
    }
    return Installation(**values)
