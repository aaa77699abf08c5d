"""axe, which finds what keeps people with a screen reader or a keyboard out."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.missing import missing

INSTALLED = Path(".emulators/axe-core/axe.min.js")
SERIOUS = ("serious", "critical")


def script() -> str:
    """Its source; without it the test skips, and in CI it fails."""
    path = Path(os.environ.get("AXE", INSTALLED))
    if not path.is_file():
        raise missing(f"{path} is missing (.ci/run installs it; AXE may name another)")
    return path.read_text(encoding="utf-8")


def findings(tab: Page, axe: str) -> list[str]:
    """What is serious on the page as it stands, each with the first places."""
    tab.evaluate(axe)
    found = tab.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {', '.join(str(node['target'][0]) for node in one['nodes'][:4])}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]
