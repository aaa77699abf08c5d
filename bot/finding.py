"""What a check-up says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of a check-up: `words` names what was looked at, and when not good what to do."""

    good: bool
    words: str
