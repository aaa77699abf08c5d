"""What an installation decides about Microsoft Teams: one bot, registered in one tenant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from bot.settings.reading import config

PREFIX = "TEAMS_"
EMPLOYER = (
    "with SLACK_CLIENT_ID each Slack workspace would be an employer of its own, so name the "
    "employer that Slack and Teams share"
)
# What each name is for, where it is missing.
_NEEDED = {
    "TEAMS_APP_ID": "it is the Microsoft App ID, under Configuration of your Azure Bot",
    "TEAMS_TENANT_ID": "it is the App Tenant ID, under Configuration of your Azure Bot",
    "TEAMS_APP_PASSWORD": (
        "it is the Value of a client secret, which you make under Certificates & secrets of the "
        "app registration (or set TEAMS_APP_TYPE=UserAssignedMSI, when the bot is a managed "
        "identity)"
    ),
}
# What Microsoft's samples call them, in whatever capitals and with or without underscores.
_SAMPLES = {
    "MICROSOFTAPPID": "TEAMS_APP_ID",
    "MICROSOFTAPPPASSWORD": "TEAMS_APP_PASSWORD",
    "MICROSOFTAPPTENANTID": "TEAMS_TENANT_ID",
    "MICROSOFTAPPTYPE": "TEAMS_APP_TYPE",
}
_MANAGED = "UserAssignedMSI"
_TYPES = {"singletenant": "SingleTenant", "userassignedmsi": _MANAGED}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_YES = {"1", "true", "t", "yes", "y", "on"}  # what pydantic reads as true


class TeamsSettings(BaseSettings):
    """Reach it as `settings.teams`, which is None when nothing of Teams is set."""

    model_config = config(PREFIX)

    app_id: str = Field(
        default="",
        description="the Microsoft App ID of the bot, a GUID",
        examples=["1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b"],
    )
    app_password: SecretStr | None = Field(
        default=None,
        description="the value of a client secret, without spaces",
        examples=["(what stands under Value when you make a client secret)"],
    )
    tenant_id: str = Field(
        default="",
        description="the id of your tenant, a GUID and not its name",
        examples=["72f988bf-86f1-41af-91ab-2d7cd011db47"],
    )
    app_type: Literal["SingleTenant", "UserAssignedMSI"] = Field(
        default="SingleTenant",
        description="SingleTenant or UserAssignedMSI",
        examples=["SingleTenant", _MANAGED],
    )
    playground: bool = Field(
        default=False,
        description="true or false",
        examples=["true"],
    )

    @property
    def managed_identity(self) -> bool:
        """Whether the machine itself is let in, without a secret."""
        return self.app_type == _MANAGED

    @field_validator("*", mode="before")
    @classmethod
    def _trimmed(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @field_validator("app_id", "tenant_id")
    @classmethod
    def _an_id(cls, value: str) -> str:
        if value and not is_guid(value):
            raise ValueError
        return value.lower()

    @field_validator("app_password")
    @classmethod
    def _the_secret_itself(cls, value: SecretStr | None) -> SecretStr | None:
        secret = value.get_secret_value() if value else ""
        if is_guid(secret):
            raise ValueError(
                "this is an id, most likely the Secret ID; the secret itself stands beside it under "
                "Value, which Azure shows only right after you make it"
            )
        if re.search(r"\s", secret):
            raise ValueError
        return value

    @field_validator("app_type", mode="before")
    @classmethod
    def _as_azure_writes_it(cls, value: Any) -> Any:
        if str(value).casefold() == "multitenant":
            raise ValueError(
                "Microsoft makes no multi-tenant bots any more, since 31 July 2025; register one "
                "that is single-tenant"
            )
        return _TYPES.get(str(value).casefold(), value)


def is_guid(value: str) -> bool:
    """Whether this is an id as Azure writes them."""
    return bool(_GUID.fullmatch(value.lower()))


def meant(values: Mapping[str, str]) -> bool:
    """Whether anything is said of Teams; that there is no playground says nothing."""
    said = {name for name in values if name.startswith(PREFIX)}
    return bool(said - {"TEAMS_PLAYGROUND"}) or _in_playground(values)


def missing(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is still needed, or does not go together, by name and reason."""
    if not meant(values):
        return []
    if _in_playground(values):
        beside = [name for name in _NEEDED if name in values]
        alone = (
            f"leave it out beside {', '.join(beside)}: nobody proves who they are in a playground"
        )
        return [("TEAMS_PLAYGROUND", alone)] if beside else []
    managed = values.get("TEAMS_APP_TYPE", "").strip().casefold() == _MANAGED.casefold()
    if managed and "TEAMS_APP_PASSWORD" in values:
        secret = "leave it out beside UserAssignedMSI: a managed identity has no secret"
        return [*_without({"TEAMS_APP_PASSWORD"}, values), ("TEAMS_APP_PASSWORD", secret)]
    return _without({"TEAMS_APP_PASSWORD"} if managed else set(), values)


def renamed(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is called as in Microsoft's samples, by that name and ours; where ours is there too, that
    one counts, as Azure itself may write the other."""
    ours = {name.upper() for name, value in values.items() if value}
    found = ((name, _SAMPLES.get(name.upper().replace("_", ""), "")) for name in sorted(values))
    return [(name, own) for name, own in found if values[name] and own and own not in ours]


def unguarded(host: str) -> list[str]:
    """What is wrong with a playground where others can come in too."""
    if _is_this_machine(host):
        return []
    return [
        "TEAMS_PLAYGROUND: only with KOPPEL_HOST=127.0.0.1, as nobody proves who they are in a "
        "playground: whoever reaches it can be anybody"
    ]


def _without(unneeded: set[str], values: Mapping[str, str]) -> list[tuple[str, str]]:
    names = [name for name in _NEEDED if name not in values and name not in unneeded]
    return [(name, f"this is missing: {_NEEDED[name]}") for name in names]


def _in_playground(values: Mapping[str, str]) -> bool:
    return values.get("TEAMS_PLAYGROUND", "").strip().casefold() in _YES


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
