"""What happened while the clock was wound, from the messages that were sent: counted, not read."""

from __future__ import annotations

from datetime import date, datetime

from bot.platforms.local.stage import Happened

LONGEST = 12  # lines; of more, the last ones


def plural(one: str, many: str) -> tuple[str, str]:
    """Two English source sentences that are translated where they are shown."""
    return one, many


# By the first word of a delivery's key: why it was sent.
_KINDS = {
    "nudge": plural("{n} person is asked something", "{n} people are asked something"),
    "announced": plural("{n} person hears of a match", "{n} people hear of their match"),
    "waiting": plural(
        "{n} person hears that there is no match yet", "{n} people hear that there is no match yet"
    ),
    "round": plural("a matching round is ready for review", "a matching round is ready for review"),
    "digest": plural("a digest appears", "{n} messages with the digest appear"),
    "pulse": plural("a survey closes", "a survey closes"),
    "stuck": plural("{n} pair seems stuck", "{n} pairs seem stuck"),
    "round-due": plural(
        "the day of a matching round has come", "the day of a matching round has come"
    ),
}


class Story:
    """Counts messages by day and kind."""

    def __init__(self) -> None:
        self._heard: dict[tuple[date, str], tuple[datetime, int]] = {}

    def hear(self, key: str, at: datetime) -> None:
        """A message was sent for this reason at this moment."""
        kind = key.partition(":")[0]
        if kind in _KINDS:
            first, count = self._heard.get((at.date(), kind), (at, 0))
            self._heard[at.date(), kind] = (first, count + 1)

    def told(self) -> list[Happened]:
        """The last of it, in the order in which it began."""
        lines = [
            Happened(at, *_KINDS[kind], count) for (_, kind), (at, count) in self._heard.items()
        ]
        return sorted(lines, key=lambda line: line.at)[-LONGEST:]
