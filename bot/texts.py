"""Every word the bot says: English in the code, Dutch in `bot/locales`, plurals and dates by CLDR."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from bot.core.markup import escape

SOURCE = "en"
LOCALES = Path(__file__).parent / "locales"
LANGUAGES = (SOURCE, *sorted(path.name for path in LOCALES.iterdir() if path.is_dir()))
# Written out where a plain "en" would give American dates.
_CLDR = {"en": "en_GB", "nl": "nl"}
_MOMENT = {"en": "EEEE d MMMM HH:mm", "nl": "EEEE d MMMM 'om' HH:mm"}

Wording = Mapping[str, str]


def mark(text: str) -> str:
    """An English source sentence that is translated where it is shown."""
    return text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    path = LOCALES / language / "LC_MESSAGES" / "koppel.po"
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Translator:
    """Speaks one language. What it returns is mark-up; the values put in are escaped."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else SOURCE
        self._catalogue = _catalogue(self.language)
        self._cldr = _CLDR[self.language]

    def __call__(self, source: str, **values: object) -> str:
        return _fill(self._catalogue.gettext(source), values)

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """`n` chooses the form and fills {n}."""
        return _fill(self._catalogue.ngettext(one, many, n), {"n": n, **values})

    def of(self, wording: Wording) -> str:
        """The words of content in this language, else in English."""
        return wording.get(self.language) or wording[SOURCE]

    def day(self, day: date, *, weekday: bool = True) -> str:
        return format_date(day, "EEEE d MMMM" if weekday else "d MMMM y", locale=self._cldr)

    def weekday(self, number: int) -> str:
        """«Mon»; 1 is Monday."""
        return format_date(date(2024, 1, number), "EEEEEE", locale=self._cldr)

    def short_day(self, day: date) -> str:
        return format_date(day, "d MMM", locale=self._cldr)

    def moment(self, instant: datetime, zone: str) -> str:
        local = instant.astimezone(ZoneInfo(zone))
        return format_datetime(local, _MOMENT[self.language], locale=self._cldr)

    def clock(self, instant: datetime, zone: str) -> str:
        return format_time(instant.astimezone(ZoneInfo(zone)), "HH:mm", locale=self._cldr)

    def span(self, days: int) -> str:
        return format_timedelta(days * 86_400, granularity="day", threshold=9, locale=self._cldr)

    def number(self, value: float, decimals: int = 1) -> str:
        return format_decimal(round(value, decimals), locale=self._cldr)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self._cldr)

    def list(self, items: Iterable[str]) -> str:
        """«a, b and c»; the items are mark-up already."""
        return format_list(list(items), locale=self._cldr)


def _fill(words: str, values: Mapping[str, object]) -> str:
    if not values:
        return words
    return words.format(**{name: escape(str(value)) for name, value in values.items()})


@cache
def translator(language: str) -> Translator:
    return Translator(language)
