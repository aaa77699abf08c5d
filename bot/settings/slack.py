"""What an installation decides about Slack: one workspace with a token, or any that install it."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bot.settings.reading import config

PREFIX = "SLACK_"
_OAUTH = {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}
# What each name is for, where it is missing.
_NEEDED = {
    "SLACK_BOT_TOKEN": (
        "it is the Bot User OAuth Token, under OAuth & Permissions (or set SLACK_CLIENT_ID and "
        "SLACK_CLIENT_SECRET, so that several workspaces can install Koppel)"
    ),
    "SLACK_APP_TOKEN": (
        "Socket Mode needs this token, from Basic Information > App-Level Tokens (or set "
        "SLACK_SIGNING_SECRET, when Slack is to reach Koppel over HTTP)"
    ),
    "SLACK_CLIENT_ID": "it stands beside the client secret, under Basic Information",
    "SLACK_CLIENT_SECRET": "it stands beside the client id, under Basic Information",
    "SLACK_SIGNING_SECRET": "it stands under Basic Information and proves that Slack is speaking",
    "SLACK_WORKSPACES": (
        "with KOPPEL_ORGANISATION every workspace that installs Koppel is that employer's, so list "
        "the ids of those that may"
    ),
    "KOPPEL_SECRET_KEYS": (
        "workspaces that install Koppel give it tokens, which are stored encrypted; make a key "
        "with: koppel keys new"
    ),
    "KOPPEL_PUBLIC_URL": "Slack sends whoever installs Koppel back to this address",
}
_LOCAL = re.compile(r"127\.\d+\.\d+\.\d+|\[?::1\]?|[^.]+")  # this machine, or one beside it


class SlackSettings(BaseSettings):
    """Reach it as `settings.slack`, which is None when nothing of Slack is set."""

    model_config = config(PREFIX)

    bot_token: SecretStr | None = Field(
        default=None,
        description="the bot's token, which starts with xoxb-",
        examples=["xoxb-…"],
    )
    signing_secret: SecretStr | None = Field(
        default=None,
        description="the app's signing secret, which is not a token",
        examples=["8f742231b10e8888abcd99yyyzzz85a5"],
    )
    app_token: SecretStr | None = Field(
        default=None,
        description="an app-level token, which starts with xapp-",
        examples=["xapp-1-…"],
    )
    client_id: str = Field(
        default="",
        pattern=r"^[\w.-]*$",
        description="two numbers with a dot between them",
        examples=["123456789012.345678901234"],
    )
    client_secret: SecretStr | None = Field(
        default=None,
        description="the app's client secret, which is not a token",
        examples=["33fea0113f5b1ca13b2a5bb4d4e5ab2c"],
    )
    api_url: str = Field(
        default="https://slack.com/api/",
        description="an https address",
        examples=["https://slack.com/api/", "https://slack-gov.com/api/"],
    )
    messages_per_minute: int = Field(
        default=200, ge=1, le=1000, description="a whole number from 1 to 1000", examples=["200"]
    )
    workspaces: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="the ids of workspaces, separated by commas",
        examples=["T024BE7LD,T0G9PQBBK"],
    )

    @property
    def oauth(self) -> bool:
        """Whether workspaces install Koppel themselves, each with a token of its own."""
        return bool(self.client_id)

    @property
    def socket_mode(self) -> bool:
        """Whether Koppel calls Slack and keeps the line open, so that it needs no address."""
        return self.app_token is not None

    def welcomes(self, workspace: str) -> bool:
        """Whether this workspace may install Koppel: any may, unless some are listed."""
        return not self.workspaces or workspace in self.workspaces

    @field_validator("*", mode="before")
    @classmethod
    def _trimmed(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @field_validator("bot_token")
    @classmethod
    def _of_the_bot(cls, value: SecretStr | None) -> SecretStr | None:
        token = value.get_secret_value() if value else "xoxb-"
        if token.startswith("xoxe"):
            raise ValueError(
                "this token expires after twelve hours: use an app without token rotation, or let "
                "workspaces install Koppel (SLACK_CLIENT_ID)"
            )
        if not token.startswith("xoxb-"):
            raise ValueError(f"{_kind(token)} the bot's token starts with xoxb-")
        return value

    @field_validator("app_token")
    @classmethod
    def _of_the_app(cls, value: SecretStr | None) -> SecretStr | None:
        token = value.get_secret_value() if value else "xapp-"
        if not token.startswith("xapp-"):
            raise ValueError(f"{_kind(token)} an app-level token starts with xapp-")
        return value

    @field_validator("signing_secret", "client_secret")
    @classmethod
    def _no_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and value.get_secret_value().startswith(("xox", "xapp-")):
            raise ValueError
        return value

    @field_validator("api_url")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        return f"{address(value)}/"

    @field_validator("workspaces", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        ids = value.replace(",", " ").split() if isinstance(value, str) else value
        if not all(re.fullmatch(r"T[A-Z0-9]+", each) for each in ids):
            raise ValueError
        return tuple(ids)


def address(value: str) -> str:
    """An address without a slash at its end; ValueError unless it is https, or on this network."""
    parts = urlsplit(value)
    near = parts.scheme == "http" and _LOCAL.fullmatch(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or near):
        raise ValueError
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError
    return value.rstrip("/")


def missing(given: set[str]) -> list[tuple[str, str]]:
    """What is still needed, or does not go together, by name and reason."""
    if not any(name.startswith(PREFIX) for name in given):
        return []
    if given & _OAUTH:
        needed = [
            *sorted(_OAUTH),
            "SLACK_SIGNING_SECRET",
            "KOPPEL_SECRET_KEYS",
            "KOPPEL_PUBLIC_URL",
            # Whose members then belong to that employer is not for whoever finds the page to say.
            *(["SLACK_WORKSPACES"] if "KOPPEL_ORGANISATION" in given else []),
        ]
    else:
        reached = "SLACK_SIGNING_SECRET" in given
        needed = ["SLACK_BOT_TOKEN", *([] if reached else ["SLACK_APP_TOKEN"])]
    found = [(name, f"this is missing: {_NEEDED[name]}") for name in needed if name not in given]
    if given & _OAUTH and "SLACK_BOT_TOKEN" in given:
        both = "leave it out beside SLACK_CLIENT_ID: a workspace that installs Koppel gives a token"
        found.append(("SLACK_BOT_TOKEN", both))
    return found


def _kind(token: str) -> str:
    """What a token seems to be, without a letter of it."""
    kinds = {"xapp-": "an app-level token", "xoxb-": "a bot's token", "xoxp-": "a person's token"}
    found = next((kind for start, kind in kinds.items() if token.startswith(start)), "")
    return f"this is {found};" if found else "this is no such token:"
