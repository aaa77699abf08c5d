"""Looking for garbage less: what was loaded at the start stays to the end, and is not walked through."""

from __future__ import annotations

import gc

_BETWEEN = (10_000, 20, 20)  # objects between two looks; by default 700, for small programs


def look_less() -> None:
    """Once, when everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_BETWEEN)
