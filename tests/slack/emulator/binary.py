"""Where local-slack is on this machine, and whether it can be shut in."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

from tests.backstage import ROOT, no_cage, run
from tests.missing import missing

VERSION = "0.1.8"
INSTALLED = Path(".emulators/local-slack")


def binary() -> Path:
    """The program; without it, or without a cage for it, the test skips, and in CI it fails."""
    reason = _missing()
    if reason:
        raise missing(f"local-slack does not run here: {reason}.")
    return _found()


def _found() -> Path:
    named = os.environ.get("LOCAL_SLACK")
    return Path(named) if named else ROOT / INSTALLED


@cache
def _missing() -> str:
    system, machine = platform.system(), platform.machine()
    if (system, machine) != ("Linux", "x86_64"):
        return f"there is a program for Linux on x86_64, and this is {system} on {machine}"
    if not os.access(_found(), os.X_OK):
        return f"{_found()} is missing (.ci/run installs it; LOCAL_SLACK may name another)"
    said = run(str(_found()), "--version")
    if said != VERSION:
        return f"{_found()} is not version {VERSION}, it says: {said!r}"
    return no_cage()
