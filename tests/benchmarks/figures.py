"""Figures in words."""

from __future__ import annotations

import statistics


def told(how: str, took: list[float], limit: int) -> str:
    """How long answers took, in milliseconds of those that a platform waits."""
    took.sort()
    median, most = statistics.median(took) * 1000, took[int(len(took) * 0.99)] * 1000
    return (
        f"  acknowledged, {how}: median {median:.0f} ms, 99th percentile {most:.0f} ms of {limit:,}"
    )
