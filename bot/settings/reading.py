"""Where settings stand, and what is said about the ones that are not right."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic_settings import BaseSettings, SettingsConfigDict

# What Kubernetes writes into every container beside a service that is called koppel.
_KUBERNETES = re.compile(r"KOPPEL_(SERVICE_.*|PORT_\d+_.*)")


def config(prefix: str) -> SettingsConfigDict:
    """How each of our groups of settings is read."""
    return SettingsConfigDict(
        env_prefix=prefix,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


def read(file: Path) -> tuple[dict[str, str], list[str]]:
    """The names and values of a .env file, and what cannot be read of it."""
    if not file.exists():
        return {}, []
    try:
        with file.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except UnicodeDecodeError:
        return {}, [f"{file}: save this file as UTF-8, it cannot be read as it is"]
    except OSError as error:
        return {}, [f"{file}: it cannot be read ({error.strerror})"]
    values = {found.key: found.value or "" for found in bindings if found.key and not found.error}
    wrong = [
        f"{file}, line {found.original.line}: this is not of the form NAME=value"
        for found in bindings
        if found.error or (found.key and found.value is None)
    ]
    return values, wrong


def values(names: Mapping[str, str]) -> dict[str, str]:
    """What has a value, by its name in capitals: an empty value is no value."""
    return {name.upper(): value for name, value in names.items() if value}


def unknown(names: Iterable[str], group: type[BaseSettings]) -> list[str]:
    """One line for each name that looks like one of this group's and is none."""
    prefix = group.model_config["env_prefix"]
    known = [f"{prefix}{field.upper()}" for field in group.model_fields]
    return [
        f"{name}: there is no such setting{_meant(name.upper(), known, prefix)}"
        for name in sorted(names)
        if name.upper().startswith(prefix)
        and name.upper() not in known
        and not _KUBERNETES.fullmatch(name)
    ]


def _meant(name: str, known: list[str], prefix: str) -> str:
    stems = {each.removeprefix(prefix): each for each in known}
    close = get_close_matches(name.removeprefix(prefix), stems, n=1, cutoff=0.5)
    return f"; did you mean {stems[close[0]]}?" if close else f"; there are {', '.join(known)}"


def plainly(found: dict[str, Any], names: Mapping[str, str], group: type[BaseSettings]) -> str:
    """One line about one wrong setting. The value is never repeated: it may be a secret."""
    prefix = group.model_config["env_prefix"]
    field = str(found["loc"][0]).lower().removeprefix(prefix.lower())
    name = f"{prefix}{field.upper()}"
    if field == "database_url" and name not in names and "DATABASE_URL" in names:
        name = "DATABASE_URL"
    about = group.model_fields[field]
    said = str(found["msg"]).removeprefix("Value error, ") if found["type"] == "value_error" else ""
    reason = said or f"this must be {about.description}"
    if names.get(name, "").startswith("tcp://"):
        reason = "Kubernetes wrote this itself: set enableServiceLinks: false in the pod"
    return f"{name}: {reason}. {example(name, group)}"


def example(name: str, group: type[BaseSettings]) -> str:
    """What a setting may look like."""
    prefix = group.model_config["env_prefix"]
    field = "database_url" if name == "DATABASE_URL" else name.removeprefix(prefix).lower()
    examples = group.model_fields[field].examples or ()
    return f"Example: {' or '.join(f'{name}={each}' for each in examples)}"


def is_key(value: str) -> bool:
    """Whether this is a Fernet key: 32 bytes in letters."""
    try:
        return len(base64.urlsafe_b64decode(value.encode())) == 32
    except (binascii.Error, ValueError):
        return False


def file(value: Any) -> Path | None:
    """The file of this name; ValueError where it can only be a folder."""
    if value is None:
        return None
    if str(value).endswith(("/", "\\")) or Path(value).is_dir():
        raise ValueError
    return Path(value)
