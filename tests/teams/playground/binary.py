"""Where the Agents Playground is on this machine, and whether it can be started, shut in."""

from __future__ import annotations

import json
import os
import shutil
from functools import cache
from pathlib import Path

from tests.backstage import ROOT, no_cage, run
from tests.missing import missing

VERSION = "0.2.28"
INSTALLED = Path(".emulators/agents-playground")


def command() -> tuple[str, Path]:
    """How to start it; without it, Node or a cage the test skips, and in CI it fails."""
    reason = _missing()
    if reason:
        raise missing(f"The Agents Playground does not run here: {reason}.")
    return "node", _found() / "cli.js"


def _found() -> Path:
    named = os.environ.get("AGENTS_PLAYGROUND")
    return Path(named).absolute() if named else ROOT / INSTALLED


@cache
def _missing() -> str:
    if not shutil.which("node"):
        return "Node is missing, in which it runs"
    about = _found() / "package.json"
    if not about.is_file():
        return f"{_found()} is missing (.ci/run installs it; AGENTS_PLAYGROUND may name another)"
    version = json.loads(about.read_text("utf-8"))["version"]
    if version != VERSION:
        return f"{_found()} is not version {VERSION}, it says: {version!r}"
    said = run("node", "--version")
    if not said.startswith("v"):
        return f"Node does not start ({said})"
    return no_cage()
