"""Words as any platform can send them: cleaned, cut and parted without breaking a letter in two.

Lengths are counted as chat clients count them: an emoji is two (UTF-16).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

ELLIPSIS = "…"
_JOINER = "\u200d"
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
_UNSENDABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufffe\uffff\ud800-\udfff]"
)


def clean(words: str) -> str:
    """The words without what cannot be sent or shown: controls, lone surrogates, overrides."""
    return _UNSENDABLE.sub("", _BREAKS.sub("\n", words))


def is_seen(words: str) -> bool:
    """Whether there is anything to see; Slack refuses a text that is empty."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in words)


def length(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def cut(words: str, most: int) -> str:
    """At most so long, with an ellipsis where something is missing."""
    if length(words) <= most:
        return words
    return words[: _fits(words, most - 1)].rstrip() + ELLIPSIS


def one_line(words: str, most: int, otherwise: str = ELLIPSIS) -> str:
    """For a label, a title or a button, where nothing may stand for nothing to see."""
    line = " ".join(clean(words).split())
    return cut(line, most) if is_seen(line) else otherwise


def is_day(value: str) -> bool:
    """Whether a date picker can show this; anything else that was typed stays words."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return False
    return day.isoformat() == value and 1900 <= day.year < 2200


def pieces(words: str, most: int) -> list[tuple[int, int]]:
    """Where each piece starts and ends, each at most so long, parted at a line or a word."""
    found = []
    start = 0
    while length(words[start:]) > most:
        fits = words[start : start + _fits(words[start:], most)]
        at = max(fits.rfind("\n"), fits.rfind(" ")) + 1
        end = start + (at if at > len(fits) // 2 else len(fits))
        found.append((start, end))
        start = end
    return [*found, (start, len(words))]


def _fits(words: str, most: int) -> int:
    """How many characters fit without parting a letter from its accents, if at all possible."""
    head = words.encode("utf-16-le", "surrogatepass")[: 2 * most]
    count = len(halved := head.decode("utf-16-le", "surrogatepass"))
    if not words.startswith(halved):
        count -= 1  # half an emoji
    whole = count
    while 0 < whole < len(words) and _are_one(words[whole - 1], words[whole]):
        whole -= 1
    return whole or count


def _are_one(before: str, after: str) -> bool:
    return (
        _JOINER in (before, after)
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U0001f1e6" <= after <= "\U0001f1ff" >= before >= "\U0001f1e6"  # halves of a flag
    )
