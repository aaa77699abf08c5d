"""Why two people fit, as it is stored beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.matching import Contribution

_READ = TypeAdapter(tuple[Contribution, ...])


def written(contributions: Sequence[Contribution]) -> list[dict[str, Any]]:
    """Contributions as data; by hand, because a large round has a million of them."""
    return [one._asdict() for one in contributions]


def read(data: Sequence[dict[str, Any]]) -> tuple[Contribution, ...]:
    """What `written` gave."""
    return _READ.validate_python(data)
