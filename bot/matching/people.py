"""What the matching knows of people, and what a programme's coordinators decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Tags = frozenset[str]
Link = tuple[int, int]  # (mentor, mentee) participant ids
Side = int | str  # of an exclusion: a person id, or a department
EVERY_DEPARTMENT = "*"
