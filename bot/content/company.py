"""An invented company, Waterkant, for the simulated workspace: its cast of forty, crowds as large
as you like, and what each of them would answer. No real person is meant.

`company.csv` is the cast, `faces.toml` what they look like, `phrases.toml` what people type.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bot.content import skills, standard
from bot.content.crowd import Colleague, crowd, hours, parts
from bot.core.messages import Kind
from bot.core.questions import Question, applicable, is_required

__all__ = ["Colleague", "crowd", "looks", "people", "phrases", "plausible_answers"]

FOLDER = Path(__file__).parent
JOIN = ", "  # between the values of an answer that has several
_EARLY = re.compile(r"\b(?:junior|trainee|graduate|stagiair)", re.IGNORECASE)
_LATE = re.compile(
    r"\b(?:senior|lead|head|hoofd|teamleider|ploegleider|managing|algemeen)\b", re.IGNORECASE
)
# By seniority, band 0 to 5: how many in a hundred are mentee, mentor, both.
_ROLES = ((95, 1, 4), (84, 6, 10), (57, 22, 21), (28, 51, 21), (8, 76, 16), (4, 86, 10))
_GENERAL = ("leadership", "collaboration", "personal")


@cache
def people(path: Path = FOLDER / "company.csv") -> tuple[Colleague, ...]:
    """The cast of forty, managers before their reports."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(map(_colleague, csv.DictReader(file)))


@cache
def looks() -> dict[str, str]:
    """What the cast looks like when somebody draws them, by user."""
    return dict(tomllib.loads((FOLDER / "faces.toml").read_text(encoding="utf-8")))


def _colleague(row: dict[str, str]) -> Colleague:
    start, end = hours(row.pop("hours"))
    languages, days = tuple(row.pop("languages").split(";")), _days(row.pop("working_days"))
    return Colleague(**row, languages=languages, working_days=days, start=start, end=end)


def _days(text: str) -> tuple[int, ...]:
    """«1-5» or «1,2,4» as weekdays."""
    first, dash, last = text.partition("-")
    return tuple(range(int(first), int(last) + 1) if dash else map(int, text.split(",")))


def plausible_answers(person: Colleague, rng: Random, others: Sequence[str] = ()) -> dict[str, str]:
    """What this person might answer at intake: every required question, and most of the rest.

    A choice is its raw value, several choices are values with JOIN between them; the rest is in the
    words that somebody of this locale would type. `others` are names to rather avoid.
    """
    speaker = _Speaker(person, rng, others)
    answers: dict[str, tuple[str, ...]] = {}
    for question in standard().intake:
        if question in applicable((question,), answers):
            needed = is_required(question, answers)
            if needed or rng.random() < speaker.talkative:
                said = speaker.answer(question)
                answers |= {question.key: said} if said else {}
    return {key: JOIN.join(said) for key, said in answers.items()}


