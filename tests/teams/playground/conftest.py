"""A file for a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import schema


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The address of an empty, migrated database in a file."""
    url = f"sqlite:///{(tmp_path / 'koppel.sqlite').as_posix()}"
    schema.upgrade(url)
    return url
