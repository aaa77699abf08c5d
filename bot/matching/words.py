"""Free text in Dutch or English, brought back to the words that carry meaning."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

import snowballstemmer

ACCENTS = re.compile(r"[\u0300-\u036f]+")
TOKEN = re.compile(r"[^\W_]+(?:\+\+|#)?")
APART = "".join(letter if letter.isalnum() else " " for letter in map(chr, range(128)))

SHORT = 40

# Function words of both languages, and what everybody writes in a mentoring form.
STOP_WORDS = frozenset(
    """
    aan aangaande aantal acht af al alle alleen alles als altijd ander andere anderen ben bent beter
    betere bij bijvoorbeeld binnen daar daarbij daarna dag dagen dan dat de deze die dit doe doen
    door doorgroeien drie dus een eerste eersten eigen elk elke en er erg ervaring ervaringen etc
    even ga gaan gaat geef geeft geen geven goed goede graag groeien haar had heb hebben heeft heel
    help helpen het hier hij hoe hun ik in is ja jaar jaren je jij jou jouw jullie kan kennis kijken
    komen krijgen kun kunnen laatste leer leren maand maanden maar maken me mee meer meest men
    mensen met mezelf mij mijn misschien moet moeten mogen na naar nee negen niet nieuw nieuwe nog
    nu of om omdat ons onze ook op over per rond samen sommige soms steeds te tegen tien tijdens
    toch toe tot tussen twee u uit uw vaak van vanuit veel verder verschillende vier vijf voor
    vooral waar waarbij wanneer want wat we week weken wel welke werd werk werken wie wij wil willen
    worden wordt zal ze zelf zes zeven zich zien zij zijn zo zoals zonder zou zowel a about after
    again all also am an and any are around as at be because become been being better between both
    but by can could did do does doing down each eight etc experience experienced few first five for
    four from further get give go good grow growing had has have having he help helping her here him
    his how i if in into is it its itself just know knowledge last learn learning like lot love make
    many me mentee mentees mentor mentoring mentors more most much my myself need new nine no nor
    not now of off on once one only or other our out over own people really same see seven she
    should six skill skills so some someone such take teach ten than that the their them then there
    these they thing things this those three through to too two under understand until up us use
    using very want was way we well were what when where which while who whom why will with within
    work working would year years you your
    """.split()  # noqa: SIM905 (a list of words reads best as text)
)


def plain(text: str) -> str:
    """The text without accents, in lower case."""
    if text.isascii():
        return text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def words(text: str) -> tuple[str, ...]:
    """The meaningful words of a text, in their order, without accents and in lower case."""
    return _known(text) if len(text) <= SHORT else _found(text)


def _found(text: str) -> tuple[str, ...]:
    return tuple(filter(_has_meaning, tokens(plain(text))))


def tokens(text: str) -> list[str]:
    """All words of a plain text: «c++» and «c#» are words, and few texts have those or odd letters."""
    if text.isascii() and "+" not in text and "#" not in text:
        return text.translate(APART).split()
    return TOKEN.findall(text)


def _has_meaning(word: str) -> bool:
    return len(word) > 1 and word not in STOP_WORDS


# Names of skills and functions come again and again. What people write at length is not kept.
_known = lru_cache(maxsize=50_000)(_found)


@lru_cache(maxsize=50_000)
def stems(word: str) -> frozenset[str]:
    """A word's Dutch and its English stem, each marked, so that no language need be guessed.

    Two forms that only one language knows as the same word count half. Source: the Snowball
    algorithms (snowballstem.org). A stemmer keeps state while it works, so no two threads may share
    one.
    """
    dutch, english = snowballstemmer.stemmer("dutch"), snowballstemmer.stemmer("english")
    return frozenset({f"nl:{dutch.stemWord(word)}", f"en:{english.stemWord(word)}"})


def meaning(*texts: str) -> frozenset[str]:
    """The stems of all meaningful words in some texts."""
    found = tokens(plain(" ".join(texts)))
    return frozenset(chain.from_iterable(map(_meant, found)))


@lru_cache(maxsize=50_000)
def _meant(word: str) -> frozenset[str]:
    return stems(word) if _has_meaning(word) else frozenset()
