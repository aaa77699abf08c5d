"""A person as an import sees them: what is known, and what is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.roster import Row
from storage.models import PersonKind

_SAID_AS_IT_IS = (
    "name", "department", "team", "function", "location", "time_zone", "country", "working_days",
)  # fmt: skip


@dataclass(eq=False, slots=True)
class Someone:
    """Plain values, not the table's own class: fifty thousand of those take a minute to make."""

    values: dict[str, Any]  # by the names of the columns of `Person`
    row: Row | None = None  # what the file says of them
    new: bool = False
    changes: dict[str, Any] = field(default_factory=dict)
    tied: bool = False  # to another account or a new role

    @property
    def id(self) -> int:
        found: int = self.values["id"]
        return found

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def email(self) -> str | None:
        found: str | None = self.values["email"]
        return found

    @property
    def changed(self) -> bool:
        return self.tied or bool(self.changes)

    def write(self, **said: Any) -> None:
        """Take over what differs."""
        for name, value in said.items():
            if self.values[name] != value:
                self.values[name] = self.changes[name] = value

    def fill(self, row: Row) -> None:
        """Take over what a row says of somebody; the e-mail address and what ties people aside."""
        self.row = row
        self.write(**dict(_said(row, self.values)))


def _said(row: Row, known: Mapping[str, Any]) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = [
        (name, value) for name in _SAID_AS_IT_IS if (value := getattr(row, name)) is not None
    ]
    if row.languages is not None:
        said.append(("languages", list(row.languages)))
    if row.kind is not None:
        kind = PersonKind(row.kind)
        said += [("kind", kind), ("kind_given", kind)]  # a platform may only be stricter
    if row.hours is not None:
        said += [("work_start", row.hours[0]), ("work_end", row.hours[1])]
    # Once somebody has met Koppel the language is theirs to choose.
    if row.locale and not known["introduced"]:
        said += [("locale", row.locale), ("locale_chosen", True)]  # a platform only guesses
    return said