class _Speaker:
    """One person while answering: what they said before colours what comes after."""

    def __init__(self, person: Colleague, rng: Random, others: Sequence[str]) -> None:
        self.person = person
        self.rng = rng
        self.others = others
        self.talkative = rng.choice((0.2, 0.6, 0.9))
        self.seniority = _seniority(person, rng)
        self.named = ""  # a skill they named
        self._ways: dict[str, Callable[[Question], tuple[str, ...]]] = {
            "role": self._role,
            "skills_offered": lambda _: self._skills(own=0.75),
            "skills_wanted": lambda _: self._skills(own=0.4),
            "goal": lambda _: self._says("goals"),
            "offer": lambda _: self._says("offers"),
            "languages": self._languages,
            "rhythm": lambda q: self._weighed(q, (10, 50, 25, 15)),
            "experience": lambda _: (str(self.seniority),),
            "function": lambda _: (person.function,),
            "sector": self._sector,
            "motivation": lambda _: self._says("motivations"),
            "work_style": self._one_of_each_pair,
            "limits": lambda _: self._says("limits"),
            "avoid": lambda _: self._avoided(),
            "consent": lambda _: ("yes",),  # who says no is not in the crowd
        }

    def answer(self, question: Question) -> tuple[str, ...]:
        """Values for a choice, words for a text; () when they have nothing to say."""
        way = self._ways.get(question.key)
        if way:
            return way(question)
        match question.kind:
            case Kind.CHOICE:
                return (self.rng.choice(question.choices).value,)
            case Kind.CHOICES:
                many = self.rng.randint(1, min(4, question.max_chosen))
                return tuple(c.value for c in self.rng.sample(question.choices, many))
            case Kind.NUMBER:
                most = min(question.maximum, question.minimum + self.rng.choice((0, 0, 1, 3)))
                return (str(self.rng.randint(question.minimum, most)),)
            case _:
                return ()

    def _role(self, question: Question) -> tuple[str, ...]:
        mentee, mentor, both = _ROLES[self.seniority]
        shares = {"mentee": mentee, "mentor": mentor, "both": both}
        return self._weighed(question, [shares[choice.value] for choice in question.choices])

    def _weighed(self, question: Question, shares: Sequence[int]) -> tuple[str, ...]:
        values = [choice.value for choice in question.choices]
        return (self.rng.choices(values, shares)[0],)

    def _languages(self, question: Question) -> tuple[str, ...]:
        known = tuple(one for one in self.person.languages if question.label_of(one))
        return known or (self.person.locale,)

    def _sector(self, question: Question) -> tuple[str, ...]:
        """Mostly that of the department: some came from elsewhere."""
        home = _department(self.person.department).get("sector", "other")
        return (home if self.rng.random() < 0.7 else self.rng.choice(question.choices).value,)

    def _one_of_each_pair(self, question: Question) -> tuple[str, ...]:
        values = [choice.value for choice in question.choices]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        chosen = [self.rng.choice(pair) for pair in pairs if self.rng.random() < 0.6]
        return tuple(chosen) or (self.rng.choice(values),)

    def _avoided(self) -> tuple[str, ...]:
        if not self.others or self.rng.random() > 0.1:
            return ()
        name = self.rng.choice(self.others)
        return (name,) if name != self.person.name else ()

    def _skills(self, own: float) -> tuple[str, ...]:
        """Two to five, `own` of them from the trade of the department; typed as a list."""
        lexicon = skills.standard()
        trades = _department(self.person.department).get("skills", _GENERAL)
        words: dict[str, None] = {}
        for _ in range(self.rng.randint(2, 5)):
            groups = trades if self.rng.random() < own else _GENERAL
            group = lexicon.group(self.rng.choice(groups))  # the most general first
            common = min(int(self.rng.expovariate(1 / 4)), len(group) - 1)
            words.setdefault(self._word(group[common]))
        if self.rng.random() < 0.04:
            words.setdefault(self._phrase("skills"))
        self.named = next(iter(words))
        *most, last = (self._slip(word) for word in words)
        if most and self.rng.random() < 0.15:
            last = f"{most.pop()} {'en' if self.person.locale == 'nl' else 'and'} {last}"
        return (*most, last)

    def _word(self, concept: skills.Concept) -> str:
        """Usually the first label in their language, now and then another or a foreign one."""
        locale = self.person.locale
        if self.rng.random() < 0.06:
            locale = "en" if locale == "nl" else "nl"
        labels = concept.labels[locale]
        return labels[0] if self.rng.random() < 0.7 else self.rng.choice(labels)

    def _says(self, subject: str) -> tuple[str, ...]:
        text = self._phrase(subject)
        if "{skill}" in text:
            text = text.replace("{skill}", self.named)
        hasty = self.rng.random() < 0.15
        return (self._slip(text[0].lower() + text[1:].rstrip(".")) if hasty else text,)

    def _phrase(self, subject: str) -> str:
        phrase: str = self.rng.choice(phrases()[subject])[self.person.locale]
        return phrase

    def _slip(self, words: str) -> str:
        """One person in twenty hits a wrong key."""
        letters = [at for at in range(1, len(words) - 1) if words[at : at + 2].isalpha()]
        if len(words) < 6 or not letters or self.rng.random() > 0.05:
            return words
        at = self.rng.choice(letters)
        return words[:at] + self.rng.choice(("", words[at] * 2, words[at + 1])) + words[at + 1 :]


def _seniority(person: Colleague, rng: Random) -> int:
    """The band of the question `experience`, as the job title suggests."""
    if _EARLY.search(person.function):
        return rng.choice((0, 0, 1))
    if _LATE.search(person.function):
        return rng.choice((3, 4, 4, 5))
    return rng.choices((1, 2, 3, 4, 5), (26, 34, 22, 12, 6))[0]


@cache
def _department(name: str) -> dict[str, Any]:
    return next((row for row in parts()["departments"] if row["name"] == name), {})


@cache
def phrases() -> dict[str, list[dict[str, str]]]:
    """What people type, by subject and language."""
    return tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))
