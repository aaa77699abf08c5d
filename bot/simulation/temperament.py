"""How quick, talkative and faithful an invented person is; the same seed gives the same people."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Temperament:
    """Shares are of 1; weeks count from the announcement, 0 is never."""

    silent: float  # lets a question pass
    types: float  # types rather than clicks
    nonsense: float  # says something beside the point first
    tells_more: float
    hesitates: bool  # stops half-way when joining, and goes on a day later
    meets: float
    chats: float = 0.0  # tells colleagues about a talk
    pauses_in: int = 0
    leaves_in: int = 0

    @staticmethod
    def draw(rng: Random) -> Temperament:
        quiet = rng.random() < 0.08
        return Temperament(
            silent=0.9 if quiet else rng.uniform(0.02, 0.25),
            types=rng.choice((0.0, 0.2, 0.5, 0.9)),
            nonsense=rng.choice((0.0, 0.0, 0.05, 0.2)),
            tells_more=rng.random(),
            hesitates=rng.random() < 0.15,
            meets=0.05 if quiet else rng.uniform(0.45, 0.95),
            chats=rng.choice((0.0, 0.0, 0.15, 0.4)),
            pauses_in=rng.randint(2, 8) if rng.random() < 0.05 else 0,
            leaves_in=rng.randint(3, 10) if rng.random() < 0.03 else 0,
        )
