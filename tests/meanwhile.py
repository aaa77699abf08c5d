"""What people do while a round is being worked out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.matching import Outcome, Profile, Progress, Rules, match
from scheduler import rounds as job

HALFWAY = 0.43  # how far the round is when something happens


def meanwhile(monkeypatch: pytest.MonkeyPatch, *deeds: Callable[[], object]) -> None:
    """At the next tries to work out a round one of these things happens halfway, each once."""
    left = list(deeds)

    def interrupted(
        people: Sequence[Profile], rules: Rules, seed: int, *, progress: Progress
    ) -> Outcome:
        progress(HALFWAY)
        if left:
            left.pop(0)()
            progress(HALFWAY)
        return match(people, rules, seed, progress=progress)

    monkeypatch.setattr("scheduler.solving.match", interrupted)
    monkeypatch.setattr(job, "SIGN_OF_LIFE", 0.0)
