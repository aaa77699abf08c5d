"""A list that somebody typed, taken apart where they mean it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.content.wordforms import tidy

MOST_TEXT = 10_000  # characters that are read at all
MOST_SKILLS = 60

_SEPARATOR = re.compile(r"[,;\n\r\u2028\u2029•·|،、]+")
_CONJUNCTION = re.compile(r"\s+(?:en|and|&|\+)\s+|\s+/\s+|(?<=\w)/(?=\w)", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-\u2013\u2014*>]+|\d{1,2}[.)])\s+")

Knows = Callable[[str], bool]  # whether words name a known skill


def split(text: str, knows: Knows) -> list[str]:
    """The items of a list, at most MOST_SKILLS, each tidied and once."""
    found: dict[str, None] = {}
    for part in _SEPARATOR.split(text[:MOST_TEXT]):
        for item in _apart(tidy(_BULLET.sub("", part)), knows):
            found.setdefault(item)
            if len(found) == MOST_SKILLS:
                return list(found)
    return list(found)


def _apart(item: str, knows: Knows) -> list[str]:
    """«plannen en Excel» is two skills, «normen en waarden» and an unknown pair are one."""
    between = [match.span() for match in _CONJUNCTION.finditer(item)]
    if not between or knows(item):
        return [item] if item else []
    begins, ends = zip((0, 0), *((end, start) for start, end in between), strict=True)
    places = list(zip(begins, (*ends[1:], len(item)), strict=True))
    if "-" in {item[end - 1] for _, end in places[:-1]}:
        return _completed([item[start:end] for start, end in places], knows) or [item]
    runs = list(_runs(item, places, knows))
    return runs if any(map(knows, runs)) else [item]


def _runs(item: str, places: list[tuple[int, int]], knows: Knows) -> Iterator[str]:
    """The parts, where neighbours that together are a known skill stay together."""
    while places:
        start = places[0][0]
        wholes = (n for n in (3, 2) if n <= len(places))
        count = next((n for n in wholes if knows(item[start : places[n - 1][1]])), 1)
        yield item[start : places[count - 1][1]]
        places = places[count:]


def _completed(parts: list[str], knows: Knows) -> list[str]:
    """«in- en verkoop» is inkoop and verkoop; nothing when not all of it is known."""
    last = parts[-1]
    for at, part in enumerate(parts[:-1]):
        if part.endswith("-"):
            ends = (part[:-1] + last[cut:] for cut in range(1, len(last)))
            parts[at] = next(filter(knows, ends), "")
    return parts if all(map(knows, parts)) else []
