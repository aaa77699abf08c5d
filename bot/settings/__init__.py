"""What an installation decides: read from `.env` and the environment, all errors named at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode

from bot.settings import reading, slack, teams
from bot.settings.addresses import mask, normalised
from bot.settings.slack import SlackSettings
from bot.settings.teams import TeamsSettings
from bot.texts import LANGUAGES

__all__ = [
    "Settings",
    "SettingsError",
    "SlackSettings",
    "TeamsSettings",
    "load",
    "mask",
    "normalised",
]

PREFIX = "KOPPEL_"
ENV_FILE = Path(".env")
DEFAULT_DATABASE = "sqlite:///data/koppel.db"
G = TypeVar("G", bound=BaseSettings)


class SettingsError(Exception):
    """Some settings are wrong; `str()` names every one of them, with an example and no secret."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        lines = [f"  - {problem}" for problem in problems]
        super().__init__(
            "\n".join(
                [
                    "Koppel cannot start: "
                    + ("one setting is" if len(problems) == 1 else f"{len(problems)} settings are")
                    + " not right.",
                    "",
                    *lines,
                    "",
                    "Settings come from the environment and the file .env; the environment wins.",
                    "The file .env.example lists them all.",
                ]
            )
        )


class Settings(BaseSettings):
    """Get them with `load()`: it names everything that is wrong, in plain words."""

    model_config = reading.config(PREFIX)

    database_url: SecretStr = Field(
        default=SecretStr(DEFAULT_DATABASE),
        validation_alias=AliasChoices("KOPPEL_DATABASE_URL", "DATABASE_URL"),
        description="the address of a database",
        examples=["postgresql://koppel:secret@localhost:5432/koppel", DEFAULT_DATABASE],
    )
    host: str = Field(
        default="127.0.0.1",
        pattern=r"^[^\s/]+$",
        description="the address to listen on, without http://",
        examples=["127.0.0.1", "0.0.0.0"],
    )
    port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        description="a whole number from 0 to 65535",
        examples=["8080"],
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR", examples=["INFO"]
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="text or json", examples=["text"]
    )
    one_core: bool = Field(default=True, description="true or false", examples=["false"])
    organisation: str = Field(
        default="",
        max_length=100,
        description="a name of 100 characters at most",
        examples=["Waterkant"],
    )
    default_locale: str = Field(
        default="en", description="a language Koppel speaks", examples=[*LANGUAGES]
    )
    default_time_zone: str = Field(
        default="Europe/Amsterdam",
        description="a name from the time zone database",
        examples=["Europe/Amsterdam"],
    )
    default_country: str = Field(
        default="NL",
        pattern=r"^[A-Z]{2}$",
        description="a country in two letters",
        examples=["NL"],
    )

    public_url: str = Field(
        default="",
        description="the https address under which this server is reached",
        examples=["https://koppel.example.com"],
    )
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="keys made by `koppel keys new`, separated by commas; the first encrypts",
        examples=["(what `koppel keys new` prints)"],
    )
    erasures_file: Annotated[Path | None, BeforeValidator(reading.file)] = Field(
        default=None,
        description="the name of a file, with a folder or without",
        examples=["/var/lib/koppel-erased/koppel.erased"],
    )
    admin: str = Field(
        default="",
        pattern=r"^(|[^@\s,]+@[^@\s,]+|[UW][A-Z0-9]{2,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$",
        description=(
            "the e-mail address, Slack user id or Entra object id of the first administrator"
        ),
        examples=["noor@example.com", "U024BE7LH", "8f4c1d2e-3a5b-4c6d-9e7f-0a1b2c3d4e5f"],
    )

    _slack: SlackSettings | None = PrivateAttr(default=None)
    _teams: TeamsSettings | None = PrivateAttr(default=None)

    @property
    def database(self) -> str:
        """The database's URL with its password, for the engine only."""
        return self.database_url.get_secret_value()

    @property
    def keys(self) -> tuple[str, ...]:
        """What seals the database, for it only."""
        return tuple(key.get_secret_value() for key in self.secret_keys)

    @property
    def erased(self) -> Path | None:
        """The list of who was erased; None is beside the database."""
        beside = self.database.startswith("sqlite")
        return self.erasures_file or (None if beside else Path("data/koppel.erased"))

    @property
    def masked_database(self) -> str:
        """The database's URL as it may be shown."""
        return mask(self.database)

    @property
    def platforms_configured(self) -> tuple[str, ...]:
        """The chat platforms that are set up, such as ("Slack",)."""
        found = {"Slack": self._slack, "Teams": self._teams}
        return tuple(name for name, about in found.items() if about)

    @property
    def slack(self) -> SlackSettings | None:
        """What is decided about Slack; None when nothing of it is set."""
        return self._slack

    @property
    def teams(self) -> TeamsSettings | None:
        """What is decided about Teams; None when nothing of it is set."""
        return self._teams

    @field_validator("database_url", mode="before")
    @classmethod
    def _normalised(cls, value: Any) -> str:
        return normalised(value.get_secret_value() if isinstance(value, SecretStr) else str(value))

    @field_validator("log_level", "default_country", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("log_format", "default_locale", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("default_locale")
    @classmethod
    def _spoken(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError
        return value

    @field_validator("default_time_zone")
    @classmethod
    def _on_the_map(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, OSError) as error:  # what zoneinfo raises for no such name
            raise ValueError from error

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        return slack.address(value.strip()) if value else ""

    @field_validator("secret_keys", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        keys = value.replace(",", " ").split() if isinstance(value, str) else value
        if not all(isinstance(each, SecretStr) or reading.is_key(each) for each in keys):
            raise ValueError
        return tuple(keys)

    @field_validator("admin", mode="before")
    @classmethod
    def _as_stored(cls, value: Any) -> Any:
        given = str(value).strip()
        return given.lower() if "@" in given or teams.is_guid(given) else given.upper()


def load(env_file: Path | None = None, **given: Any) -> Settings:
    """The settings: `given` (from the command line) wins, then the environment, then the file.

    Raises SettingsError, which names everything that is wrong.
    """
    file = ENV_FILE if env_file is None else env_file
    in_file, problems = reading.read(file)
    names = {**in_file, **os.environ}
    chosen = {name: value for name, value in given.items() if value is not None}
    source = file if in_file else None
    settings = _group(Settings, names, problems, {**chosen, "_env_file": source})
    about_slack = _about_slack(names, problems, source)
    about_teams = _about_teams(names, problems, source)
    if about_teams and about_teams.playground and settings:
        problems += teams.unguarded(settings.host)
    if settings is None or problems:
        raise SettingsError(problems)
    settings._slack = about_slack
    settings._teams = about_teams
    return settings


def _group(
    group: type[G], names: Mapping[str, str], problems: list[str], given: dict[str, Any]
) -> G | None:
    """The settings of one group, or None and what is wrong added to the problems."""
    problems += reading.unknown(names, group)
    try:
        return group(**given)
    except ValidationError as error:
        wrong = error.errors(include_input=False)
        problems += [reading.plainly(dict(found), names, group) for found in wrong]
        return None


def _about_slack(
    names: Mapping[str, str], problems: list[str], source: Path | None
) -> SlackSettings | None:
    found = _group(SlackSettings, names, problems, {"_env_file": source})
    values = reading.values(names)
    given = set(values)
    if "SLACK_CLIENT_ID" in given and teams.meant(values):
        if "KOPPEL_ORGANISATION" not in given:
            problems += _told([("KOPPEL_ORGANISATION", f"this is missing: {teams.EMPLOYER}")])
        given |= {"KOPPEL_ORGANISATION"}
    problems += _told(slack.missing(given))
    return found if any(name.startswith(slack.PREFIX) for name in values) else None


def _about_teams(
    names: Mapping[str, str], problems: list[str], source: Path | None
) -> TeamsSettings | None:
    found = _group(TeamsSettings, names, problems, {"_env_file": source})
    values = reading.values(names)
    renamed = teams.renamed(names)
    problems += [f"{name}: Koppel calls this {ours}; give it that name" for name, ours in renamed]
    problems += _told(teams.missing({**values, **{ours: names[name] for name, ours in renamed}}))
    return found if teams.meant(values) else None


def _told(found: list[tuple[str, str]]) -> list[str]:
    """What is missing or does not go together, each with an example."""
    groups: dict[str, type[BaseSettings]] = {"SLACK": SlackSettings, "TEAMS": TeamsSettings}
    return [
        f"{name}: {reason}. {reading.example(name, groups.get(name.split('_')[0], Settings))}"
        for name, reason in found
    ]
