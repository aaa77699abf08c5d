"""How far a round is, told while it is solved; and the way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[float], None]  # 0 … 1; may raise Cancelled


class Cancelled(Exception):
    """Nobody waits for this round any more; raised by a `Progress`, it leaves `match` as it is."""


@dataclass
class Way:
    """The way of one round from 0 to 1, which never goes back."""

    tell: Progress | None = None
    done: float = 0.0

    def to(self, goal: float) -> Progress:
        """A stretch from here to `goal`: told which part of it is done, it tells how far we are."""
        start = self.done

        def told(part: float) -> None:
            self.done = max(self.done, start + (goal - start) * part)
            if self.tell is not None:
                self.tell(self.done)

        return told

    def some_of(self, rest: float) -> Progress:
        """A stretch of half of what is left until `rest`, for work of which nobody knows the end."""
        return self.to(self.done + (rest - self.done) / 2)
