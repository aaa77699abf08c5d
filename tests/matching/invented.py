"""An invented company of mentors and mentees who answer the intake; nobody real is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from bot.matching import Profile

TRADES = {
    "finance": "accounting auditing budgets excel tax forecasting invoicing treasury",
    "technology": "python databases cloud security networks testing architecture statistics",
    "people": "coaching recruitment conflict feedback absence onboarding training listening",
    "commerce": "sales negotiation marketing pricing branding customers tenders copywriting",
    "projects": "planning stakeholders scrum risk procurement logistics reporting lean",
    "leadership": "delegating presenting strategy vision change delegation decisions influence",
}
SKILLS = {trade: tuple(names.split()) for trade, names in TRADES.items()}
GOALS = (
    "Ik wil sterker worden in {0} en meer zelfvertrouwen krijgen bij {1}.",
    "Over een half jaar wil ik een project over {0} kunnen leiden, met hulp bij {1}.",
    "By the end I want to lead a project about {0} and feel at ease with {1}.",
    "I want to find out whether a career in {0} suits me, and practise {1}.",
)
OFFERS = (
    "Ik heb jaren een team geleid en projecten gedaan rond {0}, en ken de valkuilen van {1}.",
    "Vijftien jaar praktijk in {0}; ik denk graag mee over {1} en loopbaan.",
    "I have led teams through {0} and made every mistake in {1} once.",
    "Twenty years of practice in {0}; happy to talk about {1} and careers.",
)
INTERESTS = (
    "walking cycling running team_sports music reading film art cooking gardening travel games"
)
AMBITIONS = "find_my_feet expert lead step_up change visible network confidence innovate impact"
WORK = (
    "plans improvises thinks_aloud thinks_first big_picture details together alone direct tactful"
)
VALUES = "honesty freedom security growth craft helping fairness results creativity teamwork fun"
QUALITIES = "listens asks honest patient practical structure enthusiastic talent network calm"
STYLES = "adviser protector coach connector challenger clarifier sponsor affirmer"
LEARNING = ("doing", "example", "talking", "reading", "feedback")
PLACES = (("Utrecht", "NL"), ("Zwolle", "NL"), ("Utrecht", "NL"), ("Gent", "BE"), ("", "NL"))
RHYTHMS = ("every_two_weeks", "monthly", "every_two_weeks", "weekly", "every_three_weeks", "")
OFFSETS = (-1, -1, -1, -1, -1, 0, 0, -5, 5, -9)  # hours from local time to UTC


def company(mentees: int, mentors: int, seed: int = 1, silent: float = 0.25) -> list[Profile]:
    """Mentors with ids 1 …, then mentees; `silent` is the share of offered questions skipped."""
    random = np.random.default_rng(seed)
    return [
        _person(random, number, number <= mentors, silent, mentors + mentees)
        for number in range(1, mentors + mentees + 1)
    ]


def equals(count: int, seed: int) -> list[Profile]:
    """So many who can all sit with each other, for circles."""
    both_ways = zip(
        company(count, count, seed)[:count], company(count, count, seed)[count:], strict=True
    )
    return [
        replace(a, mentee=True, manager=None, languages=frozenset(), skills_wanted=b.skills_wanted)
        for a, b in both_ways
    ]


def _person(
    random: np.random.Generator, number: int, mentor: bool, silent: float, everybody: int
) -> Profile:
    trade = str(random.choice(list(SKILLS)))
    wanted = _skills(random, trade, 2, 5)
    offered = _skills(random, trade, 3, 8)
    about = tuple(random.choice(sorted(offered if mentor else wanted), 2))

    def some(words: str, most: int) -> frozenset[str]:
        return frozenset() if random.random() < silent else _few(random, words.split(), 1, most)

    return Profile(
        id=number,
        person=number + 10_000,
        mentor=mentor,
        mentee=not mentor,
        capacity=int(random.choice([1, 2, 3, 4], p=[0.35, 0.35, 0.2, 0.1])),
        manager=int(random.integers(1, everybody + 1)) + 10_000,
        team=f"{trade} {random.integers(1, 2 + everybody // 60)}",
        department=trade,
        location=PLACES[number % len(PLACES)][0],
        country=PLACES[number % len(PLACES)][1],
        rhythm=RHYTHMS[number % len(RHYTHMS)],
        languages=frozenset({"nl", "en"}) if random.random() < 0.7 else frozenset({"en"}),
        skills_offered=offered if mentor else frozenset(),
        skills_wanted=frozenset() if mentor else wanted,
        offer=str(random.choice(OFFERS)).format(*about) if mentor else "",
        goal="" if mentor else str(random.choice(GOALS)).format(*about),
        interests=some(INTERESTS, 6),
        ambitions=some(AMBITIONS, 3),
        work_style=some(WORK, 5),
        communication=some("video in_person phone chat walking", 3),
        values=some(VALUES, 3),
        qualities=some(QUALITIES, 4) if mentor else frozenset(),
        styles_offered=some(STYLES, 3) if mentor else frozenset(),
        styles_wanted=frozenset() if mentor else some(STYLES, 3),
        learning_style="" if mentor or random.random() < silent else str(random.choice(LEARNING)),
        function=f"{random.choice(['senior', 'junior', 'lead'])} {trade}",
        sector="" if random.random() < silent else trade,
        seniority=None
        if random.random() < silent
        else int(random.integers(2, 6) if mentor else random.integers(0, 4)),
        hours=_office_hours(int(random.choice(OFFSETS))),
    )


def _skills(random: np.random.Generator, trade: str, fewest: int, most: int) -> frozenset[str]:
    everything = [skill for names in SKILLS.values() for skill in names]
    own, other = list(SKILLS[trade]), everything
    count = int(random.integers(fewest, most + 1))
    return frozenset(
        str(random.choice(own if random.random() < 0.65 else other)) for _ in range(count)
    )


def _few(
    random: np.random.Generator, words: Sequence[str], fewest: int, most: int
) -> frozenset[str]:
    count = int(random.integers(fewest, most + 1))
    return frozenset(map(str, random.choice(list(words), count, replace=False)))


@lru_cache
def _office_hours(offset: int) -> frozenset[int]:
    """Nine to five from Monday to Friday, in half-hour slots of the week in UTC."""
    slots = (day * 48 + slot + 2 * offset for day in range(5) for slot in range(18, 34))
    return frozenset(slot % 336 for slot in slots)
