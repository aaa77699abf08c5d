"""The log, as an operator asked for it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from bot import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_for_machines_every_line_is_json_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("INFO", "json")
    with structlog.contextvars.bound_contextvars(trace="abc"):
        structlog.get_logger().info("ready", port=8080)
    line = json.loads(capsys.readouterr().out)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "ready", "level": "info", "port": 8080, "trace": "abc"}


@pytest.mark.parametrize("form", ["text", "json"])
def test_below_its_level_nothing_is_written(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.begin("WARNING", form)
    structlog.get_logger().info("ready")
    structlog.get_logger().warning("held")
    written = capsys.readouterr().out
    assert "ready" not in written
    assert "held" in written
