"""Asks whether anything that Koppel installs has a known hole: part of `make lint`.

What could not be asked is said, and holds nobody up: an index without that knowledge, or no network.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = "requirements.lock"
PATIENCE = 300  # seconds
COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--require-hashes"),
    *("--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10"),
)


def verdict(answer: str, complaint: str) -> tuple[list[str], bool]:
    """What to say of pip-audit's JSON, a line each, and whether it is in order."""
    try:
        found: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        why = complaint.strip().splitlines()[-1:] or ["pip-audit said nothing"]
        return [f"Known holes were NOT looked for: {why[0]}"], True
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, "
        f"mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for package in found
        for hole in package.get("vulns", ())
    ]
    unasked = [package["name"] for package in found if "skip_reason" in package]
    if len(unasked) == len(found):
        return ["Known holes were NOT looked for: this package index cannot tell of any"], True
    lines = [*holes, f"Not known to the package index: {', '.join(unasked)}" if unasked else ""]
    return [*filter(None, lines), f"Packages looked up: {len(found) - len(unasked)}"], not holes


def main() -> int:
    """Ask; 1 when a package has a known hole."""
    try:
        asked = subprocess.run(
            COMMAND,
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        lines, fine = verdict(asked.stdout, asked.stderr)
    except subprocess.TimeoutExpired:
        lines, fine = ["Known holes were NOT looked for: the package index did not answer"], True
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
