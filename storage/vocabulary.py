"""An organisation's skills, brought up to date from a file, and written to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from bot.content import skills as content
from bot.content.extending import extended
from bot.content.skills import Concept, Lexicon
from bot.content.wordforms import compared, normal
from bot.roster import Problem
from bot.roster.vocabulary import Line
from storage import skills
from storage.exporting import Table
from storage.models import OrganisationSkill

HEADER = ("key", "English", "Dutch", "abbreviations")


@dataclass
class Outcome:
    """What became of the lines."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def bring_up_to_date(session: Session, organisation_id: int, lines: Sequence[Line]) -> Outcome:
    """Add or change these skills, and leave all others as they are. A language that a line has is
    from now on as the line says; the same lines again change nothing."""
    skills.hold(session, organisation_id)
    taking = _Taking(session, organisation_id, lines)
    for line in lines:
        taking.take(line)
    taking.write()
    return taking.outcome


class _Taking:
    """One file on its way in: which skill each line is, and whose each word is by now."""

    def __init__(self, session: Session, organisation_id: int, lines: Sequence[Line]) -> None:
        self.session, self.organisation_id = session, organisation_id
        self.rows = skills.own(session, organisation_id)
        self.words = skills.decisions(session, organisation_id)
        self.outcome = Outcome()
        named = {self._known_key(line) for line in lines}
        others = [_concept(row) for key, row in self.rows.items() if key not in named]
        meanings = {word: key for word, key in self.words.items() if key}
        self.base: Lexicon = extended(content.standard(), others, meanings)
        self.owner: dict[str, str] = {}  # of the words in this file
        self.now: dict[str, tuple[dict[str, list[str]], list[str]]] = {}

    def _known_key(self, line: Line) -> str:
        """The key of a line, or what an earlier file with this key turned out to be about."""
        key = line.key or "-".join(normal(line.names[0]).split())[:80]
        return self.words.get(compared(key), "") or key

    def take(self, line: Line) -> None:
        key = self._target(line)
        new = key not in self.rows and key not in self.now
        ours = sum(one not in self.rows for one in self.now) + len(self.rows)
        if new and ours >= skills.MOST_OWN:
            self._tell(line, line.names[0], f"there is room for {skills.MOST_OWN} skills")
            return
        labels = {language: self._free(line, words, key) for language, words in line.labels.items()}
        short = None if line.abbreviations is None else self._free(line, line.abbreviations, key)
        if new and not any(labels.values()):
            return
        row = self.rows.get(key)
        if key not in self.now:
            self.now[key] = (dict(row.labels), list(row.abbreviations)) if row else ({}, [])
            known: dict[str, list[str]] = {}
        else:
            known = self.now[key][0]
        before = self.now[key]
        merged = before[0] | {
            language: list(dict.fromkeys([*known.get(language, ()), *words]))
            for language, words in labels.items()
        }
        self.now[key] = (merged, before[1] if short is None else short)

    def _target(self, line: Line) -> str:
        """The skill a line is about: by its key, else by what it is called, else a new one."""
        key = self._known_key(line)
        if key in self.rows or key in self.now or key in self.base.concepts:
            return key
        found = self._means(line.names[0])
        if not found:
            return key
        if line.key:  # the same key in a file of another language is about the same skill
            skills.decide(self.session, self.organisation_id, line.key, found)
            self.words[compared(line.key)] = found
        return found

    def _means(self, word: str) -> str:
        return self.owner.get(compared(word), "") or self.base.means(word)

    def _free(self, line: Line, words: Sequence[str], key: str) -> list[str]:
        """The words that mean nothing else yet; the others are told."""
        free = []
        for word in words:
            means = self._means(word)
            if means in ("", key):
                self.owner[compared(word)] = key
                free.append(word)
            else:
                concept = self.base.concepts.get(means)
                label = concept.all_labels()[0] if concept else means
                self._tell(line, word, f"already a word for “{label}”, and left out")
        return free

    def _tell(self, line: Line, word: str, reason: str) -> None:
        self.outcome.problems.append(Problem(line.line, "", word, reason))

    def write(self) -> None:
        for key, (labels, short) in self.now.items():
            row = self.rows.get(key)
            if row is None:
                skills.add(self.session, self.organisation_id, key, labels, short)
                self.outcome.added += 1
            elif (row.labels, row.abbreviations) != (labels, short):
                row.labels, row.abbreviations = labels, short
                self.outcome.changed += 1
            else:
                self.outcome.unchanged += 1
        skills.changed(self.session)


def _concept(row: OrganisationSkill) -> Concept:
    labels = {language: tuple(words) for language, words in row.labels.items()}
    return Concept(row.key, skills.GROUP, labels, tuple(row.abbreviations))


def table(session: Session, organisation_id: int) -> Table:
    """The organisation's own skills, as an import takes them."""
    rows = skills.own(session, organisation_id).values()
    return Table(
        "skills",
        HEADER,
        [
            (
                row.key,
                "|".join(row.labels.get("en", ())),
                "|".join(row.labels.get("nl", ())),
                "|".join(row.abbreviations),
            )
            for row in rows
        ],
    )
