from __future__ import annotations

import json
from typing import Any

import pytest

from tests.auditing import verdict

FINE = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
UNKNOWN = {"name": "koppel-invented", "skip_reason": "Dependency not found"}
HOLED = {
    "name": "jinja2",
    "version": "2.1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.2", "3.0"]}],
}


def said(*packages: dict[str, Any], complaint: str = "") -> tuple[list[str], bool]:
    return verdict(json.dumps({"dependencies": packages, "fixes": []}), complaint)


def test_a_known_hole_is_named_with_what_mends_it() -> None:
    lines, fine = said(FINE, HOLED)
    assert not fine
    assert lines == ["jinja2 2.1: PYSEC-2026-1, mended in 2.2, 3.0", "Packages looked up: 2"]


def test_a_hole_that_nothing_mends_is_named_too() -> None:
    lines, fine = said(HOLED | {"vulns": [{"id": "PYSEC-2026-2", "fix_versions": []}]})
    assert not fine
    assert "no version yet" in lines[0]


def test_what_the_index_does_not_know_is_said() -> None:
    assert said(FINE, UNKNOWN) == (
        ["Not known to the package index: koppel-invented", "Packages looked up: 1"],
        True,
    )


@pytest.mark.parametrize(
    ("answer", "complaint", "why"),
    [
        ("", "Traceback\nConnectionError: no route\n", "ConnectionError: no route"),
        ("<html>", "", "pip-audit said nothing"),
        (json.dumps({"dependencies": [UNKNOWN]}), "", "this package index cannot tell of any"),
    ],
)
def test_not_being_able_to_ask_is_no_clean_bill_and_stops_nobody(
    answer: str, complaint: str, why: str
) -> None:
    assert verdict(answer, complaint) == ([f"Known holes were NOT looked for: {why}"], True)
