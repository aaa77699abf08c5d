"""A file with an organisation's skills, as lines and as problems. No database, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.content.wordforms import MOST_CHARACTERS, normal, tidy
from bot.roster import Problem, cells, reading
from bot.roster.columns import fold
from bot.roster.reading import DELIMITERS, NotReadable, Record

# The first name of each is what the documentation calls it. The last two are ESCO's, whose files
# are in one language each.
NAMES: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "sleutel", "id", "code", "concept uri", "uri"),
    "en": ("English", "Engels", "en", "English name", "Engelse naam"),
    "nl": ("Dutch", "Nederlands", "nl", "Dutch name", "Nederlandse naam"),
    "abbreviations": ("abbreviations", "afkortingen", "abbreviation", "afkorting"),
    "preferred": ("preferred label", "voorkeurslabel", "voorkeursterm"),
    "others": ("alt labels", "alternatieve labels", "alternative labels", "synoniemen", "synonyms"),
}
LANGUAGES = ("en", "nl")
_FIELDS = {fold(name): field for field, names in NAMES.items() for name in names}
_BETWEEN = re.compile(r"[|\n\r]+")
_IN_A_NAME = re.compile(r"[_.-](en|nl)(?=[_.-]|$)", re.IGNORECASE)  # skills_nl.csv


@dataclass(frozen=True)
class Line:
    """One skill. A language that the file does not have is not among the labels."""

    line: int
    key: str  # "" when the file gives none
    labels: Mapping[str, tuple[str, ...]]
    abbreviations: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the skill is called first, in each language."""
        return tuple(words[0] for words in self.labels.values() if words)


@dataclass(frozen=True)
class Vocabulary:
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    records: int
    encoding: str
    delimiter: str


@dataclass
class _Reader:
    """One file with its columns."""

    at: Mapping[str, int]
    width: int
    language: str
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def line(self, record: Record) -> Line | None:
        if record.cells is None:
            return self._refuse(record, "a quotation mark opens here, and none closes it")
        if any(cell.strip() for cell in record.cells[self.width :]):
            return self._refuse(record, "there are more cells than columns")
        labels = {name: self._words(record, name) for name in LANGUAGES if name in self.at}
        if "preferred" in self.at:
            more = (*self._words(record, "preferred"), *self._words(record, "others"))
            known = labels.get(self.language, ())
            labels[self.language] = tuple(dict.fromkeys((*known, *more)))
        if not any(labels.values()):
            return self._refuse(record, "there is no name for a skill")
        key = _key(self._cell(record, "key"))
        if key and self.seen.setdefault(key, record.line) != record.line:
            return self._refuse(record, f"line {self.seen[key]} has this key too", key)
        short = self._words(record, "abbreviations") if "abbreviations" in self.at else None
        return Line(record.line, key, labels, short)

    def _refuse(self, record: Record, reason: str, value: str = "") -> Line | None:
        """Nothing of this line is taken over, and why."""
        self.problems.append(Problem(record.line, "", cells.safe(value), reason))
        return None

    def _cell(self, record: Record, name: str) -> str:
        place = self.at.get(name)
        found = record.cells or ()
        return found[place] if place is not None and place < len(found) else ""

    def _words(self, record: Record, name: str) -> tuple[str, ...]:
        """The words in a cell, each once; one that is too long to be a skill is told."""
        found: dict[str, str] = {}
        for part in _BETWEEN.split(self._cell(record, name)):
            if len(part.strip()) > MOST_CHARACTERS:
                reason = f"longer than {MOST_CHARACTERS} characters, and left out"
                shown = cells.safe(part.strip())
                self.problems.append(Problem(record.line, NAMES[name][0], shown, reason))
            elif tidy(part):
                found.setdefault(normal(part) or tidy(part), tidy(part))
        return tuple(found.values())


def parse(
    data: bytes, *, encoding: str | None = None, language: str = "", name: str = ""
) -> Vocabulary:
    """Read a CSV file in whatever dialect; NotReadable when it has no skills in it."""
    text, found_encoding = reading.decode(data, encoding)
    delimiter, skip = _delimiter(text)
    rows = reading.records(text, delimiter, skip)
    header = next(rows, None)
    if header is None:
        raise NotReadable("The file is empty.")
    at = _columns(header.cells or ())
    reader = _Reader(at, len(header.cells or ()), _language(at, language, name, header))
    found, records = [], 0
    for record in rows:
        records += 1
        line = reader.line(record)
        if line is not None:
            found.append(line)
    shown = DELIMITERS.get(delimiter, delimiter)
    return Vocabulary(tuple(found), tuple(reader.problems), records, found_encoding, shown)


def _columns(headers: Sequence[str]) -> dict[str, int]:
    """Where each field stands. Of two columns that say the same, the first counts."""
    at: dict[str, int] = {}
    for place, header in enumerate(headers):
        name = _FIELDS.get(fold(header))
        if name:
            at.setdefault(name, place)
    return at


def _delimiter(text: str) -> tuple[str, int]:
    """The sign under which the header has most columns that we know, and where the header is. A pipe
    stands between labels, so it comes last."""
    announced = reading.separator(text)
    if announced:
        return announced, 1

    def known(delimiter: str) -> tuple[int, bool]:
        header = next(reading.records(text, delimiter), None)
        return len(_columns(header.cells or ())) if header else 0, delimiter != "|"

    return max(DELIMITERS, key=known), 0


def _language(at: Mapping[str, int], language: str, name: str, header: Record) -> str:
    """The language of ESCO's columns: as told, else as the name of the file says."""
    if "preferred" not in at:
        if "en" in at or "nl" in at:
            return ""
        shown = cells.safe(" ".join(header.cells or ()).strip(), 60)
        raise NotReadable(
            f"Line {header.line} should name the columns: English, Dutch or both, or preferredLabel. "
            f"It says: {shown or 'nothing that can be read'}."
        )
    found = language or next((m.group(1).lower() for m in _IN_A_NAME.finditer(name)), "")
    if found not in LANGUAGES:
        raise NotReadable("In which language are these labels? Add --language nl or --language en.")
    return found


def _key(cell: str) -> str:
    """The key in a cell; of an address only its last part."""
    words = cell.strip().rstrip("/").rpartition("/")[2]
    return "-".join(normal(words).split())[:80]
