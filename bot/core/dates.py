"""Dates as people write them, in Dutch or English: «3 jan», «next friday», «over 2 weken», «1-2-2027»."""

from __future__ import annotations

import re
import warnings
from calendar import monthrange
from datetime import date, datetime, time, timedelta

import dateparser
from babel.dates import get_day_names

LONGEST = 60  # characters; no date takes more, and a parser need not chew on an essay
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_LEAD = re.compile(
    r"(?:up to and including|up to|until|till|til|through|tot en met|tot aan|tot|t/m|to|vanaf|from|on|op)"
    r"\s+",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\s*(?:up to and including|through|tot en met|t/m)\s", re.IGNORECASE)
_SPAN = re.compile(
    r"(?:in|over|for|voor)?\s*(\d{1,3})\s*(d|day|days|dag|dagen|w|week|weeks|weken)", re.IGNORECASE
)
# Written out as people do for a short while: «over een week», «for three months».
COUNTS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
        "één",
        "a",
        "an",
    )
    for number, word in enumerate(words.split(), 1)
}
_COUNT = re.compile(rf"(?:(?:in|over|for|voor)\s+)?({'|'.join(COUNTS)})(?=\s+\w)", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:e|ste|de)\b", re.IGNORECASE)  # «1e maart»; English is known
_ENDING = re.compile(r"(?:\s+a\.?s)?[\s.,!]*$", re.IGNORECASE)  # «6 maart a.s.»
_DATE_LIKE = re.compile(r"[\w\s.,/:’'-]+")
_NEXT = re.compile(r"^(next|this|coming|volgende|komende|aanstaande|deze)\s+", re.IGNORECASE)
_WEEKDAYS = {
    name.casefold().rstrip("."): day
    for locale in ("en", "nl")
    for width in ("wide", "abbreviated")
    for day, name in get_day_names(width, locale=locale).items()
}


def read_date(text: str, today: date) -> date | None:
    """The day somebody means, looking ahead from today; None when it is no date. Day before month."""
    words = _tidy(text)
    if not _DATE_LIKE.fullmatch(words) or words.isdecimal() or words.casefold() in COUNTS:
        return None
    if _ISO.fullmatch(words):
        try:
            return date.fromisoformat(words)
        except ValueError:
            return None
    if span := _SPAN.fullmatch(words):
        weeks = span[2].casefold().startswith("w")
        return today + timedelta(days=int(span[1]) * (7 if weeks else 1))
    weekday = _WEEKDAYS.get(_NEXT.sub("", words).casefold())
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return _parse(words, today)


def read_end(text: str, today: date) -> date | None:
    """The first day after something: «until friday» is that friday, «through friday» a day later."""
    day = read_date(text, today)
    if day is None or day == date.max or not _WHOLE.match(text):
        return day
    return day + timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _tidy(text: str) -> str:
    """The words that name the day, in figures; nothing when they are too many to be a date."""
    words = " ".join(text.split())
    if len(words) > LONGEST:
        return ""
    if lead := _LEAD.match(words):
        words = words[lead.end() :]
    if count := _COUNT.match(words):
        words = f"{COUNTS[count[1].casefold()]}{words[count.end() :]}"
    return _ENDING.sub("", _ORDINAL.sub("", words))


def _parse(words: str, today: date) -> date | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, about dates without a year
        found = dateparser.parse(
            words,
            languages=["nl", "en"],
            settings={
                "DATE_ORDER": "DMY",
                "PREFER_DATES_FROM": "future",
                "RELATIVE_BASE": datetime.combine(today, time(12)),
                "STRICT_PARSING": False,
                "REQUIRE_PARTS": ["day"],
            },
        )
    return found.date() if found else None
