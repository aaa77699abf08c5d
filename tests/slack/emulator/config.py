"""The company in the workspace: who works there, and what Slack says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
TEAM, APP, BOT = "T01WATERKANT", "A01KOPPEL", "U0BOT"
TOKEN, APP_TOKEN, SECRET = "xoxb-test-token", "xapp-test-token", "test-signing-secret"
CHANNEL = "C01MENTORING"


@dataclass(frozen=True)
class Member:
    """Somebody with an account: their id is U01 and their name, `about` what Slack tells of them."""

    name: str
    locale: str = "en-US"
    tz: str = "Europe/Amsterdam"
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def first(self) -> str:
        return self.name.split()[0]

    @property
    def id(self) -> str:
        return f"U01{self.first.upper()}"

    @property
    def email(self) -> str:
        return f"{self.first.casefold()}@waterkant.example"


@dataclass(frozen=True)
class Config:
    people: tuple[Member, ...]
    socket: bool = False

    def about(self, user: str) -> Json:
        """What Slack tells of an account and local-slack does not."""
        found = [member for member in self.people if member.id == user]
        return {"locale": found[0].locale, **found[0].about} if found else {}

    def as_json(self, port: int) -> Json:
        """What local-slack reads; the port is the one its events go to."""
        return {
            "workspace": {"name": "Waterkant", "domain": "waterkant", "teamId": TEAM},
            "app": {
                "appId": APP,
                "botUserId": BOT,
                "botName": "Koppel",
                "botToken": TOKEN,
                "appToken": APP_TOKEN,
                "signingSecret": SECRET,
                "mode": "socket" if self.socket else "events",
                "requestUrl": f"http://127.0.0.1:{port}/slack/events",
            },
            "users": [
                {
                    "id": member.id,
                    "name": member.first.casefold(),
                    "real_name": member.name,
                    "email": member.email,
                    "tz": member.tz,
                }
                for member in self.people
            ],
            "channels": [
                {
                    "id": CHANNEL,
                    "name": "mentoring",
                    "members": [BOT, *(member.id for member in self.people)],
                }
            ],
        }
