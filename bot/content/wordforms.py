"""The forms in which people's words are compared: tidy, plain, squashed, stemmed, nearly the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import OSA, Prefix

MOST_CHARACTERS = 80  # of one skill; the rest is cut off
_SHORTEST_WITH_A_SLIP = 5
_LONG_WORD = 10  # from so many letters on, two slips still leave one word to be meant

_ASIDE = re.compile(r"\([^()]*\)")
_NOISE_BEFORE = re.compile(
    r"^(?:(?:ik wil|i want to|beter|better|at|goed|good|leren|learn|how to|to|meer|more|mijn|my|"
    r"improve|improving|verbeteren|worden|get|in|ervaring (?:met|in)|experience (?:with|in)|"
    r"kennis van|knowledge of|basis|basic|gevorderde?|advanced|werken met|working with) )+"
)
_NOISE_AFTER = re.compile(
    r"(?: (?:skills?|vaardigheden|vaardigheid|basis|basics?|gevorderd|advanced|leren|verbeteren))+$"
)


def normal(words: str) -> str:
    """The form in which words are compared: no accents, capitals, hyphens or odd spaces."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"[^\w+#.&/' ]|_", " ", plain.replace("\u2019", "'"))
    plain = re.sub(r"\.(?=\s|$)|(?<=\w)\.(?=\w\b)", "", plain)  # «H.R.» is hr, «.net» stays
    return " ".join(plain.split())


def compared(words: str) -> str:
    """The form in which whole words are decided on: plain, or as it is where nothing plain is left."""
    return normal(words) or tidy(words.casefold())


def tidy(words: str) -> str:
    """What somebody typed, on one line, cut, without characters that nobody can see."""
    seen = (" " if c.isspace() else c for c in words[: 4 * MOST_CHARACTERS])
    shown = (c for c in seen if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    line = " ".join(unicodedata.normalize("NFC", "".join(shown)).split())
    return (
        line[:MOST_CHARACTERS].strip(" ,;:!?\"'\u2018\u2019\u201c\u201d").rstrip(" .")
    )  # C#, C++ and .NET stay


def forms(tidied: str) -> tuple[str, ...]:
    """The words as they stand, then without an aside, then without «kennis van» and its like."""
    whole = normal(tidied)
    bare = normal(_ASIDE.sub(" ", tidied))
    core = _NOISE_AFTER.sub("", _NOISE_BEFORE.sub("", bare))
    return tuple(dict.fromkeys(form for form in (whole, bare, core) if form))


def squash(form: str) -> str:
    return form.replace(" ", "").replace("/", "")


def stem(form: str) -> str:
    return " ".join(map(_stem_of_word, form.split()))


@lru_cache(maxsize=32_768)
def _stem_of_word(word: str) -> str:
    """New stemmers each time: they keep the word in themselves, so threads cannot share one."""
    dutch: str = snowballstemmer.stemmer("dutch").stemWord(word)
    stem: str = snowballstemmer.stemmer("english").stemWord(dutch)
    return stem


def is_kin(form: str, label: str) -> bool:
    """Whether two forms with one stem begin alike for long enough to be about one thing: a stemmer
    takes so much away that «veilingen» and «veilig» look the same to it."""
    one, other = form.split(), label.split()
    return len(one) == len(other) and all(map(_is_kin_of_word, one, other))


def _is_kin_of_word(one: str, other: str) -> bool:
    shared = Prefix.similarity(one, other)
    return one == other or shared >= max(4, 0.6 * max(len(one), len(other)))


def is_slip(form: str, label: str) -> bool:
    """Whether a person who meant the label may have typed the form: word by word, as many words,
    short words right; one slip in a word, two in a long one, seldom in its first letter."""
    typed, meant = form.split(), label.split()
    return len(typed) == len(meant) and all(map(_is_slip_of_word, typed, meant))


def _is_slip_of_word(typed: str, meant: str) -> bool:
    if typed == meant:
        return True
    shorter = min(len(typed), len(meant))
    edits = OSA.distance(typed, meant)
    same_start = typed[0] == meant[0] or typed[:2] == meant[1::-1] or typed == meant[1:]
    if shorter >= _LONG_WORD:
        return edits == 1 or (edits == 2 and same_start)
    return shorter >= _SHORTEST_WITH_A_SLIP and edits == 1 and same_start
