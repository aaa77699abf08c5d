"""Where local-slack is on this machine, and whether it can be shut in."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.missing import missing

VERSION = "0.1.8"
INSTALLED = Path(".emulators/local-slack")
ROOT = Path(__file__).parents[3]
UNSHARE = ("unshare", "--map-root-user", "--net")


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
    said = _run(str(_found()), "--version")
    if said != VERSION:
        return f"{_found()} is not version {VERSION}, it says: {said!r}"
    if not shutil.which(UNSHARE[0]):
        return "the command unshare (util-linux) is missing"
    said = _run(*UNSHARE, "echo", "alone")
    if said != "alone":
        return f"no process may have a network of its own ({said})"
    return ""


def _run(*command: str) -> str:
    """What the command says, or what is wrong with it."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stdout or done.stderr).strip()
